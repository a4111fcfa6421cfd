extension InMemoryLog {
    /// Makes the next `times` calls of `operation`, by any client, fail with `error`; several faults of one operation
    /// happen one after the other. What the error says about the producer comes true:
    /// ``LogError/isFatal`` ends it; from a transaction's call, one that is not ``LogError/isRetriable`` either is a
    /// ``TransactionError/abortable(_:)``.
    package func failNext(_ operation: LogOperation, with error: LogError, times: Int = 1) {
        change { $0.faults.fail(operation, with: error, times: times) }
    }

    /// Makes the next `times` records to `topic` fail with `error`; `nil` is until told otherwise, 0 ends it.
    package func failSends(to topic: TopicName, with error: LogError, times: Int? = nil) {
        change { $0.faults.failSends(to: topic, with: error, times: times) }
    }

    /// Forgets all faults still to happen.
    package func clearFaults() {
        change { $0.faults.clear() }
    }

    /// Holds back the acknowledgements of `topic` (`nil`: of every topic). Records are written and can be read, but
    /// their sends wait, up to ``ProducerConfiguration/deliveryTimeout``.
    package func holdAcknowledgements(of topic: TopicName? = nil) {
        change { state in
            if let topic { state.heldTopics.insert(topic) } else { state.holdsEverything = true }
        }
    }

    /// Opens the gate of `topic` (`nil`: every gate).
    package func releaseAcknowledgements(of topic: TopicName? = nil) {
        change { state in
            if let topic {
                state.heldTopics.remove(topic)
            } else {
                state.heldTopics = []
                state.holdsEverything = false
            }
            state.hasNews = true
        }
    }

    /// While `true`, every producer's queue is full and sends wait.
    package func forceQueueFull(_ isFull: Bool) {
        change { state in
            state.queueIsForcedFull = isFull
            state.hasNews = true
        }
    }

    /// How many records wait for a held back acknowledgement, over all producers.
    package var unacknowledgedRecords: Int {
        change { $0.producers.values.reduce(0) { $0 + $1.unacknowledged } }
    }

    /// Drops the longest-standing member of `group` as if its session had expired; says whether there was one.
    ///
    /// Its partitions are free at once. It hears of it as a ``Rebalance/Change/lose`` and joins again after the answer.
    @discardableResult
    package func expel(memberOf group: String) -> Bool {
        change { state in
            let joined = state.groups[group]?.members.filter(\.value.isCounted).keys.min()
            guard let joined else { return false }
            state.expel(joined, from: group)
            return true
        }
    }

    /// Drops the member behind `consumer` in the same way.
    @discardableResult
    package func expel(_ consumer: any LogConsumer) -> Bool {
        guard let id = (consumer as? InMemoryConsumer)?.id else { return false }
        return change { state in
            guard let group = state.groupOfConsumer[id], state.groups[group]?.members[id]?.isCounted == true else {
                return false
            }
            state.expel(id, from: group)
            return true
        }
    }

    /// Deletes the records before `offset`, as retention does.
    package func deleteRecords(in partition: TopicPartition, before offset: Offset) throws(LogError) {
        try attempt { (state) throws(LogError) in
            guard state.log(of: partition) != nil else { throw .unknown(partition) }
            state.topics[partition.topic]?.partitions[Int(partition.partition.rawValue)]
                .deleteRecords(before: offset.rawValue)
            state.hasNews = true
        }
    }

    /// Looks at the clock: aborts the transactions that are over time, for tests that move the clock while all wait.
    package func applyTimeouts() {
        change { _ in }
    }
}
