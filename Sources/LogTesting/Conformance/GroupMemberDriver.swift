package import Log

/// Drives one consumer as busbar's loop does: answers rebalances, keeps what it saw.
///
/// One task at a time may use it.
package final class GroupMemberDriver {
    package let consumer: any LogConsumer
    /// Every message handed out since the start or ``forget()``, in order.
    package private(set) var seen: [SeenRecord] = []
    /// What the answered rebalances add up to.
    package private(set) var assigned: Set<TopicPartition> = []
    /// Every rebalance handed out, in order.
    package private(set) var rebalances: [Rebalance] = []

    package init(_ consumer: any LogConsumer) {
        self.consumer = consumer
    }

    /// One event: a batch is kept, a rebalance answered.
    package func step(
        wait: Duration = .milliseconds(100),
        from positions: [TopicPartition: Offset] = [:]
    ) async throws {
        switch try await consumer.next(wait: wait) {
        case .batch(let batch):
            for index in 0..<batch.count { seen.append(SeenRecord(batch[index])) }
        case .rebalance(let rebalance):
            rebalances.append(rebalance)
            // A position is legal for partitions of the assignment only.
            let wanted = positions.filter { rebalance.change == .assign && rebalance.partitions.contains($0.key) }
            guard try await consumer.complete(rebalance, from: wanted) else { return }
            switch rebalance.change {
            case .assign: assigned.formUnion(rebalance.partitions)
            case .revoke, .lose: assigned.subtract(rebalance.partitions)
            }
        case .idle:
            break
        case .closed:
            throw ConformanceFailure("the consumer was closed")
        }
    }

    /// Empties ``seen``.
    package func forget() {
        seen = []
    }

    /// The texts of the values seen, in order.
    package var texts: [String] { seen.compactMap(\.text) }
}

extension LogConformance {
    /// Opens a driven member of `group`.
    func member(
        of group: String,
        _ topics: [TopicName],
        start: StartPosition = .earliest,
        maxBatch: Int = 1000
    ) async throws -> GroupMemberDriver {
        let configuration = ConsumerConfiguration(group: group, topics: topics, start: start, maxBatch: maxBatch)
        return GroupMemberDriver(try await log.consumer(configuration))
    }

    /// Steps all members in turn until `isDone`.
    func drive(
        _ members: [GroupMemberDriver],
        from positions: [TopicPartition: Offset] = [:],
        _ expectation: String,
        fileID: String = #fileID,
        line: Int = #line,
        until isDone: () throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now.advanced(by: limit)
        while try !isDone() {
            guard ContinuousClock.now < deadline else {
                throw ConformanceFailure("not within \(limit): \(expectation)", fileID: fileID, line: line)
            }
            let wait: Duration = members.count == 1 ? .milliseconds(100) : .milliseconds(10)
            for member in members { try await member.step(wait: wait, from: positions) }
        }
    }
}

extension ProduceBatch {
    /// A batch of text values to one partition (or by key, or anywhere).
    package init(
        _ values: [String],
        to topic: TopicName,
        partition: PartitionID? = nil,
        key: String? = nil,
        timestamp: Timestamp? = nil
    ) {
        self.init()
        for value in values {
            append(
                topic: topic,
                partition: partition,
                key: key.map { Array($0.utf8) },
                value: Array(value.utf8),
                timestamp: timestamp
            )
        }
    }
}
