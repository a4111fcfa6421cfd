internal import Demo
internal import Logging

/// The ticket system of the demo, with its outage.
package struct TicketProcess: Sendable {
    private let token: String
    private let script: OutageScript

    /// - Parameters:
    ///   - token: what callers must present.
    ///   - count: of deliveries in the day that it is for; the outage is made to fit into it.
    package init(token: String, count: Int) {
        self.token = token
        script = OutageScript.fitting(requests: GitHubDay(secret: "", count: count).truth.ticketRequests)
    }

    /// Serves on 127.0.0.1 until the process is told to end.
    package func run(port: Int) async throws {
        let server = TicketServer(token: token, script: script, logger: Logger(label: "tickets"))
        try await server.run(port: port)
    }
}
