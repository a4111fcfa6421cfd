public import Log

/// Where a consumer group is in its protocol.
public enum GroupState: String, Sendable, CaseIterable {
    /// Members are joining.
    case preparingRebalance
    /// The leader divides the partitions.
    case completingRebalance
    /// Every member has its partitions.
    case stable
    /// The group is being removed, or does not exist.
    case dead
    /// There are no members, but there are committed offsets.
    case empty
    /// One that librdkafka 2.0.2 does not know.
    case unknown
}

/// One consumer group in a list.
public struct GroupListing: Sendable, Hashable {
    /// `group.id` of its members.
    public let id: String
    /// ``GroupState/unknown`` with brokers before 2.6, which do not tell (KIP-518).
    public let state: GroupState
    /// Whether it only has committed offsets: it was never joined by members.
    public let isSimple: Bool
}

/// One consumer group with its members.
public struct GroupDescription: Sendable, Hashable {
    /// `group.id` of its members.
    public let id: String
    /// At the time of the answer.
    public let state: GroupState
    /// Whether it only has committed offsets: it was never joined by members.
    public let isSimple: Bool
    /// How the members divide the partitions, for example `range`; empty without members.
    public let assignor: String
    /// The broker that runs the group; its rack is unknown here. `nil` where the answer has none.
    public let coordinator: ClusterDescription.Broker?
    /// In the broker's order; empty for a group without members.
    public let members: [Member]

    /// One member, as it joined.
    public struct Member: Sendable, Hashable {
        /// What the broker calls it.
        public let id: String
        /// `client.id` of its client.
        public let clientID: String
        /// `group.instance.id` of a static member (KIP-345).
        public let instanceID: String?
        /// The address that it joined from.
        public let host: String
        /// Ascending.
        public let assignment: [TopicPartition]
    }
}
