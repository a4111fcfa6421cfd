internal import KafkaProtocol

/// Partitions that are added while the last transaction of the same producer is being finished.
///
/// Kafka refuses them with CONCURRENT_TRANSACTIONS, and the client comes again after a pause: 20 ms for AddPartitionsToTxn and
/// `retry.backoff.ms`, 100 ms, for AddOffsetsToTxn with librdkafka. A producer that begins its next transaction at once meets
/// that every time, since markers take a moment. So such a request waits here for that moment; where the finish itself fails
/// and is tried again, it is refused as in Kafka.
extension TransactionCoordinator {
    /// Requests of one transactional id that may wait: clients have one or two under way.
    private static let mostWaiting = 16

    /// Whether the event has been put off until its transactional id is free.
    mutating func waits(_ event: TransactionEvent) -> Bool {
        guard let producer = event.addition, let transaction = transactions[producer.transactionalID],
            transaction.identityError(producer.identity) == nil, transaction.isBusy,
            transaction.retryTimer.deadline == nil,
            transaction.waiting.count < Self.mostWaiting
        else { return false }
        transactions[producer.transactionalID]?.waiting.append(event)
        return true
    }

    /// Takes in what waited, if the transactional id is free now.
    mutating func resume(_ id: String) {
        guard transactions[id]?.isBusy == false else { return }
        for event in takeWaiting(id) { take(event) }
    }

    /// Refuses what waits.
    mutating func turnAway(_ id: String) {
        for event in takeWaiting(id) {
            switch event {
            case .addPartitions(_, _, let token): effects.reply(token, .addPartitions(.concurrentTransactions))
            case .addOffsets(_, _, let token): effects.reply(token, .addOffsets(.concurrentTransactions))
            default: break
            }
        }
    }

    private mutating func takeWaiting(_ id: String) -> [TransactionEvent] {
        let waiting = transactions[id]?.waiting ?? []
        transactions[id]?.waiting = []
        return waiting
    }
}

extension TransactionEvent {
    /// Who adds something to a transaction.
    fileprivate var addition: TransactionalProducer? {
        switch self {
        case .addPartitions(let producer, _, _), .addOffsets(let producer, _, _): producer
        default: nil
        }
    }
}
