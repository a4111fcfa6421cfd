package import KafkaProtocol

/// Who asks for something inside a transaction.
package struct TransactionalProducer: Sendable, Hashable {
    /// `transactional.id`.
    package var transactionalID: String
    /// The producer id and epoch that InitProducerId gave.
    package var identity: ProducerIdentity

    /// A transactional producer's claim.
    package init(transactionalID: String, identity: ProducerIdentity) {
        self.transactionalID = transactionalID
        self.identity = identity
    }
}

/// What InitProducerId asks.
package struct InitProducerRequest: Sendable, Hashable {
    /// `nil` for a producer that is idempotent only.
    package var transactionalID: String?
    /// `transaction.timeout.ms`; without meaning for idempotence only.
    package var timeout: Int32
    /// From version 3 (KIP-360): what the producer has and wants to go on from. `nil` for id -1.
    package var current: ProducerIdentity?

    /// A request as version 3 has it.
    package init(transactionalID: String?, timeout: Int32, current: ProducerIdentity? = nil) {
        self.transactionalID = transactionalID
        self.timeout = timeout
        self.current = current
    }
}

/// Names a marker whose end the coordinator waits for.
package struct MarkerToken: Sendable, Hashable {
    /// The coordinator's own number.
    package let rawValue: UInt64

    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// What can happen to the transaction coordinator.
package enum TransactionEvent: Sendable {
    /// InitProducerId. Answered when durable.
    case initProducer(InitProducerRequest, ReplyToken)
    /// AddPartitionsToTxn. Answered when durable, and not before the end of the transaction before. Partitions that do not
    /// exist are the driver's to refuse.
    case addPartitions(TransactionalProducer, [LogPartition], ReplyToken)
    /// AddOffsetsToTxn: adds the group's partition of `__consumer_offsets`. Answered as `addPartitions` is.
    case addOffsets(TransactionalProducer, groupID: String, ReplyToken)
    /// EndTxn. Answered when the decision is durable; the markers follow.
    case end(TransactionalProducer, commit: Bool, ReplyToken)
    /// A write ended.
    case written(WriteToken, WriteOutcome)
    /// A marker is durable, or could not be written. UNKNOWN_TOPIC_OR_PARTITION and INVALID_PRODUCER_EPOCH say that there
    /// is nothing to mark any more; every other failure is tried again later.
    case marked(MarkerToken, ErrorCode?)
    /// A block of producer ids is durable, or could not be made so.
    case reserved(WriteToken, ErrorCode?)
    /// Time has passed; due when `nextDeadline` is reached, harmless at any other time.
    case tick
}

/// A control record that ends a transaction in one partition.
package struct TransactionMarker: Sendable, Hashable {
    /// What to report the end with.
    package var token: MarkerToken
    /// Where it goes. In a partition of `__consumer_offsets` its durability is also told to the group coordinator, by
    /// `GroupEvent.transactionEnded`, before it is told to this one.
    package var partition: LogPartition
    /// The producer that it is written for; after a timeout or a new incarnation its epoch is above the old one's, so
    /// that the partition fences that.
    package var producer: ProducerIdentity
    /// COMMIT or ABORT.
    package var committed: Bool
    /// The coordinator's epoch, 0: there is one node.
    package var coordinatorEpoch: Int32 = 0
}

/// What the driver has to do, in this order.
package enum TransactionAction: Sendable, Hashable {
    /// Answer a request.
    case reply(ReplyToken, TransactionReply)
    /// Append to `__transaction_state`, then report the end with `TransactionEvent.written`.
    case write(CoordinatorWrite)
    /// Append a marker, then report with `TransactionEvent.marked` when it is durable.
    case mark(TransactionMarker)
    /// Remember durably that all producer ids below `limit` are taken, then report with `TransactionEvent.reserved`.
    /// On the next start that number goes to `loadProducerIDs(from:)`.
    case reserveProducerIDs(below: Int64, WriteToken)
}

/// The answer to a request.
package enum TransactionReply: Sendable, Hashable {
    /// To `initProducer`; id and epoch are -1 with an error.
    case initProducer(ErrorCode?, ProducerIdentity)
    /// To `addPartitions`: one error for all of them, as Kafka answers up to version 3.
    case addPartitions(ErrorCode?)
    /// To `addOffsets`.
    case addOffsets(ErrorCode?)
    /// To `end`.
    case end(ErrorCode?)
}
