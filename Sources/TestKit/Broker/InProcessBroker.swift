internal import Broker
internal import Foundation
package import Kafka
internal import Logging

/// The embedded log inside this process: there in milliseconds, for tests that need a broker and do not kill it.
package struct InProcessBroker: Sendable {
    /// How clients reach it.
    package let client: ClientConfiguration

    /// Runs `body` with an empty broker on a free port and stops it, whatever becomes of `body`.
    ///
    /// With `superUsers`, for example `User:ANONYMOUS`, it has access rules, which those principals need not heed; what no
    /// rule names is forbidden to the others.
    package static func with<R: Sendable>(
        superUsers: Set<String>? = nil,
        _ body: (InProcessBroker) async throws -> R
    ) async throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-broker-\(UUID().uuidString)")
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.authorization = superUsers.map { .init(superUsers: $0, allowsWithoutRule: false) }
        let broker = try await Broker.start(
            configuration,
            logger: Logger(label: "broker") { _ in SwiftLogNoOpLogHandler() }
        )
        let result: Result<R, any Error>
        do {
            result = .success(
                try await body(InProcessBroker(client: ClientConfiguration(brokers: [broker.bootstrap])))
            )
        } catch {
            result = .failure(error)
        }
        await broker.shutdown()
        try FileManager.default.removeItem(at: folder)
        return try result.get()
    }
}
