package import KafkaProtocol

/// Rebuilding the state, and what administrators and appends ask of it.
extension TransactionCoordinator {
    /// Takes in one record of `__transaction_state`, in log order. The last record of an id counts, and a tombstone
    /// deletes it.
    ///
    /// Throws `RecordFormatError` for a record that is damaged, or of a version that this broker does not read; nothing
    /// of it is taken in then.
    package mutating func load(_ record: CoordinatorRecord) throws(RecordFormatError) {
        let id = try TransactionRecord.transactionalID(key: record.key)
        guard let value = record.value else {
            transactions[id] = nil
            return
        }
        let facts = try TransactionRecord(value)
        transactions[id] = Transaction(id: id, facts)
        producerIDs.skip(below: facts.producer.id + 1)
    }

    /// All producer ids below `first` are taken: what the last durable `reserveProducerIDs` said, 0 without one.
    package mutating func loadProducerIDs(from first: Int64) { producerIDs.skip(below: first) }

    /// Begins to work with what was loaded: decided transactions are finished, open ones timed.
    package mutating func start(at now: Moment) -> [TransactionAction] {
        effects.now = now
        for id in transactions.keys.sorted() {
            armTimeout(id)
            beginMarking(id)
        }
        effects.timers.push(now.uptime + max(1, settings.expiryInterval), .expiry)
        return effects.takeActions()
    }

    /// Why a transactional batch or offset commit of this producer must not be appended to the partition; `nil` if it
    /// may. Asked before each of them, it keeps the leftovers of a transaction from opening a new one that nobody ends
    /// (KIP-890, part 1).
    package func verify(_ producer: TransactionalProducer, _ partition: LogPartition) -> ErrorCode? {
        guard let transaction = transactions[producer.transactionalID] else { return .invalidProducerIDMapping }
        if let error = transaction.identityError(producer.identity) {
            return error == .producerFenced ? .invalidProducerEpoch : error
        }
        // An abort that is on its way may still fail, a decided one is over.
        let isOpen = transaction.facts.state == .ongoing && transaction.pending.map { $0.state == .ongoing } ?? true
        return isOpen && transaction.facts.partitions.contains(partition) ? nil : .invalidTxnState
    }

    /// The answer to DescribeTransactions for one id; `nil` for TRANSACTIONAL_ID_NOT_FOUND.
    package func describe(_ transactionalID: String) -> TransactionDescription? {
        guard let transaction = transactions[transactionalID] else { return nil }
        let facts = transaction.facts
        let partitions = transaction.isPrepared ? transaction.unmarked : facts.partitions
        return TransactionDescription(
            transactionalID: transactionalID,
            state: facts.state,
            producer: facts.producer,
            timeout: facts.timeout,
            startTimestamp: facts.start,
            partitions: partitions.sorted()
        )
    }

    /// The answer to ListTransactions, sorted by id: those that pass every filter that is not `nil`. `olderThan` is in
    /// milliseconds since the transaction began, at `now` milliseconds since 1970.
    package func list(
        producerIDs: Set<Int64>? = nil,
        states: Set<TransactionState>? = nil,
        olderThan: Int64? = nil,
        now: Int64 = 0
    ) -> [TransactionListing] {
        transactions.values
            .filter { transaction in
                let facts = transaction.facts
                let isOld = olderThan.map { facts.start >= 0 && now - facts.start > $0 } ?? true
                return isOld && producerIDs?.contains(facts.producer.id) ?? true
                    && states?.contains(facts.state) ?? true
            }
            .map {
                TransactionListing(transactionalID: $0.id, producerID: $0.facts.producer.id, state: $0.facts.state)
            }
            .sorted { $0.transactionalID < $1.transactionalID }
    }
}
