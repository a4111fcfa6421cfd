internal import CLibrdkafka
public import Log
public import Logging
internal import Synchronization

/// Creates, deletes and describes topics and groups.
///
/// Requests run one after another on a thread of their own, each for at most 15 s. One request may name many items;
/// each has its own result.
public final class Admin: Sendable {
    let requests: AdminLoop

    private init(_ requests: AdminLoop) {
        self.requests = requests
    }

    deinit {
        requests.abandon()
    }

    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property.
    public static func open(client: ClientConfiguration, logger: Logger) async throws(LogError) -> Admin {
        // A consumer's metadata requests do not create the topics that they ask about; a producer's do.
        let settings = try ClientSettings(
            .consumer,
            client,
            defaults: [:],
            fixed: ["group.id": "busbar.admin", "enable.auto.commit": "false"]
        )
        return Admin(try await AdminLoop.open(settings, logger: logger))
    }

    /// Creates topics. One that exists already counts as created, whatever its partitions and settings.
    /// - Returns: the error of each topic that could not be created.
    public func createTopics(_ topics: [TopicSpecification]) async throws(LogError) -> [TopicName: LogError] {
        guard !topics.isEmpty else { return [:] }
        return try await requests.commands.run { [requests] () throws(LogError) in try requests.create(topics) }
    }

    /// - Returns: the error of each topic that could not be deleted, for example because it does not exist.
    public func deleteTopics(_ topics: [TopicName]) async throws(LogError) -> [TopicName: LogError] {
        guard !topics.isEmpty else { return [:] }
        return try await requests.commands.run { [requests] () throws(LogError) in try requests.delete(topics) }
    }

    /// Deletes groups without members, with their committed offsets.
    /// - Returns: the error of each group that could not be deleted.
    public func deleteGroups(_ groups: [String]) async throws(LogError) -> [String: LogError] {
        guard !groups.isEmpty else { return [:] }
        return try await requests.commands.run { [requests] () throws(LogError) in try requests.delete(groups: groups) }
    }

    /// The partitions of `topic`, ascending; empty when it does not exist. Never creates the topic.
    public func partitions(of topic: TopicName) async throws(LogError) -> [PartitionID] {
        try await requests.commands.run { [requests] () throws(LogError) in try requests.partitions(of: topic) }
    }

    /// Every topic of the cluster with its number of partitions.
    public func topics() async throws(LogError) -> [TopicName: Int] {
        try await requests.commands.run { [requests] () throws(LogError) in try requests.topics() }
    }

    /// The settings of `topics` that are not the broker's own defaults.
    public func settings(of topics: [TopicName]) async throws(LogError) -> [TopicName: [String: String]] {
        guard !topics.isEmpty else { return [:] }
        return try await requests.commands.run { [requests] () throws(LogError) in try requests.settings(of: topics) }
    }

    /// The cluster's id; `nil` where the brokers have none.
    public func clusterID() async throws(LogError) -> String? {
        try await requests.commands.run { [requests] () throws(LogError) in try requests.clusterID() }
    }

    /// Every group of the cluster, sorted.
    public func groups() async throws(LogError) -> [String] {
        try await requests.commands.run { [requests] () throws(LogError) in try requests.groups() }
    }

    /// How many members `group` has now; 0 when it does not exist.
    public func members(of group: String) async throws(LogError) -> Int {
        try await requests.commands.run { [requests] () throws(LogError) in try requests.members(of: group) }
    }

    /// What `group` has committed in `partitions`; see ``Log/ConsumerGroups``.
    public func offsets(
        committedBy group: String,
        in partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        guard !partitions.isEmpty else { return [:] }
        return try await requests.commands.run { [requests] () throws(LogError) in
            try requests.offsets(committedBy: group, in: partitions)
        }
    }

    /// Commits for a group without members; see ``Log/ConsumerGroups``.
    public func setOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: String
    ) async throws(LogError) {
        guard !offsets.isEmpty else { return }
        try await requests.commands.run { [requests] () throws(LogError) in try requests.setOffsets(offsets, of: group)
        }
    }

    /// Ends the client; waits for a request under way.
    public func close() async {
        await requests.close()
    }
}
