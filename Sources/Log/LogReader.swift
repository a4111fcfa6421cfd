/// Reads explicit partitions from explicit offsets: rebuilding state, inspecting topics, reconciling.
///
/// Driven by one caller at a time. Records of aborted transactions are never seen.
public protocol LogReader: AnyObject, Sendable {
    /// Replaces what is read.
    func assign(_ positions: [TopicPartition: Offset]) async throws(LogError)
    /// Waits up to `wait` for messages or for the end of a partition.
    func next(wait: Duration) async throws(LogError) -> ReaderEvent
    /// The first offset that is still there and the offset after the last record, from the broker.
    func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset>
    /// The first offset whose record is not older than `time`; `nil` when there is none.
    func offset(in partition: TopicPartition, at time: Timestamp) async throws(LogError) -> Offset?
    /// Ends the reader. Batches that were handed out stay readable.
    func close() async
}

/// What ``LogReader/next(wait:)`` brought.
public enum ReaderEvent: Sendable {
    /// Messages, at least one, in the order of each partition.
    case batch(MessageBatch)
    /// The reader has seen everything before `Offset`, the partition's end at this moment.
    case end(TopicPartition, Offset)
    /// Nothing came within the wait.
    case idle
}

extension LogReader {
    /// Calls `body` with every message of `range`, in order, batch by batch; returns when the range is exhausted.
    ///
    /// The end of the range may lie on offsets that hold no record (compacted, control or aborted records).
    /// - Throws: `CancellationError` when the task is cancelled, and whatever the log or `body` throws.
    public func read(
        _ partition: TopicPartition,
        in range: Range<Offset>,
        _ body: (MessageView) async throws -> Void
    ) async throws {
        guard !range.isEmpty else { return }
        try await assign([partition: range.lowerBound])
        while true {
            // A cancelled task no longer waits in `next`: without this look it would turn here for ever.
            try Task.checkCancellation()
            switch try await next(wait: .seconds(1)) {
            case .batch(let batch):
                for index in 0..<batch.count where batch[index].topicPartition == partition {
                    let message = batch[index]
                    if message.offset >= range.upperBound { return }
                    try await body(message)
                    if message.offset.next >= range.upperBound { return }
                }
            case .end(let ended, let offset) where ended == partition && offset >= range.upperBound:
                return
            case .end, .idle:
                continue
            }
        }
    }
}
