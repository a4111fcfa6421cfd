internal import Application
internal import ArgumentParser
internal import Foundation

/// `busbar run`: a worker in the foreground.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs connectors in the foreground, as busbar-worker does.",
        discussion: """
            Example: busbar run --brokers 127.0.0.1:9092 connectors/github-events.yaml

            Ctrl-C drains within the deadline, commits, and exits 0; a second one ends at once. Health checks are at \
            /healthz, /readyz, /metrics and /connectors of the `http` address.

            Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: "Settings file; default busbar.yaml, if there is one.")
    var config: String?

    @Option(help: "Brokers, host:port, separated by commas.")
    var brokers: String?

    @Option(help: "Address of the health checks, host:port; port 0 takes a free one.")
    var http: String?

    @Option(help: "Folder of the local state.")
    var state: String?

    @Option(help: "Folder of the contracts.")
    var schemas: String?

    @Argument(help: ArgumentHelp("Connector files, or folders of them.", valueName: "path"))
    var connectors: [String]

    func run() async throws {
        try await reportingFailures {
            let flags = ["brokers": brokers, "http": http, "state": state, "schemas": schemas].compactMapValues { $0 }
            let options = WorkerApplication.Options(config: config, flags: flags, connectors: connectors)
            try await application(options).run()
        }
    }

    private func application(_ options: WorkerApplication.Options) throws -> WorkerApplication {
        do {
            return try WorkerApplication(options, environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandFailure(.configuration, "the worker cannot start\n\(error)")
        }
    }
}
