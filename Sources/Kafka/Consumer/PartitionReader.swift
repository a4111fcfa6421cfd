public import Log

/// The messages of one assigned partition, read by themselves; see ``ConsumerOptions/Delivery/perPartition(expecting:)``.
///
/// Fetching of the partition stops while nobody asks here, and goes on in all other partitions. The reader ends when the
/// group takes the partition back; a later assignment of the same partition needs a new reader. Rebalances, and errors
/// that do not concern one partition, come from ``Consumer/next(wait:)``, which somebody has to call.
///
/// Any task may use it, one at a time; the readers of different partitions do not disturb one another.
public final class PartitionReader: Sendable {
    /// What ``next(wait:)`` brought.
    public enum Event: Sendable {
        /// The next messages of the partition, in offset order.
        case batch(MessageBatch)
        /// Nothing came within the wait.
        case idle
        /// The partition belongs to this consumer no longer, or the consumer is closed.
        case ended
    }

    /// What is read.
    public let partition: TopicPartition
    private let number: UInt64
    private let loop: PollLoop

    init(_ partition: TopicPartition, _ number: UInt64, _ loop: PollLoop) {
        self.partition = partition
        self.number = number
        self.loop = loop
    }

    /// Waits up to `wait` for messages of the partition; a cancelled task does not wait.
    /// - Throws: what concerns this partition alone, for example ``Log/LogError/Code/authorization``; and what has ended the
    ///   whole client, as ``Consumer/next(wait:)``.
    public func next(wait: Duration) async throws(LogError) -> Event {
        try await loop.commands.demand(wait: wait, whenClosed: .success(.ended)) { [loop, partition, number] demand in
            loop.register(demand, for: partition, number)
        }
    }

    /// The partition's batches: ends with the reader, or when the task is cancelled. Pull-based, as ``Log/ConsumerBatches``.
    public var batches: Batches { Batches(reader: self) }

    /// The batches of one partition as an asynchronous sequence.
    public struct Batches: AsyncSequence, Sendable {
        fileprivate let reader: PartitionReader

        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reader: reader) }

        /// Pulls one batch after the other.
        public struct AsyncIterator: AsyncIteratorProtocol {
            fileprivate let reader: PartitionReader

            /// The next batch; `nil` when the partition is gone or the task is cancelled.
            public mutating func next(
                isolation actor: isolated (any Actor)? = #isolation
            ) async throws(LogError) -> MessageBatch? {
                while !Task.isCancelled {
                    switch try await reader.next(wait: .seconds(60)) {
                    case .batch(let batch): return batch
                    case .idle: continue
                    case .ended: return nil
                    }
                }
                return nil
            }

            /// The next batch, without an actor to stay on.
            public mutating func next() async throws(LogError) -> MessageBatch? {
                try await next(isolation: nil)
            }
        }
    }
}
