package import KafkaProtocol

/// A group's state; the raw value is how Kafka names it in DescribeGroups and ListGroups.
package enum GroupState: String, Sendable, Hashable, CaseIterable {
    /// No members; perhaps offsets.
    case empty = "Empty"
    /// Waits for the members to join.
    case preparingRebalance = "PreparingRebalance"
    /// Waits for the leader's assignment.
    case completingRebalance = "CompletingRebalance"
    /// Every member has, or can fetch, its assignment.
    case stable = "Stable"
    /// Does not exist.
    case dead = "Dead"
}

/// The answer to DescribeGroups for one group.
package struct GroupDescription: Sendable, Hashable {
    /// A member of the group.
    package struct Member: Sendable, Hashable {
        /// The member's id.
        package var memberID: String
        /// `group.instance.id` of a static member.
        package var instanceID: String?
        /// `client.id` of the member.
        package var clientID: String
        /// The member's address.
        package var clientHost: String
        /// Its metadata for the chosen strategy; empty unless the group is stable.
        package var metadata: [UInt8]
        /// Its assignment; empty unless the group is stable.
        package var assignment: [UInt8]
    }

    /// The group. A group that does not exist is `dead` and without error, as Kafka says up to version 5.
    package var groupID: String
    /// Its state.
    package var state: GroupState
    /// For example `consumer`; empty without members.
    package var protocolType: String
    /// The chosen strategy; empty unless the group is stable.
    package var protocolName: String
    /// Its members.
    package var members: [Member]
}

/// One line of ListGroups.
package struct GroupListing: Sendable, Hashable {
    /// The group.
    package var groupID: String
    /// For example `consumer`; empty for a group of bare offsets.
    package var protocolType: String
    /// Its state.
    package var state: GroupState
}

/// A committed offset as OffsetFetch answers it.
package struct FetchedOffset: Sendable, Hashable {
    /// The partition.
    package var partition: LogPartition
    /// The offset; -1 if none is committed.
    package var offset: Int64
    /// The leader epoch that came with it; -1 if none.
    package var leaderEpoch: Int32
    /// The client's own text.
    package var metadata: String
    /// UNSTABLE_OFFSET_COMMIT, if asked for stable ones only.
    package var error: ErrorCode?
}

/// Bounds and times of consumer groups, as Kafka's `group.*` and `offsets.*`; times in milliseconds.
package struct GroupSettings: Sendable, Hashable {
    /// `group.initial.rebalance.delay.ms`: how long an empty group waits for more members.
    package var initialRebalanceDelay: Int64 = 0
    /// `group.min.session.timeout.ms`.
    package var minimumSessionTimeout: Int64 = 1_000
    /// `group.max.session.timeout.ms`.
    package var maximumSessionTimeout: Int64 = 1_800_000
    /// `group.max.size`: members, and separately those that were given an id and did not join yet.
    package var maximumSize = 1_000
    /// How long a JoinGroup of a new member may wait until it is answered UNKNOWN_MEMBER_ID; five minutes in Kafka.
    package var newMemberJoinTimeout: Int64 = 300_000
    /// `offsets.retention.minutes`, in milliseconds.
    package var offsetsRetention: Int64 = 604_800_000
    /// `offsets.retention.check.interval.ms`.
    package var expiryInterval: Int64 = 600_000
    /// Whether the members that a coordinator finds in its log at the start have a session to show themselves in. Without
    /// it they are out at once, for a broker that falls together with those who read from it.
    package var keepsMembers = true
    /// `offset.metadata.max.bytes`, counted in UTF-8 bytes.
    package var maximumMetadataSize = 4_096
    /// `offsets.topic.num.partitions`; must never change.
    package var offsetsPartitions: Int32 = 50

    /// Kafka's defaults, but for the delay of new groups (none) and the shortest session (1 s).
    package init() {}
}
