package import LogStorage
package import Logging
package import Telemetry

/// The embedded log: Kafka's protocol on one machine, durable, without replication.
///
/// For `busbar-broker`, for `brokers: embedded`, and for tests, which start it in milliseconds on a free port.
package enum Broker {
    /// What the broker says of itself when it starts.
    package static let banner =
        "busbar's embedded log: one node, no replication; when one machine is not enough, use Apache Kafka"

    /// Starts a broker; returns when clients can connect.
    ///
    /// After a crash every log is recovered first. The file lock on the data directory is held until
    /// ``RunningBroker/shutdown()`` has returned.
    /// - Parameters:
    ///   - configuration: where and how.
    ///   - logger: for the broker's messages.
    ///   - metrics: where its series go.
    ///   - disk: where the logs are; tests give one that fails.
    /// - Returns: the broker, to be kept and shut down.
    /// - Throws: ``BrokerError`` for settings, a data directory in use, an address in use; a storage error for logs that
    ///   cannot be opened.
    package static func start(
        _ configuration: BrokerConfiguration,
        logger: Logger = Logger(label: "busbar-broker"),
        metrics: MetricsRegistry = MetricsRegistry(),
        disk: any Disk = POSIXDisk()
    ) async throws -> RunningBroker {
        if let problem = configuration.exposureProblem {
            throw BrokerError(.configuration, "\(problem.message). \(problem.fix)")
        }
        let assembly = BrokerAssembly(configuration, BrokerMetrics(metrics), logger, disk)
        do {
            return try await assembly.start()
        } catch {
            await assembly.stopThreads()
            throw error
        }
    }
}
