internal import LogStorage
internal import Logging
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// Retention, compaction and checkpoints of all partitions, on a thread of its own, one partition after the other.
final class Maintenance: Sendable {
    /// Kafka's `log.retention.check.interval.ms` is five minutes; one node has fewer partitions to look at.
    static let interval: Int64 = 10_000
    /// What a partition that is written slowly may grow by without a checkpoint.
    private static let checkpointBytes = 1 << 20

    private let topics: TopicAdministration
    private let threads = NIOThreadPool(numberOfThreads: 1)
    private let clock: BrokerClock
    private let metrics: BrokerMetrics
    private let logger: Logger
    private let stopped = Atomic<Bool>(false)

    init(topics: TopicAdministration, clock: BrokerClock, metrics: BrokerMetrics, logger: Logger) {
        self.topics = topics
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
        finishDeletions()
        for partition in topics.partitions.all {
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
        try log.checkpoint(after: Self.checkpointBytes)
    }

    /// What a failing disk has left of deleted topics.
    private func finishDeletions() {
        do {
            try topics.finishDeletions()
        } catch {
            metrics.storageFailed("delete")
            logger.info("a deleted topic has files left", metadata: Logger.Metadata([.error: "\(error)"]))
        }
    }
}
