/// What the timers of the group coordinator are for.
enum GroupTimer: Hashable, Sendable {
    case session(group: String, member: String)
    case pendingMember(group: String, member: String)
    case rebalance(group: String)
    case sync(group: String)
    case expiry
}

/// What follows when a write ends.
enum GroupContinuation: Sendable {
    /// The leader's assignment: the group becomes stable.
    case assignment(group: String)
    /// A static member under its new id: it is answered, or the old one is put back.
    case staticMember(group: String, StaticReplacement)
    /// Offsets: they become visible, or wait for their transaction.
    case commit(PendingCommit)
    /// Tombstones that a request waits for.
    case offsetDeletion(ReplyToken, [PartitionOutcome])
    /// Tombstones of some of the groups of a request.
    case groupDeletion(request: Int, groups: [String])
    /// Nobody waits; what was not stored is stored again with the next change, or expires again after a restart.
    case nothing
}

/// A commit on its way to the log.
struct PendingCommit: Sendable {
    let groupID: String
    let token: ReplyToken
    /// Those that were accepted.
    let entries: [(partition: LogPartition, committed: CommittedOffset)]
    /// All of the request, in its order; without error for the accepted ones.
    let outcomes: [PartitionOutcome]
    let producerID: Int64?
}

/// A static member that came back and was given a new id in a stable group.
struct StaticReplacement: Sendable {
    let token: ReplyToken
    let newID: String
    /// The member as it was.
    let old: Member
    /// The leader as members knew it before.
    let leaderID: String
    let supportsSkippingAssignment: Bool
}

/// What an event leads to: a group and the coordinator fill it while they change.
struct GroupEffects: Sendable {
    let settings: GroupSettings
    var now = Moment(uptime: 0, epoch: 0)
    private(set) var actions: [GroupAction] = []
    var timers = DeadlineQueue<GroupTimer>()
    private var continuations: [WriteToken: GroupContinuation] = [:]
    private var nextToken: UInt64 = 0

    init(settings: GroupSettings) { self.settings = settings }

    mutating func reply(_ token: ReplyToken, _ reply: GroupReply) {
        actions.append(.reply(token, reply))
    }

    mutating func note(_ action: GroupAction) { actions.append(action) }

    @discardableResult
    mutating func write(
        group: String,
        _ records: [CoordinatorRecord],
        producer: ProducerIdentity? = nil,
        then continuation: GroupContinuation
    ) -> WriteToken {
        let partition = internalPartition(of: group, count: settings.offsetsPartitions)
        return write(partition: partition, records, producer: producer, then: continuation)
    }

    @discardableResult
    mutating func write(
        partition: Int32,
        _ records: [CoordinatorRecord],
        producer: ProducerIdentity? = nil,
        then continuation: GroupContinuation
    ) -> WriteToken {
        let token = WriteToken(nextToken)
        nextToken += 1
        continuations[token] = continuation
        actions.append(
            .write(CoordinatorWrite(token: token, partition: partition, records: records, producer: producer))
        )
        return token
    }

    /// What waits for the write; `nil` for one that was reported before.
    mutating func takeContinuation(_ token: WriteToken) -> GroupContinuation? {
        continuations.removeValue(forKey: token)
    }

    mutating func takeActions() -> [GroupAction] {
        defer { actions = [] }
        return actions
    }
}
