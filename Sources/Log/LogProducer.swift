/// A producer; calls may come from several tasks, and each waits for its own records.
public protocol LogProducer: AnyObject, Sendable {
    /// Sends `batch` and waits until every record is acknowledged by all in-sync replicas or has failed for good.
    ///
    /// Suspends while the local queue is full. A task that is cancelled meanwhile hands over no more: those records' result
    /// is ``LogError/Code/queueFull``, and what was handed over before is waited for and reported as ever. The result has
    /// one element per record, in the batch's order; records of one partition are written in that order.
    /// - Throws: only what concerns the producer as a whole (closed, fatal); failures of records are in the result.
    func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult]

    /// Whether a batch sent now would have to wait for room. For callers that must answer "try later" at once.
    var queueIsFull: Bool { get }

    /// Opens a transaction. Records sent from here on become visible with the commit.
    func beginTransaction() async throws(TransactionError)
    /// Adds the consumer's offsets to the open transaction, to be committed with it (KIP-447).
    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(TransactionError)
    /// Makes records and offsets visible together. Waits for every record's acknowledgement first, and retries what is
    /// retriable within ``ProducerConfiguration/transactionTimeout``.
    func commitTransaction() async throws(TransactionError)
    /// Drops the open transaction's records and offsets; the producer goes on with the next one.
    func abortTransaction() async throws(TransactionError)

    /// Waits up to `deadline` for outstanding records, then fails the rest and ends the producer.
    func close(within deadline: Duration) async
}

/// What became of one produced record.
public enum ProduceResult: Sendable, Hashable {
    /// Every in-sync replica has it.
    case acknowledged(Acknowledgement)
    /// Nothing more is tried. Whether the record was written is certain only where the error says so.
    indirect case failed(LogError)

    /// Where the record is; `nil` when it failed.
    public var acknowledgement: Acknowledgement? {
        if case .acknowledged(let place) = self { place } else { nil }
    }
}

/// Where a record has come to lie in its topic.
public struct Acknowledgement: Sendable, Hashable {
    /// The partition that was asked for, or that the log chose.
    public var partition: PartitionID
    /// The record's own offset.
    public var offset: Offset
    /// The record's time as the log keeps it: the producer's, or the broker's where the topic has
    /// `message.timestamp.type=LogAppendTime`. `nil` where the log does not say.
    public var timestamp: Timestamp?

    /// A record's place and time.
    public init(_ partition: PartitionID, _ offset: Offset, timestamp: Timestamp? = nil) {
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
    }
}
