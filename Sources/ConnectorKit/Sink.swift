public import Delivery
public import Log

/// Takes records to a target.
///
/// The runtime owns everything around delivery: order, concurrency, retries, dead letters and commits. A sink makes one
/// attempt and says per record what came of it.
public protocol Sink: Sendable {
    /// How many records one ``deliver(_:)`` may carry, and how long the first may wait for company. `nil` is one record per
    /// call.
    var batching: BatchPolicy? { get }

    /// Makes one attempt to deliver `records` in order, within the connector's `timeout`.
    ///
    /// Called concurrently, never with records whose order matters between the calls. When the task is cancelled, the
    /// attempt may be abandoned; the records are then delivered again after a restart.
    /// - Returns: one result per record, in the same order.
    func deliver(_ records: [Record]) async -> [SinkResult]

    /// Releases connections and files. No delivery is under way.
    func close() async
}

/// A sink whose target is the log itself: the runtime produces the records in the same transaction as the offsets of
/// the input, so that delivery is exactly once.
public protocol LogSink: Sendable {
    /// Every topic that ``route(_:)`` may name, as far as it is known before the first record.
    var topics: [TopicName] { get }

    /// Where `record` goes.
    func route(_ record: Record) -> LogRoute
}

/// Destination of a record in a log.
public struct LogRoute: Sendable, Hashable {
    public var topic: TopicName
    /// `nil` is chosen by the key.
    public var partition: PartitionID?
    public var key: [UInt8]?

    public init(topic: TopicName, partition: PartitionID? = nil, key: [UInt8]?) {
        self.topic = topic
        self.partition = partition
        self.key = key
    }
}

/// How records are gathered into one delivery.
public struct BatchPolicy: Sendable, Hashable {
    /// Most records per delivery.
    public var max: Int
    /// Longest wait of the first record for others.
    public var within: Duration

    public init(max: Int, within: Duration) {
        self.max = max
        self.within = within
    }
}
