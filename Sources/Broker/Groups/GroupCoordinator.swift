internal import KafkaProtocol

/// The group coordinator: all consumer groups and their committed offsets, as a value that is told what happens and
/// says what to do.
///
/// It follows Apache Kafka's coordinator of the classic group protocol: KIP-394 (ids before joining), KIP-345 (static
/// members) with KIP-814, KIP-559 (protocol names in SyncGroup), KIP-429 needs nothing from it, KIP-447 (checked
/// commits in transactions), KIP-211 and KIP-496 (expiry and deletion of offsets).
///
/// The driver owns clocks, sockets and the log:
/// 1. At start it calls `load` with every record of `__consumer_offsets`, partition by partition in log order, and
///    `loadMarker` where a control batch stands; then `start`.
/// 2. It calls `on` with every request and performs the returned actions in their order.
/// 3. When `nextDeadline` comes it calls `on(.tick, at:)`.
package struct GroupCoordinator: Sendable {
    /// Bounds and times.
    package let settings: GroupSettings
    var groups: [String: Group] = [:]
    var effects: GroupEffects
    /// Groups in which a producer has offsets that wait for the end of its transaction.
    var openGroups: [Int64: Set<String>] = [:]
    private var deletions: [Int: GroupDeletion] = [:]
    private var nextDeletion = 0

    /// A coordinator without groups.
    package init(settings: GroupSettings = GroupSettings()) {
        self.settings = settings
        effects = GroupEffects(settings: settings)
    }

    /// When to call `on(.tick, at:)`, in milliseconds of `Moment.uptime`; `nil` while nothing is waited for. It may
    /// come before the first real deadline, never after it, and changes with every call of `on`.
    package var nextDeadline: Int64? { effects.timers.first }

    /// The partition of `__consumer_offsets` that the group is kept in.
    package func partition(for groupID: String) -> Int32 {
        internalPartition(of: groupID, count: settings.offsetsPartitions)
    }

    /// Takes in what happened and says what to do about it; `now` must not be before that of an earlier call on the
    /// `uptime` clock.
    package mutating func on(_ event: GroupEvent, at now: Moment) -> [GroupAction] {
        effects.now = now
        switch event {
        case .join(let request, let token): join(request, token)
        case .sync(let request, let token): sync(request, token)
        case .heartbeat(let member, let token): heartbeat(member, token)
        case .leave(let groupID, let members, let token): leave(groupID, members, token)
        case .commit(let request, let token): commit(request, token)
        case .deleteOffsets(let groupID, let partitions, let token): deleteOffsets(groupID, partitions, token)
        case .deleteGroups(let groupIDs, let token): deleteGroups(groupIDs, token)
        case .transactionEnded(let producerID, let partition, let committed, let offset):
            endTransaction(producerID, partition, GroupOffsets.End(offset: offset, committed: committed))
        case .partitionsDeleted(let partitions): forget(partitions)
        case .written(let token, let outcome): written(token, outcome)
        case .tick: runTimers()
        }
        return effects.takeActions()
    }

    private mutating func join(_ request: JoinRequest, _ token: ReplyToken) {
        let timeout = Int64(request.sessionTimeout)
        var error: ErrorCode?
        if request.groupID.isEmpty || !request.groupID.fitsRecord {
            error = .invalidGroupID
        } else if !request.fitsRecord {
            error = .invalidRequest
        } else if timeout < settings.minimumSessionTimeout || timeout > settings.maximumSessionTimeout {
            error = .invalidSessionTimeout
        } else if groups[request.groupID] == nil, !request.memberID.isEmpty {
            error = .unknownMemberID
        }
        if let error { return effects.reply(token, .join(JoinReply(error: error, memberID: request.memberID))) }
        groups[request.groupID, default: Group(id: request.groupID, now: effects.now)].join(request, token, &effects)
        removeIfVacant(request.groupID)
    }

    private mutating func sync(_ request: SyncRequest, _ token: ReplyToken) {
        if groups[request.member.groupID]?.sync(request, token, &effects) == nil {
            effects.reply(token, .sync(SyncReply(error: missing(request.member.groupID))))
        }
    }

    private mutating func heartbeat(_ claim: GroupMember, _ token: ReplyToken) {
        if groups[claim.groupID]?.heartbeat(claim, token, &effects) == nil {
            effects.reply(token, .heartbeat(missing(claim.groupID)))
        }
    }

    private mutating func leave(_ groupID: String, _ members: [LeavingMember], _ token: ReplyToken) {
        if groups[groupID]?.leave(members, token, &effects) != nil { return removeIfVacant(groupID) }
        let left = members.map {
            LeftMember(memberID: $0.memberID, instanceID: $0.instanceID, error: .unknownMemberID)
        }
        if groupID.isEmpty {
            effects.reply(token, .leave(.invalidGroupID, []))
        } else {
            effects.reply(token, .leave(nil, left))
        }
    }

    /// Why a member of a group that is not there is refused.
    private func missing(_ groupID: String) -> ErrorCode {
        groupID.isEmpty ? .invalidGroupID : .unknownMemberID
    }

    private mutating func written(_ token: WriteToken, _ outcome: WriteOutcome) {
        switch effects.takeContinuation(token) {
        case .assignment(let id): groups[id]?.finishAssignment(token, outcome, &effects)
        case .staticMember(let id, let replacement): groups[id]?.finishReplacement(replacement, outcome, &effects)
        case .commit(let commit): finish(commit, token, outcome)
        case .offsetDeletion(let reply, let outcomes): finishOffsetDeletion(reply, outcomes, outcome)
        case .groupDeletion(let number, let ids): finishDeletion(number, ids, outcome)
        case .nothing, nil: break
        }
    }

    private mutating func runTimers() {
        while let (due, key) = effects.timers.pop(dueBy: effects.now.uptime) { timer(key, entry: due) }
    }

    private mutating func timer(_ key: GroupTimer, entry due: Int64) {
        let now = effects.now.uptime
        switch key {
        case .session(let id, let member):
            let isDue = groups[id]?.members[member]?.session.comesUp(
                entry: due,
                now: now,
                key: key,
                in: &effects.timers
            )
            if isDue == true { groups[id]?.sessionTimedOut(member, &effects) }
        case .pendingMember(let id, let member):
            let isDue = groups[id]?.pendingMembers[member]?.comesUp(entry: due, now: now, key: key, in: &effects.timers)
            if isDue == true { groups[id]?.pendingMemberTimedOut(member, &effects) }
            removeIfVacant(id)
        case .rebalance(let id):
            let isDue = groups[id]?.rebalanceTimer.comesUp(entry: due, now: now, key: key, in: &effects.timers)
            if isDue == true { groups[id]?.rebalanceTimedOut(&effects) }
        case .sync(let id):
            let isDue = groups[id]?.syncTimer.comesUp(entry: due, now: now, key: key, in: &effects.timers)
            if isDue == true { groups[id]?.syncTimedOut(&effects) }
        case .expiry: expire()
        }
    }

    /// Forgets a group that left nothing in the log.
    mutating func removeIfVacant(_ groupID: String) {
        if groups[groupID]?.isVacant == true { groups[groupID] = nil }
    }

    /// Begins to wait for the writes of a DeleteGroups.
    mutating func beginDeletion(_ token: ReplyToken, _ outcomes: [GroupOutcome]) -> Int {
        nextDeletion += 1
        deletions[nextDeletion] = GroupDeletion(token: token, outcomes: outcomes, writesLeft: 0)
        return nextDeletion
    }

    /// Counts a write that the DeleteGroups waits for.
    mutating func awaitWrite(ofDeletion number: Int) { deletions[number]?.writesLeft += 1 }

    mutating func finishDeletion(_ number: Int, _ ids: [String], _ outcome: WriteOutcome) {
        deletions[number]?.writesLeft -= 1
        if case .failed(let error) = outcome { deletions[number]?.fail(ids, error.ofGroupWrite) }
        answerDeletionIfDone(number)
    }

    mutating func answerDeletionIfDone(_ number: Int) {
        guard let deletion = deletions[number], deletion.writesLeft == 0 else { return }
        deletions[number] = nil
        effects.reply(deletion.token, .deleteGroups(deletion.outcomes))
    }
}

extension JoinRequest {
    fileprivate var fitsRecord: Bool {
        clientID.fitsRecord && clientHost.fitsRecord && protocolType.fitsRecord && instanceID?.fitsRecord ?? true
            && strategies.allSatisfy(\.name.fitsRecord)
    }
}

/// A DeleteGroups whose tombstones are on their way.
private struct GroupDeletion: Sendable {
    let token: ReplyToken
    var outcomes: [GroupOutcome]
    var writesLeft: Int

    mutating func fail(_ ids: [String], _ error: ErrorCode) {
        for index in outcomes.indices where outcomes[index].error == nil && ids.contains(outcomes[index].groupID) {
            outcomes[index].error = error
        }
    }
}
