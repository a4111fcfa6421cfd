internal import Dedupe
internal import Delivery
internal import Log
internal import Logging

/// The partitions that a task reads: it answers assignments, knows where each begins, and commits.
///
/// Confined to the driver that owns it.
final class InputPartitions {
    let consumer: any LogConsumer
    private(set) var dedupe: DedupeStage?
    private let plan: ConnectorPlan
    private let environment: DriverEnvironment
    private let start: StartPosition
    private(set) var states: [TopicPartition: PartitionState] = [:]

    /// Nothing is assigned yet.
    /// - Throws: what keeps the dedupe journal from being opened.
    init(of task: LogTask) throws {
        plan = task.plan
        environment = task.environment
        start = task.start
        consumer = task.consumer
        dedupe = try environment.dedupeStage(for: plan, in: task.cluster)
    }

    /// Changes the state of an assigned partition in place; does nothing for a partition that is not assigned (any more).
    func update<R>(_ partition: TopicPartition, _ body: (inout PartitionState) -> R) -> R? {
        guard let index = states.index(forKey: partition) else { return nil }
        return body(&states.values[index])
    }

    /// Takes `rebalance.partitions` over where the group left them: reads the committed offsets and their accounting,
    /// restores dedupe, then answers the rebalance.
    func assign(_ rebalance: Rebalance, isolation: isolated (any Actor)? = #isolation) async throws {
        let committed = try await consumer.committed(rebalance.partitions)
        var positions: [TopicPartition: Offset] = [:]
        let reader = try await environment.log.reader()
        do {
            for partition in rebalance.partitions {
                let bounds = try await reader.bounds(of: partition)
                let position = position(of: partition, committed[partition], in: bounds)
                positions[partition] = position
                try await dedupe?.assign(partition, at: position, bounds: bounds, reader: reader)
                states[partition] = PartitionState(
                    partition,
                    generation: Int(rebalance.generation),
                    start: position,
                    ledger: ledger(of: partition, committed[partition]),
                    window: environment.limits.window
                )
            }
        } catch {
            await reader.close()
            forget(rebalance.partitions)
            throw error
        }
        await reader.close()
        guard try await consumer.complete(rebalance, from: positions) else { return forget(rebalance.partitions) }
        try await holdPlace(positions.filter { committed[$0.key] == nil })
        environment.logger.info(
            "partitions assigned",
            metadata: ["kafka.partition": "\(rebalance.partitions)", "busbar.generation": "\(rebalance.generation)"]
        )
    }

    /// Commits where reading begins in partitions that have no committed offset, when that is their end: after a crash
    /// the end would lie further on, and what came meanwhile would never be read.
    private func holdPlace(
        _ positions: [TopicPartition: Offset],
        isolation: isolated (any Actor)? = #isolation
    ) async throws {
        guard start == .latest, !positions.isEmpty else { return }
        let metadata = Accounting(committed: Tally()).metadata
        try await consumer.commit(positions.mapValues { CommittedOffset($0, metadata: metadata) })
    }

    /// Lets go of the dedupe journal, which the connector's next driver will open while this one may still be referred to.
    func close() {
        forget(Array(states.keys))
        dedupe = nil
    }

    /// Shows what the input holds to metrics, and the partitions' accounting and lag to health checks.
    func publish() {
        if let dedupe {
            environment.meter.dedupe(keys: dedupe.keyCount(states.keys), rebuilds: dedupe.takeRebuilds())
        }
        let now = environment.clock.wallTime()
        environment.board.show(
            states.values.map { PartitionView($0, end: consumer.knownEnd(of: $0.topicPartition), now: now) },
            of: plan.name
        )
    }

    /// Drops everything known of `partitions`.
    func forget(_ partitions: [TopicPartition]) {
        for partition in partitions {
            states[partition] = nil
            dedupe?.revoke(partition)
        }
    }

    /// What every partition, or those given, can commit now.
    func takeCommits(of partitions: [TopicPartition]? = nil) -> [TopicPartition: CommittedOffset] {
        var commits: [TopicPartition: CommittedOffset] = [:]
        for partition in partitions ?? Array(states.keys) {
            let commit = update(partition) { state in
                state.takeCommit()
                return state.uncommitted
            }
            if let commit, let commit { commits[partition] = commit }
        }
        return commits
    }

    /// The offsets to commit when the records of `tallies` are settled on top of what is.
    func commits(after tallies: [TopicPartition: PartitionTally]) -> [TopicPartition: CommittedOffset] {
        tallies.reduce(into: [:]) { commits, entry in
            commits[entry.key] = states[entry.key]?.commit(after: entry.value)
        }
    }

    /// Enters records that were settled and committed at once.
    func advance(_ tallies: [TopicPartition: PartitionTally]) {
        for (partition, tally) in tallies { _ = update(partition) { $0.advance(tally) } }
    }

    /// Notes that the broker has `commits`.
    func onCommitted(_ commits: [TopicPartition: CommittedOffset]) throws {
        for (partition, commit) in commits {
            guard update(partition, { $0.onCommitted(commit) }) != nil else { continue }
            try dedupe?.commit(partition, upTo: commit.offset)
        }
    }

    private func position(
        of partition: TopicPartition,
        _ committed: CommittedOffset?,
        in bounds: Range<Offset>
    ) -> Offset {
        guard let committed else { return start == .earliest ? bounds.lowerBound : bounds.upperBound }
        if committed.offset < bounds.lowerBound {
            // Retention was faster than the connector. Nothing can bring the records back; silence would hide it.
            environment.logger.error(
                "records were deleted before they were read",
                metadata: [
                    "kafka.partition": "\(partition)",
                    "kafka.offset_committed": "\(committed.offset)",
                    "kafka.offset_start": "\(bounds.lowerBound)",
                    "busbar.records": "\(committed.offset.distance(to: bounds.lowerBound))",
                ]
            )
            return bounds.lowerBound
        }
        if committed.offset > bounds.upperBound {
            environment.logger.error(
                "the committed offset lies beyond the end of the log",
                metadata: [
                    "kafka.partition": "\(partition)",
                    "kafka.offset_committed": "\(committed.offset)",
                    "kafka.offset_end": "\(bounds.upperBound)",
                ]
            )
            return bounds.upperBound
        }
        return committed.offset
    }

    private func ledger(of partition: TopicPartition, _ committed: CommittedOffset?) -> Tally {
        guard let committed else { return Tally() }
        do throws(DeliveryError) {
            return try Accounting(metadata: committed.metadata).settled
        } catch {
            environment.logger.notice(
                "the accounting committed with the offset cannot be used",
                metadata: ["kafka.partition": "\(partition)", "error.message": "\(error)"]
            )
            return Tally()
        }
    }
}
