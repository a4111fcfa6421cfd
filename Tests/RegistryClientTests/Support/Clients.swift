import Foundation
import Log
import Logging
import Registry
import RegistryClient
import RegistryTesting
import Telemetry
import TestKit

extension RegistryClient {
    /// A client that waits for nothing between its rounds.
    convenience init(
        to urls: String...,
        rounds: Int = 3,
        timeout: Duration = .seconds(10),
        credentials: RegistryClientConfiguration.Credentials? = nil,
        tls: RegistryClientConfiguration.TLS = .init(),
        waits: Observed<[Duration]> = Observed([])
    ) throws {
        var configuration = try RegistryClientConfiguration(urls: urls, credentials: { credentials }, tls: tls)
        configuration.rounds = rounds
        configuration.timeout = timeout
        try self.init(configuration) { wait in waits.update { $0.append(wait) } }
    }
}

/// A schema with one property, as the registry writes it.
func schema(of property: String, type: String = "string") -> String {
    #"{"type":"object","properties":{"\#(property)":{"type":"\#(type)"}}}"#
}

/// A registry over records in memory.
func withRegistry<R: Sendable>(
    authentication: RegistryAuthentication = .none,
    _ body: @Sendable (InProcessRegistry) async throws -> R
) async throws -> R {
    try await InProcessRegistry.with(
        try await TopicStorage.open(InMemoryLog()),
        authentication: authentication,
        body
    )
}

/// A folder that goes away with the last reference.
final class ScratchFolder: Sendable {
    let path = FileManager.default.temporaryDirectory.appending(path: "busbar-client-\(UUID().uuidString)").path

    deinit {
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            // Nothing was kept.
        }
    }

    /// Every file below it.
    var files: [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".schema") }.map { path + "/" + $0 }
    }
}

extension ContractCache {
    /// A cache of its own for one test.
    convenience init(
        _ client: RegistryClient,
        in folder: ScratchFolder? = nil,
        limits: ContractCacheLimits = ContractCacheLimits(),
        metrics: MetricsRegistry = MetricsRegistry(),
        now: @escaping @Sendable () -> Duration = { .zero }
    ) throws {
        try self.init(
            client,
            directory: folder?.path,
            limits: limits,
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: now
        )
    }

    /// The text that a key stands for, without asking; nil when it is not known.
    func text(_ key: ContractKey) -> String? {
        if case .found(let known) = known(key) { known.schema.text } else { nil }
    }

    /// Why a key stands for nothing; nil when that is not known.
    func refusal(_ key: ContractKey) -> String? {
        if case .refused(let reason) = known(key) { reason } else { nil }
    }
}
