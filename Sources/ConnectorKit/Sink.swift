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

    /// Which schema the records are written with; `nil` writes payloads as they are.
    var encoding: PayloadEncoding? { get }

    /// Where `record` goes.
    func route(_ record: Record) -> LogRoute
}

extension LogSink {
    /// Payloads are written as they are.
    public var encoding: PayloadEncoding? { nil }
}

/// Destination of a record in a log.
public struct LogRoute: Sendable, Hashable {
    public var topic: TopicName
    /// `nil` is chosen by the key.
    public var partition: PartitionID?
    /// What the record's timestamp shall be; `nil` is the time of production.
    public var timestamp: Timestamp?
    private var keyPart: Part<[UInt8]?>

    /// A route with a key of its own; a `nil` key is a null key.
    public init(topic: TopicName, partition: PartitionID? = nil, key: [UInt8]?) {
        self.topic = topic
        self.partition = partition
        keyPart = .own(key)
    }

    /// A route with the key that `record` has, which is not copied.
    public init(topic: TopicName, partition: PartitionID? = nil, keyOf record: Record) {
        self.topic = topic
        self.partition = partition
        keyPart = record.keyPart
    }

    /// The key that the record is produced with; copied where it lies in the log's memory.
    public var key: [UInt8]? {
        get { withKey { $0.map { [UInt8]($0) } } }
        set { keyPart = .own(newValue) }
    }

    /// Calls `body` with the bytes of the key; `nil` for a null key. The buffer is valid inside `body` only.
    public func withKey<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        try keyPart.withBytes(body)
    }

    /// Routes are equal when they lead to the same place with the same key, wherever its bytes lie.
    public static func == (left: LogRoute, right: LogRoute) -> Bool {
        left.topic == right.topic && left.partition == right.partition && left.timestamp == right.timestamp
            && left.key == right.key
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(topic)
        hasher.combine(partition)
        hasher.combine(timestamp)
        hasher.combine(key)
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
