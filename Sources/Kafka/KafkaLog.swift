internal import CLibrdkafka
public import Log
public import Logging
internal import Synchronization

/// The log of a Kafka cluster, by librdkafka.
///
/// Clients are independent: each consumer, producer and reader has its own connections and its own thread. Topics are
/// created and described by one admin client, made when it is first needed.
public final class KafkaLog: Log {
    /// How every client of this log reaches the cluster.
    public let configuration: ClientConfiguration
    /// The version of librdkafka that is linked, for example `2.0.2`.
    public static var libraryVersion: String { unsafe String(cString: rd_kafka_version_str()) }
    private let logger: Logger
    private let admin = Mutex<Admin?>(nil)

    /// Nothing is connected or checked before the first client is opened.
    public init(_ configuration: ClientConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// A ``Consumer`` with ``ConsumerOptions`` as they are.
    public func consumer(_ configuration: ConsumerConfiguration) async throws(LogError) -> any LogConsumer {
        try await Consumer.open(configuration, client: self.configuration, logger: logger)
    }

    /// A ``Producer``.
    public func producer(_ configuration: ProducerConfiguration) async throws(LogError) -> any LogProducer {
        try await Producer.open(configuration, client: self.configuration, logger: logger)
    }

    /// A ``Reader``.
    public func reader(onDeleted: DeletedRecords) async throws(LogError) -> any LogReader {
        try await Reader.open(client: configuration, onDeleted: onDeleted, logger: logger)
    }

    /// See ``Log/Log/createTopics(_:)``.
    public func createTopics(_ topics: [TopicSpecification]) async throws(LogError) {
        let failures = try await sharedAdmin().createTopics(topics).failures()
        let first = failures.filter { $0.value.name != "TOPIC_ALREADY_EXISTS" }.min { $0.key < $1.key }
        if let first { throw first.value }
    }

    /// See ``Log/Log/partitions(of:)``. Never creates the topic.
    public func partitions(of topic: TopicName) async throws(LogError) -> [PartitionID] {
        guard let result = try await sharedAdmin().describeTopics([topic])[topic] else { return [] }
        switch result {
        case .success(let topic): return topic.partitions.map(\.id)
        case .failure(let error) where error.code == .unknownTopicOrPartition: return []
        case .failure(let error): throw error
        }
    }

    /// See ``Log/Log/topics()``.
    public func topics() async throws(LogError) -> [TopicName: Int] {
        try await sharedAdmin().listTopics().mapValues(\.partitions.count)
    }

    /// See ``Log/Log/settings(of:)``.
    public func settings(of topics: [TopicName]) async throws(LogError) -> [TopicName: [String: String]] {
        let described = try await sharedAdmin().describeConfigs(topics.map { .topic($0) })
        var settings: [TopicName: [String: String]] = [:]
        for topic in topics {
            let entries = try described[.topic(topic)]?.get() ?? [:]
            settings[topic] = entries.filter { !$0.value.isDefault }.compactMapValues(\.value)
        }
        return settings
    }

    /// See ``Log/Log/clusterID()``.
    public func clusterID() async throws(LogError) -> String? {
        try await sharedAdmin().describeCluster().id
    }

    private func sharedAdmin() async throws(LogError) -> Admin {
        if let admin = admin.withLock({ $0 }) { return admin }
        let opened = try await Admin.open(client: configuration, logger: logger)
        // Of two callers that come first at once, one's client is dropped and closes itself.
        return admin.withLock { admin in
            let kept = admin ?? opened
            admin = kept
            return kept
        }
    }
}

extension KafkaLog: ConsumerGroups {
    /// Every group of the cluster, sorted.
    public func groups() async throws(LogError) -> [String] {
        try await sharedAdmin().listGroups().keys.sorted()
    }

    /// See ``Log/ConsumerGroups/members(of:)``.
    public func members(of group: String) async throws(LogError) -> Int {
        switch try await sharedAdmin().describeGroups([group])[group] {
        case .success(let description): return description.members.count
        case .failure(let error) where error.name == "GROUP_ID_NOT_FOUND": return 0
        case .failure(let error): throw error
        case nil: return 0
        }
    }

    /// See ``Log/ConsumerGroups/offsets(committedBy:in:)``.
    public func offsets(
        committedBy group: String,
        in partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        guard !partitions.isEmpty else { return [:] }
        let listed = try await sharedAdmin().listGroupOffsets([group], in: partitions)
        let results = try listed[group]?.get() ?? [:]
        if let first = results.failures().min(by: { $0.key < $1.key }) { throw first.value }
        return results.successes()
    }

    /// See ``Log/ConsumerGroups/setOffsets(_:of:)``.
    public func setOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: String
    ) async throws(LogError) {
        let failures = try await sharedAdmin().alterGroupOffsets(offsets, of: group).failures()
        if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
    }
}
