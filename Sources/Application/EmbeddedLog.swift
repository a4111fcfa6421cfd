internal import Broker
internal import ConnectorKit
internal import Foundation
internal import Logging
internal import Telemetry

/// The embedded log inside a worker's process: `brokers: embedded`.
struct EmbeddedLog {
    private let configuration: BrokerConfiguration
    private let registry: MetricsRegistry
    private let logger: Logger

    /// Reads the broker's own settings, if the worker's name a file of them.
    /// - Throws: ``WorkerApplication/ConfigurationFailure`` with every finding.
    init(
        _ settings: WorkerSettings,
        _ resolver: SecretResolver,
        _ registry: MetricsRegistry,
        _ logger: Logger
    ) throws {
        let file = settings.embeddedConfig
        let text = file.map { FileManager.default.contents(atPath: $0).map { String(decoding: $0, as: UTF8.self) } }
        if let file, text == .some(nil) {
            throw WorkerApplication.ConfigurationFailure(
                description: "\(file): the broker's settings file cannot be read"
            )
        }
        let loaded = BrokerConfiguration.load(
            text: (text ?? "") ?? "",
            file: file ?? "(no broker settings)",
            flags: .init(
                dataDirectory: URL(filePath: settings.state).appending(path: "broker").path,
                listen: settings.embedded.description
            ),
            resolver: resolver
        )
        guard var configuration = loaded.configuration else {
            throw WorkerApplication.ConfigurationFailure(
                description: loaded.diagnostics.map(\.rendered).joined(separator: "\n")
            )
        }
        configuration.groups.keepsMembers = false
        self.configuration = configuration
        self.registry = registry
        self.logger = logger
    }

    /// Serves while `body` runs, and stops in order afterwards, whatever became of it.
    /// - Throws: `BrokerError` when the broker cannot start; what `body` throws.
    func run(_ body: () async throws -> Void) async throws {
        logger.notice("\(Broker.banner)")
        let broker = try await Broker.start(configuration, logger: logger, metrics: registry)
        do {
            try await body()
        } catch {
            await broker.shutdown()
            throw error
        }
        await broker.shutdown()
    }
}
