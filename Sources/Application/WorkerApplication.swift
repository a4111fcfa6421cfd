internal import ConnectorKit
internal import Connectors
internal import Foundation
internal import Kafka
internal import Log
internal import Logging
internal import ServiceLifecycle
internal import Telemetry
internal import UnixSignals
internal import Worker

/// A worker as a process: settings read, connectors loaded, signals handled.
///
/// `busbar-worker` and `busbar run` are this and their flags.
package struct WorkerApplication {
    /// What the command line says.
    package struct Options: Sendable {
        /// Path of the settings file; `nil` takes `busbar.yaml` if there is one.
        package var config: String?
        /// By the dotted path of their setting.
        package var flags: [String: String]
        /// Connector files, or folders of them.
        package var connectors: [String]

        package init(config: String? = nil, flags: [String: String] = [:], connectors: [String]) {
            self.config = config
            self.flags = flags
            self.connectors = connectors
        }
    }

    /// What keeps a worker from starting, as text for people.
    package struct ConfigurationFailure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Of every program of this package.
    package static let version = "0.1.0"

    private let settings: WorkerSettings
    /// Held until the process ends.
    private let state: StateFolder
    private let worker: Worker
    private let contracts: WorkerContracts
    private let logger: Logger
    /// `brokers: embedded`: what starts before the worker and stops after it.
    private let embedded: EmbeddedLog?

    /// Reads settings and connector files.
    /// - Throws: ``ConfigurationFailure`` with every finding.
    package init(_ options: Options, environment: [String: String]) throws {
        let loaded = try Self.settings(options, environment)
        settings = loaded.settings
        LoggingSystem.bootstrap { [level = settings.logLevel] label in
            JSONLogHandler(label: label, level: level)
        }
        logger = Logger(label: "busbar")
        let registry = MetricsRegistry()
        registry.gauge(.buildInfo, [.version: Self.version, .librdkafka: KafkaLog.libraryVersion]).set(1)
        let log = try Self.log(settings, KafkaMetrics(registry), logger)
        let catalogue = ConnectorCatalogue.builtin(Self.connectorEnvironment(registry, log, logger))
        let definitions = try Self.definitions(options.connectors, catalogue, settings, loaded.resolver)
        state = try StateFolder(settings.state)
        embedded =
            switch settings.brokers {
            case .embedded: try EmbeddedLog(settings, loaded.resolver, registry, logger)
            case .cluster: nil
            }
        let contracts = try WorkerContracts(settings, registry, logger)
        self.contracts = contracts
        let logger = logger
        worker = Worker(
            settings: settings,
            definitions: definitions,
            catalogue: catalogue,
            builder: PlanBuilder(
                contracts: contracts.supply,
                secrets: loaded.resolver,
                directory: FileManager.default.currentDirectoryPath,
                logger: logger
            ),
            resolver: loaded.resolver,
            log: log,
            registry: registry,
            logger: logger,
            onListening: { port in
                logger.info("health checks are up", metadata: ["net.port": "\(port)"])
            }
        )
    }

    /// Runs until SIGTERM or SIGINT, then drains within `worker.drain`. A second signal ends the process at once.
    package func run() async throws {
        guard let embedded else { return try await runWorker() }
        try await embedded.run { try await runWorker() }
    }

    private func runWorker() async throws {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: WorkerService(worker: worker))],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        // The drain has a deadline of its own; this is for what it cannot bound.
        configuration.maximumGracefulShutdownDuration = settings.drain + .seconds(10)
        let result: Result<Void, any Error>
        do {
            result = .success(try await ServiceGroup(configuration: configuration).run())
        } catch {
            result = .failure(error)
        }
        await contracts.close()
        try result.get()
    }

    private struct WorkerService: Service {
        let worker: Worker
        func run() async throws { try await worker.run() }
    }

    private static func connectorEnvironment(
        _ registry: MetricsRegistry,
        _ log: any Log,
        _ logger: Logger
    ) -> ConnectorEnvironment {
        ConnectorEnvironment(
            listeners: WebhookListeners(logger: logger),
            logs: LogAccess(own: log) { brokers, properties in otherLog(brokers, properties, logger) },
            onAnswer: { connector, status in
                registry.counter(.webhookRequests, [.connector: connector, .code: String(status)]).add()
            },
            onTargetResponse: { connector, status in
                registry.counter(.targetResponses, [.connector: connector, .code: String(status)]).add()
            }
        )
    }

    private static func settings(
        _ options: Options,
        _ environment: [String: String]
    ) throws -> (settings: WorkerSettings, resolver: SecretResolver) {
        let path = options.config ?? "busbar.yaml"
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        if options.config != nil, text == nil {
            throw ConfigurationFailure(description: "\(path): the settings file cannot be read")
        }
        let sources = WorkerSettings.Sources(text: text, file: path, environment: environment, flags: options.flags)
        let loaded = WorkerSettings.load(sources, readFile: readFile)
        warn(loaded.diagnostics)
        guard let settings = loaded.settings, let resolver = loaded.resolver else {
            throw ConfigurationFailure(description: loaded.diagnostics.map(\.rendered).joined(separator: "\n"))
        }
        return (settings, resolver)
    }

    private static func definitions(
        _ paths: [String],
        _ catalogue: ConnectorCatalogue,
        _ settings: WorkerSettings,
        _ resolver: SecretResolver
    ) throws -> [ConnectorDefinition] {
        let folder = try ConnectorFolder(
            paths,
            catalogue: catalogue,
            environment: .offline(
                schemas: settings.schemas,
                hasRegistry: settings.registry != nil,
                resolver: resolver
            )
        )
        guard folder.isUsable, !folder.definitions.isEmpty else {
            let findings = folder.diagnostics.map(\.rendered).joined(separator: "\n")
            throw ConfigurationFailure(description: findings.isEmpty ? "no connector file was named" : findings)
        }
        warn(folder.diagnostics)
        return folder.definitions
    }

    private static func log(
        _ settings: WorkerSettings,
        _ metrics: KafkaMetrics,
        _ logger: Logger
    ) throws(ConfigurationFailure) -> any Log {
        do throws(LogError) {
            var client = try client(settings.bootstrap, settings.kafka)
            // Whoever sets a rate of their own keeps librdkafka's reports to themselves.
            if client.properties["statistics.interval.ms"] == nil { client.statistics = metrics.reports }
            return KafkaLog(client, logger: logger)
        } catch {
            throw ConfigurationFailure(description: "kafka: \(error.message)")
        }
    }

    /// Another cluster's. What is wrong with its login by token is said by the first client that needs one.
    private static func otherLog(
        _ brokers: [String],
        _ properties: [(key: String, value: SecretString)],
        _ logger: Logger
    ) -> any Log {
        do throws(LogError) {
            return KafkaLog(try client(brokers, properties), logger: logger)
        } catch {
            let failing = ClientConfiguration.Security.sasl(.oauthBearer { throw error }, over: .plaintext)
            return KafkaLog(ClientConfiguration(brokers: brokers, security: failing), logger: logger)
        }
    }

    private static func client(
        _ brokers: [String],
        _ properties: [(key: String, value: SecretString)]
    ) throws(LogError) -> ClientConfiguration {
        try ClientConfiguration(
            brokers: brokers,
            settings: Dictionary(properties.map { ($0.key, $0.value.reveal()) }) { $1 }
        )
    }

    private static func warn(_ diagnostics: [Diagnostic]) {
        for diagnostic in diagnostics where diagnostic.severity == .warning {
            FileHandle.standardError.write(Data((diagnostic.rendered + "\n").utf8))
        }
    }

    /// Reads a file that a reference names; `nil` when there is none.
    @Sendable
    private static func readFile(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}
