import ArgumentParser
import ConnectorKit
import Contracts
import Foundation
import Logging
import Registry
import ServiceLifecycle
import Telemetry
import UnixSignals

/// `busbar-registry`: serves the contracts of a folder until it is told to stop.
@main
struct BusbarRegistry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar-registry",
        abstract: "Serves contracts by the API of Confluent's schema registry, read-only.",
        discussion: """
            Example: busbar-registry --schemas schemas --listen 127.0.0.1:8081

            Contracts are schemas/<subject>/v<N>.json. They are read once, all of them are checked, and ids depend on \
            nothing but their text. To add a version, add its file and start the registry again. Health is at /healthz. \
            SIGTERM answers what is under way and exits 0.

            Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Option(help: "Address to listen on, host:port; port 0 takes a free one.")
    var listen = "127.0.0.1:8081"

    func run() async throws {
        guard let address = WorkerSettings.ListenAddress(listen) else {
            throw ValidationError("'\(listen)' is no address: write host:port, for example 127.0.0.1:8081.")
        }
        LoggingSystem.bootstrap { JSONLogHandler(label: $0) }
        let logger = Logger(label: "busbar-registry")
        let catalogue = try read()
        let server = RegistryServer(catalogue, host: address.host, port: address.port, logger: logger) { port in
            logger.info("the registry is up", metadata: Logger.Metadata([.port: "\(port)"]))
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [RegistryRun(server: server)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    /// - Throws: exit code 78 after saying what is wrong with each file.
    private func read() throws -> SchemaCatalogue {
        let problems = ContractStore.problems(in: schemas).map(\.description)
        guard problems.isEmpty else { throw misconfigured(problems) }
        do {
            return try SchemaCatalogue(ContractStore(folder: schemas))
        } catch {
            throw misconfigured(["\(error)"])
        }
    }

    private func misconfigured(_ problems: [String]) -> ExitCode {
        FileHandle.standardError.write(Data(problems.map { $0 + "\n" }.joined().utf8))
        return ExitCode(78)
    }
}

private struct RegistryRun: Service {
    let server: RegistryServer

    func run() async throws { try await server.run() }
}
