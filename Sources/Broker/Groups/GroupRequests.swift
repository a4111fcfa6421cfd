/// What a member asks with JoinGroup.
package struct JoinRequest: Sendable, Hashable {
    /// One way of assigning that the member can follow.
    package struct Strategy: Sendable, Hashable {
        /// Its name, for example `range`.
        package var name: String
        /// What the member tells the leader; opaque to the broker.
        package var metadata: [UInt8]

        /// A strategy with the member's metadata for it.
        package init(name: String, metadata: [UInt8]) {
            self.name = name
            self.metadata = metadata
        }
    }

    /// The group; must not be empty.
    package var groupID: String
    /// Empty for a member that has none yet.
    package var memberID: String
    /// `group.instance.id` of a static member (KIP-345).
    package var instanceID: String?
    /// `client.id` of the request header.
    package var clientID: String
    /// The peer's address as Kafka shows it: `/127.0.0.1`.
    package var clientHost: String
    /// Milliseconds without a heartbeat until the member is out.
    package var sessionTimeout: Int32
    /// Milliseconds that a rebalance waits for this member to join again. Version 0 has none: the session timeout.
    package var rebalanceTimeout: Int32
    /// For example `consumer`.
    package var protocolType: String
    /// In the member's order of preference.
    package var strategies: [Strategy]
    /// From version 4 (KIP-394): a dynamic member without an id gets one first and joins with it.
    package var requiresKnownMemberID: Bool
    /// From version 9 (KIP-814): a static leader that comes back may be told not to assign.
    package var supportsSkippingAssignment: Bool
    /// A fresh UUID's text; it ends the member's id if this request makes one.
    package var freshSuffix: String
    /// Why the member joins (KIP-800), for the log.
    package var reason: String?

    /// A request as version 9 has it; older versions leave the later fields at their defaults.
    package init(
        groupID: String,
        memberID: String,
        instanceID: String? = nil,
        clientID: String,
        clientHost: String,
        sessionTimeout: Int32,
        rebalanceTimeout: Int32,
        protocolType: String,
        strategies: [Strategy],
        requiresKnownMemberID: Bool,
        supportsSkippingAssignment: Bool,
        freshSuffix: String,
        reason: String? = nil
    ) {
        self.groupID = groupID
        self.memberID = memberID
        self.instanceID = instanceID
        self.clientID = clientID
        self.clientHost = clientHost
        self.sessionTimeout = sessionTimeout
        self.rebalanceTimeout = rebalanceTimeout
        self.protocolType = protocolType
        self.strategies = strategies
        self.requiresKnownMemberID = requiresKnownMemberID
        self.supportsSkippingAssignment = supportsSkippingAssignment
        self.freshSuffix = freshSuffix
        self.reason = reason
    }
}

/// Who asks, and as a member of which generation.
package struct GroupMember: Sendable, Hashable {
    /// The group.
    package var groupID: String
    /// The member's id; empty for a consumer that does not use the group protocol.
    package var memberID: String
    /// `group.instance.id` of a static member.
    package var instanceID: String?
    /// The generation that the member knows; -1 outside the group protocol.
    package var generation: Int32

    /// A member's claim; the defaults are those of a consumer outside the group protocol.
    package init(groupID: String, memberID: String = "", instanceID: String? = nil, generation: Int32 = -1) {
        self.groupID = groupID
        self.memberID = memberID
        self.instanceID = instanceID
        self.generation = generation
    }
}

/// What a member asks with SyncGroup.
package struct SyncRequest: Sendable, Hashable {
    /// Who asks.
    package var member: GroupMember
    /// From version 5 (KIP-559): checked against the group's.
    package var protocolType: String?
    /// From version 5 (KIP-559): checked against the group's.
    package var protocolName: String?
    /// The leader's assignment by member id; empty from the others.
    package var assignments: [String: [UInt8]]

    /// A request as version 5 has it.
    package init(
        member: GroupMember,
        protocolType: String? = nil,
        protocolName: String? = nil,
        assignments: [String: [UInt8]] = [:]
    ) {
        self.member = member
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignments = assignments
    }
}

/// One of the members that a LeaveGroup names.
package struct LeavingMember: Sendable, Hashable {
    /// Empty when an administrator removes a static member by its instance id.
    package var memberID: String
    /// `group.instance.id` of a static member.
    package var instanceID: String?
    /// Why it leaves (KIP-800), for the log.
    package var reason: String?

    /// A member that leaves.
    package init(memberID: String, instanceID: String? = nil, reason: String? = nil) {
        self.memberID = memberID
        self.instanceID = instanceID
        self.reason = reason
    }
}

/// What OffsetCommit and TxnOffsetCommit ask.
package struct CommitRequest: Sendable, Hashable {
    /// The offset for one partition.
    package struct Entry: Sendable, Hashable {
        /// Whose offset it is. Topics that do not exist are the driver's to refuse.
        package var partition: LogPartition
        /// The offset to read next.
        package var offset: Int64
        /// The leader epoch of the last record consumed, or -1.
        package var leaderEpoch: Int32
        /// The client's own text.
        package var metadata: String

        /// An offset to commit.
        package init(_ partition: LogPartition, offset: Int64, leaderEpoch: Int32 = -1, metadata: String = "") {
            self.partition = partition
            self.offset = offset
            self.leaderEpoch = leaderEpoch
            self.metadata = metadata
        }
    }

    /// Who asks.
    package var member: GroupMember
    /// Versions 2 to 4: milliseconds until these offsets expire, instead of the broker's retention. `nil` for -1.
    package var retention: Int64?
    /// The offsets. Of a partition that is named twice, the last counts.
    package var offsets: [Entry]
    /// TxnOffsetCommit only: the offsets wait for the end of this producer's transaction.
    package var producer: ProducerIdentity?

    /// A commit; transactional if a producer is given.
    package init(
        member: GroupMember,
        retention: Int64? = nil,
        offsets: [Entry],
        producer: ProducerIdentity? = nil
    ) {
        self.member = member
        self.retention = retention
        self.offsets = offsets
        self.producer = producer
    }
}
