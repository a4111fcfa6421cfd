package import KafkaProtocol

/// Names a request of the driver that waits for its answer. A coordinator answers each token exactly once, some of them
/// much later; an answer to a connection that is gone is the driver's to drop.
package struct ReplyToken: Sendable, Hashable {
    /// The driver's own number.
    package let rawValue: UInt64

    /// A token; the driver never uses one twice while it is unanswered.
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// Names a write whose end the coordinator waits for.
package struct WriteToken: Sendable, Hashable {
    /// The coordinator's own number; the two coordinators number apart.
    package let rawValue: UInt64

    init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// A partition of a topic.
package struct LogPartition: Sendable, Hashable, Comparable {
    /// The topic's name.
    package var topic: String
    /// The partition's number, from 0.
    package var partition: Int32

    /// The partition `partition` of `topic`.
    package init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// By topic, then by number.
    package static func < (left: LogPartition, right: LogPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}

/// A producer's id and epoch; both are -1 where Kafka says "none".
package struct ProducerIdentity: Sendable, Hashable {
    /// The producer id.
    package var id: Int64
    /// The epoch: a higher one of the same id fences this one.
    package var epoch: Int16

    /// A producer's id and epoch.
    package init(id: Int64, epoch: Int16) {
        self.id = id
        self.epoch = epoch
    }
}

/// A record of `__consumer_offsets` or `__transaction_state` in Kafka's own format.
package struct CoordinatorRecord: Sendable, Hashable {
    /// The key with its version in front.
    package var key: [UInt8]
    /// The value with its version in front; `nil` is a tombstone.
    package var value: [UInt8]?

    /// A record as it is stored.
    package init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// One record batch that a coordinator wants appended to its topic.
///
/// The driver appends the writes of one partition in the order in which they were returned, and reports their ends in
/// that order, each exactly once.
package struct CoordinatorWrite: Sendable, Hashable {
    /// What to report the end of the write with.
    package var token: WriteToken
    /// The partition of the coordinator's topic.
    package var partition: Int32
    /// One or more records, in order.
    package var records: [CoordinatorRecord]
    /// Set for offsets of an open transaction: the batch is transactional, of this producer, without a sequence.
    package var producer: ProducerIdentity?
}

/// How a write ended.
package enum WriteOutcome: Sendable, Hashable {
    /// It survives a power loss; `offset` is the base offset that the batch got.
    case durable(offset: Int64)
    /// It is not in the log, or may not be.
    case failed(ErrorCode)
}
