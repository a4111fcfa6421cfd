public import Log

/// One topic as a client sees it.
public struct TopicStatistics: Sendable, Decodable {
    /// Milliseconds since the topic's metadata was fetched.
    public let metadataAge: Int64
    /// Bytes of the batches that were sent.
    public let batchBytes: LatencyWindow
    /// Records of the batches that were sent.
    public let batchMessages: LatencyWindow
    /// Those of the topic that the client knows; never librdkafka's own "partition -1".
    public let partitions: [PartitionID: PartitionStatistics]

    enum CodingKeys: String, CodingKey {
        case partitions
        case metadataAge = "metadata_age"
        case batchBytes = "batchsize"
        case batchMessages = "batchcnt"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadataAge = try container.decode(Int64.self, forKey: .metadataAge)
        batchBytes = try container.decode(LatencyWindow.self, forKey: .batchBytes)
        batchMessages = try container.decode(LatencyWindow.self, forKey: .batchMessages)
        var partitions: [PartitionID: PartitionStatistics] = [:]
        for (name, statistics) in try container.decode([String: PartitionStatistics].self, forKey: .partitions) {
            guard let number = Int32(name), number >= 0 else { continue }
            partitions[PartitionID(rawValue: number)] = statistics
        }
        self.partitions = partitions
    }
}

/// One partition as a client sees it. Offsets that are not known are `nil`.
public struct PartitionStatistics: Sendable, Decodable {
    /// Id of the leader; `-1` without one.
    public let leader: Int32
    /// `none`, `stopping`, `stopped`, `offset-query`, `offset-wait`, `active`.
    public let fetchState: String
    /// Messages that were fetched and not yet taken.
    public let fetchedMessages: Int64
    /// Bytes of the messages that were fetched and not yet taken.
    public let fetchedBytes: Int64
    /// Messages that wait in the producer's queue of the partition; those that its broker's queue has are not among them.
    public let queuedMessages: Int64
    /// Bytes of the messages that wait in that queue.
    public let queuedBytes: Int64
    /// The next offset to be handed to the application.
    public let position: Offset?
    /// What was stored to be committed.
    public let stored: Offset?
    /// What the group has committed, as this client knows it.
    public let committed: Offset?
    /// Where the partition ended when the client last reached its end.
    public let reachedEnd: Offset?
    /// The first offset that is kept.
    public let low: Offset?
    /// The high watermark: after the last record that every in-sync replica has.
    public let high: Offset?
    /// The broker's last stable offset: what a reader of committed records may see up to.
    public let lastStable: Offset?
    /// Messages between the committed offset and the end of what the client may read; `nil` where one of the two is not
    /// known, as with a ``Reader``, which commits nothing.
    public let lag: Int64?
    /// Messages produced since the client was opened.
    public let sentMessages: Int64
    /// Their bytes.
    public let sentBytes: Int64
    /// Messages fetched since the client was opened, without those that were dropped for their offset.
    public let receivedMessages: Int64
    /// Their bytes.
    public let receivedBytes: Int64

    enum CodingKeys: String, CodingKey {
        case leader
        case fetchState = "fetch_state"
        case fetchedMessages = "fetchq_cnt"
        case fetchedBytes = "fetchq_size"
        case queuedMessages = "msgq_cnt"
        case queuedBytes = "msgq_bytes"
        case position = "app_offset"
        case stored = "stored_offset"
        case committed = "committed_offset"
        case reachedEnd = "eof_offset"
        case low = "lo_offset"
        case high = "hi_offset"
        case lastStable = "ls_offset"
        case lag = "consumer_lag"
        case sentMessages = "txmsgs"
        case sentBytes = "txbytes"
        case receivedMessages = "rxmsgs"
        case receivedBytes = "rxbytes"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int64 { try container.decode(Int64.self, forKey: key) }
        // Negative numbers are librdkafka's signs for "unknown" (RD_KAFKA_OFFSET_INVALID and others).
        func offset(_ key: CodingKeys) throws -> Offset? {
            let value = try number(key)
            return value >= 0 ? Offset(value) : nil
        }
        leader = try container.decode(Int32.self, forKey: .leader)
        fetchState = try container.decode(String.self, forKey: .fetchState)
        fetchedMessages = try number(.fetchedMessages)
        fetchedBytes = try number(.fetchedBytes)
        queuedMessages = try number(.queuedMessages)
        queuedBytes = try number(.queuedBytes)
        position = try offset(.position)
        stored = try offset(.stored)
        committed = try offset(.committed)
        reachedEnd = try offset(.reachedEnd)
        low = try offset(.low)
        high = try offset(.high)
        lastStable = try offset(.lastStable)
        let lag = try number(.lag)
        self.lag = lag >= 0 ? lag : nil
        sentMessages = try number(.sentMessages)
        sentBytes = try number(.sentBytes)
        receivedMessages = try number(.receivedMessages)
        receivedBytes = try number(.receivedBytes)
    }
}

/// A member's view of its group.
public struct GroupStatistics: Sendable, Decodable {
    /// Of the coordinator: `init`, `wait-coord`, `wait-broker`, `up` and others; `up` serves.
    public let state: String
    /// Milliseconds in this state.
    public let stateAge: Int64
    /// `init`, `wait-join`, `wait-sync`, `steady` and others; `steady` reads.
    public let joinState: String
    /// Milliseconds since the last rebalance.
    public let rebalanceAge: Int64
    /// Rebalances so far.
    public let rebalances: Int64
    /// Why the last one came to be; empty before it.
    public let rebalanceReason: String
    /// Partitions that the member has.
    public let assignedPartitions: Int

    enum CodingKeys: String, CodingKey {
        case state
        case stateAge = "stateage"
        case joinState = "join_state"
        case rebalanceAge = "rebalance_age"
        case rebalances = "rebalance_cnt"
        case rebalanceReason = "rebalance_reason"
        case assignedPartitions = "assignment_size"
    }
}

/// The state of an idempotent or transactional producer.
public struct TransactionStatistics: Sendable, Decodable {
    /// `Init`, `Terminated`, `RequestPID`, `WaitPID`, `Assigned`, `DrainReset`, `DrainBump` and others.
    public let idempotenceState: String
    /// Milliseconds in this state.
    public let idempotenceStateAge: Int64
    /// `Init`, `Ready`, `InTransaction`, `BeginCommit`, `AbortableError`, `FatalError` and others.
    public let transactionState: String
    /// Milliseconds in this state.
    public let transactionStateAge: Int64
    /// `-1` before the broker has given one.
    public let producerID: Int64
    /// -1 until the broker has given one.
    public let producerEpoch: Int32
    /// How often the broker gave an id or an epoch.
    public let epochs: Int64

    enum CodingKeys: String, CodingKey {
        case idempotenceState = "idemp_state"
        case idempotenceStateAge = "idemp_stateage"
        case transactionState = "txn_state"
        case transactionStateAge = "txn_stateage"
        case producerID = "producer_id"
        case producerEpoch = "producer_epoch"
        case epochs = "epoch_cnt"
    }
}
