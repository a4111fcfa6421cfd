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

    @OptionGroup var flags: WorkerFlags

    func run() async throws {
        try await reportingFailures {
            try await application(flags.options).run()
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
