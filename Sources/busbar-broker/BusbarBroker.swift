import ArgumentParser
import Broker
import ConnectorKit
import Foundation
import Logging
import ServiceLifecycle
import Telemetry
import UnixSignals

/// `busbar-broker`: the embedded log as a process of its own.
@main
struct BusbarBroker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "busbar-broker",
        abstract: "Serves Kafka's protocol from one machine: durable, one node, no replication.",
        discussion: """
            Example: busbar-broker --data-dir data --listen 127.0.0.1:9092

            Clients of Kafka connect as they would to Kafka. A record is acknowledged once it is synced to disk, whatever \
            acks= says above 0. Without authentication only loopback addresses are listened on. SIGTERM answers what is \
            under way, syncs and exits 0; after a crash the next start recovers. When one machine is not enough, move to \
            Apache Kafka.

            Exit codes: 0 stopped as asked, 1 failed, 64 usage, 78 configuration.
            """
    )

    @Option(help: "Folder of everything the broker keeps.")
    var dataDir: String?

    @Option(help: "Address for Kafka clients, host:port; port 0 takes a free one. Default: 127.0.0.1:9092.")
    var listen: String?

    @Option(help: "Address for /metrics and /healthz, host:port. Default: none.")
    var http: String?

    @Option(help: "Settings file.")
    var config: String?

    @Flag(help: "Listen on other addresses than loopback without asking clients who they are.")
    var allowUnauthenticated = false

    func run() async throws {
        let loaded = try load()
        Self.warn(loaded.diagnostics.map(\.rendered))
        guard let configuration = loaded.configuration else { throw ExitCode(78) }
        LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: loaded.logLevel) }
        Self.warn([Broker.banner])
        let logger = Logger(label: "busbar-broker")
        let broker: RunningBroker
        do {
            broker = try await Broker.start(configuration, logger: logger)
        } catch let error as BrokerError {
            Self.warn(["busbar-broker: \(error)"])
            throw ExitCode(error.code == .configuration || error.code == .tls ? 78 : 1)
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [BrokerRun(broker: broker, logger: logger)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await group.run()
    }

    private func load() throws -> BrokerConfiguration.Loaded {
        var text = ""
        if let config {
            guard let data = FileManager.default.contents(atPath: config),
                let content = String(validating: data, as: UTF8.self)
            else {
                Self.warn(["\(config): the settings file cannot be read"])
                throw ExitCode(78)
            }
            text = content
        }
        let environment = ProcessInfo.processInfo.environment
        return BrokerConfiguration.load(
            text: text,
            file: config ?? "(no settings file)",
            flags: .init(
                dataDirectory: dataDir,
                listen: listen,
                http: http,
                allowsUnauthenticated: allowUnauthenticated
            ),
            resolver: SecretResolver(environment: { environment[$0] }, file: Self.text, directory: "secrets")
        )
    }

    /// Reads a file that a reference names; `nil` when there is none.
    @Sendable
    private static func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOfFile: path, encoding: .utf8)
    }

    private static func warn(_ lines: [String]) {
        FileHandle.standardError.write(Data(lines.map { $0 + "\n" }.joined().utf8))
    }
}

private struct BrokerRun: Service {
    let broker: RunningBroker
    let logger: Logger

    /// Serves until a signal, then stops in order.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await broker.serveAdmin { port in
                    logger.info("health checks are up", metadata: Logger.Metadata([.port: "\(port)"]))
                }
            }
            group.addTask {
                try await gracefulShutdown()
                await broker.shutdown()
            }
            // The admin server ends at once when there is none; only the stop ends the process.
            while try await group.next() != nil {}
        }
    }
}
