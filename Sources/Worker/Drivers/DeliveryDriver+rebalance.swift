internal import Delivery
internal import Log
internal import Logging

/// Handing partitions over, and the end.
extension DeliveryDriver {
    func answer(_ rebalance: Rebalance) async throws {
        switch rebalance.change {
        case .assign:
            try await input.assign(rebalance)
        case .revoke:
            await drain(rebalance.partitions, within: environment.limits.revokeDeadline)
            try await commit(input.takeCommits(of: rebalance.partitions))
            forget(rebalance.partitions)
            try await consumer.complete(rebalance, from: [:])
        case .lose:
            // Another member may have them already: whatever is under way is not ours to commit.
            forget(rebalance.partitions)
            try await consumer.complete(rebalance, from: [:])
        }
        environment.meter.rebalanced()
        environment.logger.info(
            "rebalance answered",
            metadata: [
                "busbar.generation": "\(rebalance.generation)", "kafka.rebalance": "\(rebalance.change)",
                "kafka.partition": "\(rebalance.partitions)",
            ]
        )
        publish()
    }

    /// Finishes what is started, commits, and says what was left.
    func drain() async throws {
        let partitions = Array(input.states.keys)
        let left = await drain(partitions, within: environment.limits.drainDeadline)
        try await commit(input.takeCommits())
        environment.logger.info("drained", metadata: ["busbar.records": "\(left)"])
        publish()
    }

    /// After a failure: finishes and commits what can be, so that the restart repeats as little as possible.
    func salvage() async {
        do {
            try await drain()
        } catch {
            environment.logger.notice("offsets could not be committed", metadata: ["error.message": "\(error)"])
        }
    }

    /// Lets started records of `partitions` finish, starts no more of them.
    /// - Returns: how many had not finished at the deadline; they stay uncommitted and are delivered again.
    @discardableResult
    private func drain(_ partitions: [TopicPartition], within limit: Duration) async -> Int {
        for partition in partitions { _ = lanes.drop(partition: partition) }
        let deadline = environment.clock.now().advanced(by: limit)
        while true {
            let open = partitions.reduce(0) { $0 + (started[$1] ?? 0) }
            let remaining = environment.clock.now().duration(to: deadline)
            if open == 0 || remaining <= .zero || phase == .closed || Task.isCancelled { return open }
            _ = await room.wait(for: room.ticket(), atMost: remaining, clock: environment.clock)
        }
    }

    private func forget(_ partitions: [TopicPartition]) {
        for partition in partitions {
            _ = lanes.drop(partition: partition)
            shelves[partition] = nil
            waits.end(partition)
        }
        input.forget(partitions)
        attempts = attempts.filter { !partitions.contains($0.key.topicPartition) }
        environment.board.forget(partitions, of: plan.name)
    }
}
