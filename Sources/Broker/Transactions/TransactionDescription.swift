/// A transaction's state; the raw value is the one that Kafka stores.
package enum TransactionState: Int8, Sendable, Hashable, CaseIterable {
    /// The id is known, no transaction was begun.
    case empty = 0
    /// Partitions were added.
    case ongoing = 1
    /// Committed; the markers are being written.
    case prepareCommit = 2
    /// Aborted; the markers are being written.
    case prepareAbort = 3
    /// Committed, markers included.
    case completeCommit = 4
    /// Aborted, markers included.
    case completeAbort = 5
    /// Expired. Never stored: a tombstone is.
    case dead = 6
    /// The epoch is being raised to fence the producer. Never stored: `prepareAbort` is.
    case prepareEpochFence = 7

    /// How Kafka names it in DescribeTransactions and ListTransactions.
    package var name: String {
        switch self {
        case .empty: "Empty"
        case .ongoing: "Ongoing"
        case .prepareCommit: "PrepareCommit"
        case .prepareAbort: "PrepareAbort"
        case .completeCommit: "CompleteCommit"
        case .completeAbort: "CompleteAbort"
        case .dead: "Dead"
        case .prepareEpochFence: "PrepareEpochFence"
        }
    }
}

/// The answer to DescribeTransactions for one id.
package struct TransactionDescription: Sendable, Hashable {
    /// The id.
    package var transactionalID: String
    /// Its state.
    package var state: TransactionState
    /// The producer that holds it.
    package var producer: ProducerIdentity
    /// `transaction.timeout.ms`.
    package var timeout: Int32
    /// Milliseconds since 1970 when the transaction began; -1 without one.
    package var startTimestamp: Int64
    /// The partitions that were added and are not marked yet, sorted.
    package var partitions: [LogPartition]
}

/// One line of ListTransactions.
package struct TransactionListing: Sendable, Hashable {
    /// The id.
    package var transactionalID: String
    /// The producer id that holds it.
    package var producerID: Int64
    /// Its state.
    package var state: TransactionState
}

/// Bounds and times of transactions, as Kafka's `transaction*.*`; times in milliseconds.
package struct TransactionSettings: Sendable, Hashable {
    /// `transaction.max.timeout.ms`.
    package var maximumTimeout: Int64 = 900_000
    /// `transactional.id.expiration.ms`.
    package var idExpiration: Int64 = 604_800_000
    /// `transaction.remove.expired.transaction.cleanup.interval.ms`.
    package var expiryInterval: Int64 = 3_600_000
    /// How long after a failed write of a marker it is tried again.
    package var markerRetryDelay: Int64 = 500
    /// Producer ids that one durable reservation covers.
    package var producerIDBlock: Int64 = 1_000
    /// `transaction.state.log.num.partitions`; must never change.
    package var statePartitions: Int32 = 50
    /// `offsets.topic.num.partitions`; must be the group coordinator's.
    package var offsetsPartitions: Int32 = 50

    /// Kafka's defaults, but for the expiry and retry intervals.
    package init() {}
}
