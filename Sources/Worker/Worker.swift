package import ConnectorKit
internal import Delivery
internal import Glibc
internal import HTTPService
internal import Hummingbird
package import Log
package import Logging
internal import ServiceLifecycle
package import Telemetry

/// Runs connectors until it is asked to stop: the whole of `busbar-worker` but its process.
package struct Worker: Sendable {
    private let settings: WorkerSettings
    private let board = StatusBoard()
    private let registry: MetricsRegistry
    private let runtimes: [ConnectorRuntime]
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - settings: the worker's own.
    ///   - definitions: the connectors, unresolved; names are unique.
    ///   - catalogue: what the definitions were decoded by.
    ///   - builder: makes plans of definitions.
    ///   - resolver: where references get their values, at each start of a connector.
    ///   - log: where topics are.
    ///   - registry: where metrics are kept.
    ///   - logger: for everything that the worker and its connectors say.
    ///   - onListening: told the port of the health checks.
    package init(
        settings: WorkerSettings,
        definitions: [ConnectorDefinition],
        catalogue: ConnectorCatalogue,
        builder: PlanBuilder,
        resolver: SecretResolver,
        log: any Log,
        registry: MetricsRegistry,
        logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.settings = settings
        self.registry = registry
        self.logger = logger
        self.onListening = onListening
        var limits = DriverLimits()
        limits.drainDeadline = settings.drain
        limits.revokeDeadline = min(settings.drain, limits.revokeDeadline)
        let board = board
        let workerID = settings.workerID ?? Self.hostName
        runtimes = definitions.map { definition in
            board.add(definition.name)
            var connectorLogger = logger
            connectorLogger[metadataKey: "busbar.connector"] = "\(definition.name)"
            let environment = DriverEnvironment(
                log: log,
                limits: limits,
                logger: connectorLogger,
                board: board,
                meter: ConnectorMeter(connector: definition.name, registry: registry),
                stateDirectory: settings.state + "/" + definition.name,
                instanceID: settings.isStatic ? workerID : nil
            )
            return ConnectorRuntime(definition.name, workerID: workerID, environment: environment) {
                try await builder.build(try definition.resolved(by: resolver, catalogue: catalogue))
            }
        }
    }

    /// Runs until the task's service group begins to shut down, drains, and returns. A connector that fails is started
    /// again and shown by the health checks meanwhile.
    /// - Throws: when the health checks' address cannot be listened on.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Part.self) { group in
            group.addTask {
                try await self.serveAdmin()
                return .admin
            }
            group.addTask {
                await self.runConnectors()
                return .connectors
            }
            // The server stops with the service group; the connectors may take until the drain deadline.
            while let ended = try await group.next(), ended != .connectors {}
            group.cancelAll()
        }
    }

    private enum Part {
        case admin, connectors
    }

    private func runConnectors() async {
        await withTaskGroup(of: Void.self) { group in
            for runtime in runtimes { group.addTask { await runtime.run() } }
            group.addTask {
                // Ends when the worker shall: connectors that have come to their end leave the health checks up.
                do { try await gracefulShutdown() } catch { /* cancelled: the same */  }
                await self.stopConnectors()
            }
            await group.waitForAll()
        }
    }

    private func stopConnectors() async {
        await withTaskGroup(of: Void.self) { group in
            for runtime in runtimes { group.addTask { await runtime.stop() } }
        }
    }

    private func serveAdmin() async throws {
        let board = board
        let registry = registry
        let routes = AdminRoutes(
            readiness: { StatusReport(board).readiness() },
            metrics: {
                StatusReport(board).refresh(registry)
                return registry.exposition()
            },
            connectors: { StatusReport(board).connectors() }
        )
        let service = HTTPService(
            name: "busbar-worker",
            host: settings.http.host,
            port: settings.http.port,
            logger: logger,
            onListening: onListening
        )
        try await service.run(routes.router().buildResponder())
    }

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "worker" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
