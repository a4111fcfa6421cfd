import Application
import ArgumentParser
import Foundation

/// `busbar-worker`: runs connectors until it is told to stop.
@main
struct BusbarWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar-worker",
        abstract: "Runs connectors.",
        discussion: """
            Example: busbar-worker --config busbar.yaml connectors/github-events.yaml

            Settings come from flags, the environment (BUSBAR_BROKERS, BUSBAR_STATE, …) and the settings file, the first \
            that has one. SIGTERM drains within the deadline, commits, and exits 0; a second one ends at once. Health checks \
            are at /healthz, /readyz, /metrics and /connectors of the `http` address.

            Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.
            """
    )

    @OptionGroup var flags: WorkerFlags

    func run() async throws {
        let application: WorkerApplication
        do {
            application = try WorkerApplication(flags.options, environment: ProcessInfo.processInfo.environment)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ExitCode(78)
        }
        try await application.run()
    }
}
