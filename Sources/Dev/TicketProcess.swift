internal import Demo
internal import Logging

/// The ticket system of the demo, with its outage.
package struct TicketProcess: Sendable {
    private let token: String

    /// - Parameter token: what callers must present.
    package init(token: String) {
        self.token = token
    }

    /// Serves on 127.0.0.1 until the process is told to end.
    package func run(port: Int) async throws {
        let server = TicketServer(token: token, script: .standard, logger: Logger(label: "tickets"))
        try await server.run(port: port)
    }
}
