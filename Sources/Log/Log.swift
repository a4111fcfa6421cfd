/// The seam between a program and a durable, partitioned log, one batch at a time.
///
/// Two conformers serve it: `KafkaLog` over librdkafka, and `InMemoryLog` for connector tests, model tests and runs
/// under ThreadSanitizer. Everything that waits is `async` and never blocks the cooperative pool.
public protocol Log: Sendable {
    /// Opens a member of a consumer group. Nothing is read before the first ``LogConsumer/next(wait:)``.
    func consumer(_ configuration: ConsumerConfiguration) async throws(LogError) -> any LogConsumer
    /// Opens a producer. With a transactional id this fences every earlier producer of the same id (KIP-98).
    func producer(_ configuration: ProducerConfiguration) async throws(LogError) -> any LogProducer
    /// Opens a reader of explicit partitions, outside any group, that sees committed records only.
    func reader(onDeleted: DeletedRecords) async throws(LogError) -> any LogReader
    /// Creates the topics that do not exist yet; existing ones are left as they are.
    func createTopics(_ topics: [TopicSpecification]) async throws(LogError)
    /// The partitions of `topic`, ascending; empty when the topic does not exist.
    func partitions(of topic: TopicName) async throws(LogError) -> [PartitionID]
    /// Every topic with its number of partitions, internal ones included.
    func topics() async throws(LogError) -> [TopicName: Int]
    /// The settings of `topics` by Kafka's names, as far as they are not the broker's own defaults.
    /// - Throws: ``LogError/Code/unknownTopicOrPartition`` when one of them does not exist.
    func settings(of topics: [TopicName]) async throws(LogError) -> [TopicName: [String: String]]
    /// What tells this cluster from every other; offsets mean something inside one cluster only. `nil` where the brokers
    /// have no id (Apache Kafka before 0.10.1).
    func clusterID() async throws(LogError) -> String?
}

extension Log {
    /// Opens a reader that goes on where the log begins when what it was to read has been deleted.
    public func reader() async throws(LogError) -> any LogReader {
        try await reader(onDeleted: .skip)
    }
}

/// What a reader does at an offset that retention has deleted, or that lies beyond the end.
public enum DeletedRecords: Sendable, Hashable {
    /// Goes on with the first record that is there.
    case skip
    /// Throws ``LogError/Code/offsetOutOfRange``; the reader reads on after ``LogReader/assign(_:)``.
    case fail
}

/// A topic to be created.
public struct TopicSpecification: Sendable, Hashable {
    /// Must be one that a broker accepts; see ``TopicName/isValid``.
    public var name: TopicName
    /// At least 1.
    public var partitions: Int
    /// Topic settings by Kafka's names, for example `cleanup.policy: compact`.
    public var settings: [String: String]

    /// A topic with the broker's own settings but for `settings`.
    public init(_ name: TopicName, partitions: Int, settings: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.settings = settings
    }
}

/// Where a group without a committed offset starts.
public enum StartPosition: String, Sendable, CaseIterable {
    /// At the first record that is still there, or after the last one (`auto.offset.reset`).
    case earliest, latest
}

/// What a consumer group member reads and how much it may hold.
public struct ConsumerConfiguration: Sendable {
    /// `group.id`: members with the same one share the partitions.
    public var group: String
    /// Topic names; one that starts with `^` is a regular expression over topic names.
    public var topics: [TopicName]
    /// Where partitions without a committed offset start.
    public var start: StartPosition
    /// `group.instance.id` (KIP-345) for members that keep their partitions over a restart.
    public var instanceID: String?
    /// Most messages in one batch.
    public var maxBatch: Int
    /// Most bytes that the client fetches ahead, over all partitions.
    public var fetchBudget: Int
    /// How long a silent member keeps its partitions.
    public var sessionTimeout: Duration

    /// A member with the defaults shown.
    public init(
        group: String,
        topics: [TopicName],
        start: StartPosition = .earliest,
        instanceID: String? = nil,
        maxBatch: Int = 1000,
        fetchBudget: Int = 32 << 20,
        sessionTimeout: Duration = .seconds(10)
    ) {
        self.group = group
        self.topics = topics
        self.start = start
        self.instanceID = instanceID
        self.maxBatch = maxBatch
        self.fetchBudget = fetchBudget
        self.sessionTimeout = sessionTimeout
    }
}

/// How a producer sends.
public struct ProducerConfiguration: Sendable {
    /// `nil` is an idempotent producer without transactions.
    public var transactionalID: String?
    /// How long a batch waits for company.
    public var linger: Duration
    /// How long a record may stay unacknowledged before it is reported as failed.
    public var deliveryTimeout: Duration
    /// How long the broker keeps an idle transaction open.
    public var transactionTimeout: Duration

    /// A producer with the defaults shown.
    public init(
        transactionalID: String? = nil,
        linger: Duration = .milliseconds(5),
        deliveryTimeout: Duration = .seconds(30),
        transactionTimeout: Duration = .seconds(60)
    ) {
        self.transactionalID = transactionalID
        self.linger = linger
        self.deliveryTimeout = deliveryTimeout
        self.transactionTimeout = transactionTimeout
    }
}
