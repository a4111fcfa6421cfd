internal import Broker
internal import ConnectorKit
internal import Foundation
package import Kafka
internal import Logging

/// The embedded log inside this process: there in milliseconds, for tests that need a broker and do not kill it.
package struct InProcessBroker: Sendable {
    /// How clients reach it.
    package let client: ClientConfiguration

    /// Runs `body` with an empty broker on a free port and stops it, whatever becomes of `body`.
    package static func with<R: Sendable>(_ body: (InProcessBroker) async throws -> R) async throws -> R {
        try await run(as: nil, body)
    }

    /// Like ``with(_:)``, with a broker that has access rules: `client` is the user of that name, who may do everything if
    /// `isSuperUser`, and else what a rule says, which is nothing at first.
    package static func withAccessRules<R: Sendable>(
        as user: String,
        isSuperUser: Bool,
        _ body: (InProcessBroker) async throws -> R
    ) async throws -> R {
        try await run(as: (user, isSuperUser), body)
    }

    private static func run<R: Sendable>(
        as user: (name: String, isSuperUser: Bool)?,
        _ body: (InProcessBroker) async throws -> R
    ) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-broker-\(UUID().uuidString)")
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        var properties: [String: String] = [:]
        if let user {
            let superUsers: Set<String> = user.isSuperUser ? ["User:\(user.name)"] : []
            configuration.authorization = .init(superUsers: superUsers, allowsWithoutRule: false)
            configuration.sasl = .init(mechanisms: [.scramSHA512], users: [(user.name, SecretString("open sesame"))])
            properties = [
                "security.protocol": "sasl_plaintext", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": user.name,
                "sasl.password": "open sesame",
            ]
        }
        let broker = try await Broker.start(
            configuration,
            logger: Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() }
        )
        let result: Result<R, any Error>
        do {
            result = .success(
                try await body(
                    InProcessBroker(client: ClientConfiguration(brokers: [broker.bootstrap], properties: properties))
                )
            )
        } catch {
            result = .failure(error)
        }
        await broker.shutdown()
        try FileManager.default.removeItem(at: folder)
        return try result.get()
    }
}
