/// What groups of consumers have committed, seen and set from outside of them.
///
/// ``LogConsumer`` commits as a member; this is for moving a group from one cluster to another.
public protocol ConsumerGroups: Sendable {
    /// Every group that the cluster knows, with or without members.
    func groups() async throws(LogError) -> [String]
    /// How many members `group` has now; 0 for a group that does not exist.
    func members(of group: String) async throws(LogError) -> Int
    /// What `group` has committed in `partitions`; partitions without a committed offset are absent.
    /// - Throws: an error that ``LogError/isRetriable`` while a transaction with offsets of the group is open.
    func offsets(
        committedBy group: String,
        in partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset]
    /// Commits `offsets` for `group`, all or the error of the first that failed.
    ///
    /// - Important: the group must have no members; the broker refuses it otherwise.
    func setOffsets(_ offsets: [TopicPartition: CommittedOffset], of group: String) async throws(LogError)
}
