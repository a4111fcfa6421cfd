internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// Retention and compaction of all partitions, on a thread of its own, one partition after the other.
final class Maintenance: Sendable {
    /// Kafka's `log.retention.check.interval.ms` is five minutes; one node has fewer partitions to look at.
    static let interval: Int64 = 10_000

    private let partitions: PartitionTable
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let clock: BrokerClock
    private let metrics: BrokerMetrics
    private let logger: Logger
    private let stopped = Atomic<Bool>(false)

    init(partitions: PartitionTable, clock: BrokerClock, metrics: BrokerMetrics, logger: Logger) {
        self.partitions = partitions
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// Begins; the first round is after one interval.
    func start() {
        threads.start()
        schedule()
    }

    /// Ends after the partition that is being worked on.
    func stop() async {
        stopped.store(true, ordering: .releasing)
        do {
            try await threads.shutdownGracefully()
        } catch {
            logger.info("the clean-up thread did not end", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }

    private func schedule() {
        clock.after(Self.interval) { [weak self] in
            guard let self, !stopped.load(ordering: .acquiring) else { return }
            threads.submit { [self] state in
                guard case .active = state else { return }
                round()
                schedule()
            }
        }
    }

    private func round() {
        for partition in partitions.all {
            if stopped.load(ordering: .acquiring) { return }
            do throws(StorageError) {
                try clean(partition)
            } catch  where error.code == .closed {
                continue
            } catch {
                metrics.storageFailed("clean_up")
                logger.info(
                    "a partition could not be cleaned up",
                    metadata: Logger.Metadata([
                        .topic: "\(partition.topic)", .partition: "\(partition.index)", .error: "\(error)",
                    ])
                )
            }
        }
    }

    private func clean(_ partition: Partition) throws(StorageError) {
        guard let log = try partition.existingLog() else { return }
        _ = try log.applyRetention(now: clock.epoch)
        if log.configuration.compacts { _ = try log.compact(now: clock.epoch) }
    }
}
