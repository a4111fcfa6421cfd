internal import ConnectorKit
internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
package import Telemetry

/// A broker that serves. Any thread. Keep it, and call ``shutdown()``: without that the process must recover next time.
package final class RunningBroker: Sendable {
    /// Where clients connect.
    package let port: Int
    /// The cluster's id, random, kept with the data.
    package var clusterID: String { node.catalogue.clusterID }
    /// Where the broker's series are.
    package var metrics: MetricsRegistry { node.metrics.registry }

    private let assembly: BrokerAssembly
    private let node: Node
    private let directory: DataDirectory
    private let server: BrokerServer
    private let maintenance: Maintenance
    private let isStopped = Atomic<Bool>(false)

    init(
        _ assembly: BrokerAssembly,
        _ node: Node,
        _ directory: DataDirectory,
        _ server: BrokerServer,
        _ maintenance: Maintenance,
        port: Int
    ) {
        self.assembly = assembly
        self.node = node
        self.directory = directory
        self.server = server
        self.maintenance = maintenance
        self.port = port
    }

    /// `host:port` for `bootstrap.servers`.
    package var bootstrap: String {
        node.address.withLock { $0?.description } ?? "\(assembly.configuration.host):\(port)"
    }

    /// Serves `/healthz` and `/metrics` where the configuration says, until the task is cancelled; returns at once when
    /// it says nowhere.
    /// - Throws: when the address cannot be listened on.
    package func serveAdmin(onListening: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        guard let address = assembly.configuration.http else { return }
        try await BrokerAdmin(
            address: address,
            metrics: node.metrics,
            refresh: { [node, server] in node.metrics.requestBytes.set(server.requestBytes) },
            logger: assembly.logger
        ).run(onListening: onListening)
    }

    /// Stops: no new connections, answers for what was asked (at most five seconds), everything synced, and the mark of
    /// a clean stop. A second call does nothing.
    package func shutdown() async {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        node.beginStopping()
        await server.stop(within: .seconds(5))
        node.groups.stop()
        node.transactions.stop()
        await maintenance.stop()
        await assembly.stopThreads()
        // Syncing many logs takes a while, and waits mostly.
        let closing = NIOThreadPool(numberOfThreads: 8)
        closing.start()
        await closing.perform { [node] in node.committer.stop() }
        let failures = await node.partitions.close(clean: true, on: closing)
        await closing.perform { [self] in finish(failures) }
        do {
            try await closing.shutdownGracefully()
        } catch {
            assembly.logger.info("the closing threads did not end", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }

    private func finish(_ failures: [StorageError]) {
        defer { directory.unlock() }
        let logger = assembly.logger
        guard failures.isEmpty else {
            logger.info(
                "logs could not be closed; the next start recovers them",
                metadata: Logger.Metadata([.error: "\(failures[0])"])
            )
            return
        }
        do throws(BrokerError) {
            try directory.markCleanStop()
            logger.info("the broker has stopped", metadata: Logger.Metadata([.port: "\(port)"]))
        } catch {
            logger.info("the clean stop could not be marked", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }
}
