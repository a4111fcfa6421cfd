/// A producer; calls may come from several tasks, and each waits for its own records.
public protocol LogProducer: AnyObject, Sendable {
    /// Sends `batch` and waits until every record is acknowledged by all in-sync replicas or has failed for good.
    ///
    /// Suspends while the local queue is full. The result has one element per record, in the batch's order.
    /// - Throws: only what concerns the producer as a whole (closed, fatal); failures of records are in the result.
    func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult]

    /// Hands records over without waiting, or says ``LogError/Code/queueFull`` when there is no room for all of them.
    /// Used where a caller must answer "try later" at once instead of waiting.
    var queueIsFull: Bool { get }

    /// Opens a transaction. Records sent from here on become visible with the commit.
    func beginTransaction() async throws(LogError)
    /// Adds the consumer's offsets to the open transaction.
    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(LogError)
    /// Makes records and offsets visible together. Retries what is retriable within the transaction's timeout.
    func commitTransaction() async throws(LogError)
    func abortTransaction() async throws(LogError)

    /// Waits up to `deadline` for outstanding records, then fails the rest and ends the producer.
    func close(within deadline: Duration) async
}

/// What became of one produced record.
public enum ProduceResult: Sendable, Hashable {
    case acknowledged(TopicPartition, Offset)
    case failed(LogError)
}
