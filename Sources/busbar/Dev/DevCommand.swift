import ArgumentParser
import Dev
import Foundation

/// `busbar dev`: everything on this machine, to try it or to prove it.
struct DevCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dev",
        abstract: "Runs connectors on a local broker, with a registry and a ticket system to deliver to.",
        discussion: """
            Example: busbar dev --once

            Starts a broker, the registry, a ticket system and a worker as processes on free ports of 127.0.0.1 and stays \
            up until Ctrl-C. With --once it sends a generated day of GitHub deliveries through the shipped connectors, prints \
            what became of every event, compares it with the truth, and ends; with --traffic it does so and stays up.

            Exit codes: 0 all balances, 1 it does not, or something did not start, 64 usage.
            """
    )

    @Flag(help: "Send the generated day, report, and end.")
    var once = false

    @Flag(help: "Send the generated day and report, and stay up.")
    var traffic = false

    @Option(help: "How many deliveries the day has; at least 100.")
    var count = 2_400

    @Flag(help: "Print one JSON object per connector instead of the table.")
    var json = false

    @Option(help: "Connector files, or folders of them.")
    var connectors = ["connectors"]

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Option(help: "Folder for logs, local state and the archive; made anew for each run.")
    var folder = ".busbar/dev"

    func validate() throws {
        guard !once || !traffic else { throw ValidationError("--once ends and --traffic stays up: choose one") }
        guard count >= 100 else { throw ValidationError("--count: a day has at least 100 deliveries, not \(count)") }
    }

    func run() async throws {
        let folder = URL(filePath: folder)
        if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
        let layout = DevStack.Layout(
            executable: try Executable.path(),
            connectors: connectors,
            schemas: schemas,
            count: count,
            folder: folder
        )
        let session = DevSession(layout)
        if once {
            let report = try await session.runOnce()
            print(json ? report.json : report.text)
            guard report.differences.isEmpty else { throw ExitCode.failure }
        } else if traffic {
            try await session.runAndStayUp(report: { print($0.text) }, say: { print("\n" + $0) })
        } else {
            try await session.stayUp { print($0) }
        }
    }
}

/// The path of this program.
enum Executable {
    static func path() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}
