import ArgumentParser
import Dev
import Foundation

/// `busbar dev-tickets`: the ticket system of `busbar dev`, as a process of its own.
struct TicketsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev-tickets",
        abstract: "Serves the ticket system that `busbar dev` delivers to.",
        shouldDisplay: false
    )

    @Option(help: "Port of 127.0.0.1.")
    var port: Int

    @Option(help: "Deliveries in the day it is for.")
    var count = 2_400

    func run() async throws {
        let token = ProcessInfo.processInfo.environment["BUSBAR_SECRET_TICKETS_TOKEN"] ?? ""
        try await TicketProcess(token: token, count: count).run(port: port)
    }
}
