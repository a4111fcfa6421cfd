package import KafkaProtocol

/// What can happen to the group coordinator.
package enum GroupEvent: Sendable {
    /// JoinGroup. Answered when the rebalance is complete.
    case join(JoinRequest, ReplyToken)
    /// SyncGroup. Answered when the leader's assignment is durable.
    case sync(SyncRequest, ReplyToken)
    /// Heartbeat. Answered at once.
    case heartbeat(GroupMember, ReplyToken)
    /// LeaveGroup. Answered at once.
    case leave(groupID: String, [LeavingMember], ReplyToken)
    /// OffsetCommit and TxnOffsetCommit. Answered when durable.
    case commit(CommitRequest, ReplyToken)
    /// OffsetDelete. Answered when durable.
    case deleteOffsets(groupID: String, [LogPartition], ReplyToken)
    /// DeleteGroups. Answered when all of them are durable.
    case deleteGroups([String], ReplyToken)
    /// A transaction's marker is durable in a partition of `__consumer_offsets`, where it has `offset`. Commits behind
    /// it belong to the producer's next transaction, in whatever order their ends are reported. Without `offset`, all
    /// commits that were returned as writes before this event count as before the marker.
    case transactionEnded(producerID: Int64, offsetsPartition: Int32, committed: Bool, offset: Int64 = .max)
    /// Partitions are gone: their committed offsets go too.
    case partitionsDeleted([LogPartition])
    /// A write ended.
    case written(WriteToken, WriteOutcome)
    /// Time has passed; due when `nextDeadline` is reached, harmless at any other time.
    case tick
}

/// What the driver has to do, in this order.
package enum GroupAction: Sendable, Hashable {
    /// Answer a request.
    case reply(ReplyToken, GroupReply)
    /// Append to `__consumer_offsets`, then report the end with `GroupEvent.written`.
    case write(CoordinatorWrite)
    /// For the log: a group begins to rebalance.
    case rebalancing(groupID: String, generation: Int32, reason: String)
}

/// The answer to a request.
package enum GroupReply: Sendable, Hashable {
    /// To `join`.
    case join(JoinReply)
    /// To `sync`.
    case sync(SyncReply)
    /// To `heartbeat`.
    case heartbeat(ErrorCode?)
    /// To `leave`.
    case leave(ErrorCode?, [LeftMember])
    /// To `commit`, in the order of the request.
    case commit([PartitionOutcome])
    /// To `deleteOffsets`; with a group error there are no partitions.
    case deleteOffsets(ErrorCode?, [PartitionOutcome])
    /// To `deleteGroups`, in the order of the request.
    case deleteGroups([GroupOutcome])
}

/// The answer to JoinGroup.
package struct JoinReply: Sendable, Hashable {
    /// A member as its leader sees it.
    package struct Member: Sendable, Hashable {
        /// The member's id.
        package var memberID: String
        /// `group.instance.id` of a static member.
        package var instanceID: String?
        /// Its metadata for the strategy that was chosen.
        package var metadata: [UInt8]
    }

    /// What is wrong, if anything.
    package var error: ErrorCode?
    /// The generation; -1 with an error.
    package var generation: Int32 = -1
    /// The group's protocol type (from version 7).
    package var protocolType: String?
    /// The strategy that all members follow. Before version 7 `nil` goes out as an empty string.
    package var protocolName: String?
    /// The leader's member id; empty with an error.
    package var leaderID = ""
    /// From version 9: the leader is not to assign.
    package var skipsAssignment = false
    /// The id of the member that asked.
    package var memberID: String
    /// Everybody, for the leader; empty for the others.
    package var members: [Member] = []
}

/// The answer to SyncGroup.
package struct SyncReply: Sendable, Hashable {
    /// What is wrong, if anything.
    package var error: ErrorCode?
    /// The group's protocol type (from version 5).
    package var protocolType: String?
    /// The strategy of this generation (from version 5).
    package var protocolName: String?
    /// The member's assignment; empty with an error.
    package var assignment: [UInt8] = []
}

/// What became of one member of a LeaveGroup.
package struct LeftMember: Sendable, Hashable {
    /// As in the request.
    package var memberID: String
    /// As in the request.
    package var instanceID: String?
    /// What is wrong, if anything.
    package var error: ErrorCode?
}

/// What became of one partition of a request.
package struct PartitionOutcome: Sendable, Hashable {
    /// The partition.
    package var partition: LogPartition
    /// What is wrong, if anything.
    package var error: ErrorCode?
}

/// What became of one group of a request.
package struct GroupOutcome: Sendable, Hashable {
    /// The group.
    package var groupID: String
    /// What is wrong, if anything.
    package var error: ErrorCode?
}
