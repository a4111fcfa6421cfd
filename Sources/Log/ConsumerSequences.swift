internal import Synchronization

/// A consumer's batches as an asynchronous sequence: `for try await batch in consumer.batches`.
///
/// The loop pulls: a batch is asked for when the one before has been dealt with, so that a slow loop slows the fetching.
/// It ends when the consumer is closed or the task is cancelled, at once in both cases; a batch that was not handed out
/// by then is handed out by the next loop. Leaving the loop loses nothing for the same reason. One loop at a time.
public struct ConsumerBatches: AsyncSequence, Sendable {
    /// Deals with a rebalance before it is answered and returns where to start reading; see
    /// ``LogConsumer/complete(_:from:)``. What it throws ends the loop, and the rebalance stays unanswered.
    public typealias RebalanceHandler =
        @Sendable (_ rebalance: Rebalance) async throws(LogError) -> [TopicPartition: Offset]

    fileprivate let consumer: any LogConsumer
    fileprivate let handler: RebalanceHandler?

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(consumer: consumer, handler: handler)
    }

    /// Pulls one batch after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        /// How long one call waits; a longer silence takes more calls.
        private static let wait = Duration.seconds(60)

        fileprivate let consumer: any LogConsumer
        fileprivate let handler: RebalanceHandler?

        /// The next batch; `nil` when the consumer is closed or the task is cancelled.
        /// - Throws: what ``LogConsumer/next(wait:)``, ``LogConsumer/complete(_:from:)`` or the handler throws.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(LogError) -> MessageBatch? {
            while !Task.isCancelled {
                switch try await consumer.next(wait: Self.wait) {
                case .batch(let batch): return batch
                case .idle: continue
                case .closed: return nil
                case .rebalance(let rebalance):
                    let positions = try await handler?(rebalance) ?? [:]
                    try await consumer.complete(rebalance, from: positions)
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

extension LogConsumer {
    /// The consumer's batches. Rebalances are answered at once: partitions start at their committed offsets and are given
    /// up without a commit.
    public var batches: ConsumerBatches { ConsumerBatches(consumer: self, handler: nil) }

    /// The consumer's batches, with a word in every rebalance: `handler` commits what a revoked partition owes, and may say
    /// where an assigned one starts.
    public func batches(onRebalance handler: @escaping ConsumerBatches.RebalanceHandler) -> ConsumerBatches {
        ConsumerBatches(consumer: self, handler: handler)
    }
}

/// Where loops over single messages stopped: the batch that the last one was in, and how far it came.
public final class MessageCursor: Sendable {
    private struct Place: Sendable {
        var batch: MessageBatch
        var next: Int
    }

    private let place = Mutex<Place?>(nil)

    /// A cursor before everything.
    public init() {}

    fileprivate func takeNext() -> MessageView? {
        place.withLock { place in
            guard let current = place else { return nil }
            let isLast = current.next + 1 >= current.batch.count
            place = isLast ? nil : Place(batch: current.batch, next: current.next + 1)
            return current.batch[current.next]
        }
    }

    fileprivate func begin(_ batch: MessageBatch) {
        guard !batch.isEmpty else { return }
        place.withLock { $0 = Place(batch: batch, next: 0) }
    }
}

/// Single messages as an asynchronous sequence, made of the batches of ``ConsumerBatches``: for convenience. A batch at a
/// time costs a fraction of it.
///
/// Loops that share a ``MessageCursor`` go on where the one before stopped, inside a batch too. One loop at a time.
public struct ConsumerMessages: AsyncSequence, Sendable {
    private let batches: ConsumerBatches
    private let cursor: MessageCursor

    /// The messages of `batches`, from where `cursor` stands.
    public init(_ batches: ConsumerBatches, from cursor: MessageCursor = MessageCursor()) {
        self.batches = batches
        self.cursor = cursor
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(cursor: cursor, batches: batches.makeAsyncIterator())
    }

    /// Pulls one message after the other.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let cursor: MessageCursor
        fileprivate var batches: ConsumerBatches.AsyncIterator

        /// The next message; `nil` when the consumer is closed or the task is cancelled.
        /// - Throws: as ``ConsumerBatches/AsyncIterator/next(isolation:)``.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(LogError) -> MessageView? {
            while !Task.isCancelled {
                if let message = cursor.takeNext() { return message }
                guard let batch = try await batches.next(isolation: actor) else { return nil }
                cursor.begin(batch)
            }
            return nil
        }

        /// The next message, without an actor to stay on.
        public mutating func next() async throws(LogError) -> MessageView? {
            try await next(isolation: nil)
        }
    }
}
