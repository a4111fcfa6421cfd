/// What only a Kafka consumer can be told, beside ``Log/ConsumerConfiguration``.
public struct ConsumerOptions: Sendable, Hashable {
    /// Who commits.
    public enum Commits: Sendable, Hashable {
        /// Nothing is committed but by ``Consumer/commit(_:)``. The default.
        case explicit
        /// What was given to ``Consumer/store(_:)`` is committed every `interval` (`auto.commit.interval.ms`, 1 ms or more),
        /// when its partition is revoked and when the consumer closes. What is not stored is never committed, nor is
        /// anything of a partition that was lost.
        case stored(every: Duration)
    }

    /// How messages come out of the consumer.
    public enum Delivery: Sendable, Hashable {
        /// All partitions' messages in one row, by ``Consumer/next(wait:)``. The default, and the fastest.
        case together
        /// Each partition's messages by a ``PartitionReader`` of its own, so that a partition that is worked off slowly stops
        /// itself and no other.
        ///
        /// ``Log/ConsumerConfiguration/fetchBudget`` is then divided by `expecting`, the partitions that the member will
        /// have (1 or more): the bound holds per partition, and with more partitions than expected memory grows by one share
        /// for each.
        case perPartition(expecting: Int)
    }

    /// Who commits; ``Commits/explicit`` unless said otherwise.
    public var commits: Commits
    /// How messages come out; ``Delivery/together`` unless said otherwise.
    public var delivery: Delivery

    /// Explicit commits and one row of messages, unless said otherwise.
    public init(commits: Commits = .explicit, delivery: Delivery = .together) {
        self.commits = commits
        self.delivery = delivery
    }
}
