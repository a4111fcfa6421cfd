/// A member of a consumer group, driven by one caller at a time.
///
/// The group protocol goes on between calls: heartbeats are sent while the caller works, and a consumer whose caller
/// waits long is kept in its group as long as the process lives.
public protocol LogConsumer: AnyObject, Sendable {
    /// Waits up to `wait` for messages or a change of the assignment.
    /// - Throws: a ``LogError`` that ``LogError/isFatal`` or that the caller must decide about; transient connection loss
    ///   is not an error, the consumer waits and goes on. A fatal error is thrown by every later call, too, until
    ///   ``close()``.
    func next(wait: Duration) async throws(LogError) -> ConsumerEvent

    /// Answers a rebalance. Partitions of an assignment are read only after this call, from `positions` where given,
    /// else from the committed offset, else from ``ConsumerConfiguration/start``. Answering a rebalance that a newer one
    /// has superseded does nothing and returns `false`.
    @discardableResult
    func complete(_ rebalance: Rebalance, from positions: [TopicPartition: Offset]) async throws(LogError) -> Bool

    /// The group's committed offsets of `partitions`; partitions without one are absent.
    func committed(_ partitions: [TopicPartition]) async throws(LogError) -> [TopicPartition: CommittedOffset]

    /// Commits and waits for the broker's answer. Only partitions that are assigned can be committed.
    /// - Throws: ``LogError/Code/staleGeneration`` for a partition that is not assigned, or no longer.
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError)

    /// Stops fetching `partitions`; messages already handed out are unaffected, and none follow after the return.
    func pause(_ partitions: [TopicPartition]) async throws(LogError)
    /// Goes on to fetch `partitions` where each of them stopped.
    func resume(_ partitions: [TopicPartition]) async throws(LogError)

    /// Continues to read `partition` at `offset`; messages from before the seek are not handed out after the return.
    func seek(_ partition: TopicPartition, to offset: Offset) async throws(LogError)

    /// What a transactional producer needs to commit this consumer's offsets so that the broker can fence a stale
    /// generation (KIP-447).
    func groupMetadata() async throws(LogError) -> any ConsumerGroupMetadata

    /// The end of `partition` as last reported by the broker, without a request; `nil` when not known yet.
    func knownEnd(of partition: TopicPartition) -> Offset?

    /// Leaves the group. Outstanding rebalances are answered, nothing is committed.
    func close() async
}

/// An opaque snapshot of group id, generation and member id.
public protocol ConsumerGroupMetadata: AnyObject, Sendable {}

/// A committed offset and the text committed beside it.
public struct CommittedOffset: Hashable, Sendable {
    /// The next offset to read.
    public var offset: Offset
    /// At most 4096 bytes (the broker's `offset.metadata.max.bytes`).
    public var metadata: String

    /// `offset` is the next one to read, which is one past the last record that was dealt with.
    public init(_ offset: Offset, metadata: String = "") {
        self.offset = offset
        self.metadata = metadata
    }
}

/// What ``LogConsumer/next(wait:)`` brought.
public enum ConsumerEvent: Sendable {
    /// Messages, at least one.
    case batch(MessageBatch)
    /// The group changed the assignment; it takes effect when the caller answers with
    /// ``LogConsumer/complete(_:from:)``.
    case rebalance(Rebalance)
    /// Nothing came within the wait.
    case idle
    /// The consumer was closed; nothing comes any more.
    case closed
}

/// One change of a consumer's assignment.
public struct Rebalance: Sendable, Hashable {
    /// What a rebalance does to its partitions.
    public enum Change: Sendable, Hashable {
        /// Partitions to be added to the assignment.
        case assign
        /// Partitions to be given up in good order: settle, commit, then answer.
        case revoke
        /// Partitions that another member may own already: drop their work, commit nothing.
        case lose
    }

    /// Counts the rebalances of this consumer from 1. Work of an older generation on the same partition is refused.
    public let generation: UInt64
    /// What happens to ``partitions``.
    public let change: Change
    /// The partitions that the change is about, ascending. An eager revoke is about all that the consumer has, whatever it lists.
    public let partitions: [TopicPartition]

    /// A change as a log reports it; callers only pass on what they were given.
    public init(generation: UInt64, change: Change, partitions: [TopicPartition]) {
        self.generation = generation
        self.change = change
        self.partitions = partitions
    }
}
