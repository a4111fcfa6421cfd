internal import KafkaProtocol

/// From the decision to the end of a transaction, and what age ends.
extension TransactionCoordinator {
    /// Tombstones that go into one batch.
    private static let batch = 1_000

    /// A transaction was decided: every partition of it is to be marked.
    mutating func beginMarking(_ id: String) {
        guard let transaction = transactions[id], transaction.isPrepared else { return }
        transactions[id]?.unmarked = transaction.facts.partitions
        transactions[id]?.marking = []
        sendMarkers(id)
    }

    /// Sends the markers that are not on their way; completes the transaction if there is none left to write.
    mutating func sendMarkers(_ id: String) {
        guard let transaction = transactions[id], transaction.isPrepared, transaction.pending == nil else { return }
        for partition in transaction.unmarked.subtracting(transaction.marking).sorted() {
            effects.mark(partition, transaction.facts, of: id)
        }
        transactions[id]?.marking = transaction.unmarked
        if transaction.unmarked.isEmpty { complete(id) }
    }

    mutating func marked(_ token: MarkerToken, _ error: ErrorCode?) {
        guard let (id, partition) = effects.takeMarker(token) else { return }
        transactions[id]?.marking.remove(partition)
        switch error {
        case nil, .unknownTopicOrPartition, .invalidProducerEpoch:
            // A partition that has seen a higher epoch has ended this transaction already.
            transactions[id]?.unmarked.remove(partition)
            if transactions[id]?.unmarked.isEmpty == true { complete(id) }
        default: retryLater(id)
        }
    }

    private mutating func retryLater(_ id: String) {
        let due = effects.now.uptime + max(1, settings.markerRetryDelay)
        transactions[id]?.retryTimer.set(due, .retry(id), in: &effects.timers)
        turnAway(id)
    }

    private mutating func complete(_ id: String) {
        change(id, then: .completed(id)) { record, _ in
            record.state = record.state == .prepareCommit ? .completeCommit : .completeAbort
            record.partitions = []
        }
    }

    /// Every marker is durable. What could not be stored of that is stored later.
    mutating func completed(_ id: String, _ error: ErrorCode?) {
        settle(id, error)
        if error == nil { resume(id) } else { retryLater(id) }
    }

    /// Drops transactional ids that were not used for too long, and looks again after the interval.
    mutating func expire() {
        effects.timers.push(effects.now.uptime + max(1, settings.expiryInterval), .expiry)
        let limit = effects.now.epoch - settings.idExpiration
        let old = transactions.values.filter { $0.isIdle && $0.pending == nil && $0.facts.lastUpdate <= limit }
        let byPartition = Dictionary(grouping: old.map(\.id)) { partition(for: $0) }
        for (partition, expired) in byPartition.sorted(by: { $0.key < $1.key }) {
            let ids = expired.sorted()
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                expire(Array(ids[start..<min(start + Self.batch, ids.count)]), partition)
            }
        }
    }

    private mutating func expire(_ ids: [String], _ partition: Int32) {
        for id in ids {
            guard var record = transactions[id]?.facts else { continue }
            record.state = .dead
            transactions[id]?.pending = record
        }
        let tombstones = ids.map { CoordinatorRecord(key: TransactionRecord.key(transactionalID: $0), value: nil) }
        effects.write(tombstones, partition: partition, then: .expired(ids))
    }

    mutating func expired(_ id: String, _ error: ErrorCode?) {
        guard error == nil else {
            transactions[id]?.pending = nil
            return resume(id)
        }
        let waiting = transactions.removeValue(forKey: id)?.waiting ?? []
        for event in waiting { take(event) }
    }
}
