internal import KafkaProtocol

/// From a reason to rebalance to the next generation.
extension Group {
    /// Begins a rebalance unless one has begun already.
    mutating func rebalanceIfPossible(_ reason: @autoclosure () -> String, _ effects: inout GroupEffects) {
        switch state {
        case .empty, .stable, .completingRebalance: prepareRebalance(reason(), &effects)
        case .preparingRebalance, .dead: break
        }
    }

    private mutating func prepareRebalance(_ reason: String, _ effects: inout GroupEffects) {
        if state == .completingRebalance { dropAssignments(.rebalanceInProgress, &effects) }
        stopSyncs()
        effects.note(.rebalancing(groupID: id, generation: generation, reason: reason))
        let delay = effects.settings.initialRebalanceDelay
        let isFirst = state == .empty
        enter(.preparingRebalance, effects)
        if isFirst, delay == 0 { return completeJoin(&effects) }
        initialDelayLeft = isFirst ? max(0, rebalanceTimeout - delay) : nil
        armRebalance(isFirst ? delay : rebalanceTimeout, &effects)
        completeJoinIfReady(&effects)
    }

    private mutating func armRebalance(_ delay: Int64, _ effects: inout GroupEffects) {
        rebalanceTimer.set(effects.now.uptime + delay, .rebalance(group: id), in: &effects.timers)
    }

    /// The delay of a new group is over, or the members had their time to join.
    mutating func rebalanceTimedOut(_ effects: inout GroupEffects) {
        guard state == .preparingRebalance else { return }
        if let left = initialDelayLeft, hasNewMember, left > 0 {
            hasNewMember = false
            let delay = min(effects.settings.initialRebalanceDelay, left)
            initialDelayLeft = left - delay
            armRebalance(delay, &effects)
        } else {
            completeJoin(&effects)
        }
    }

    /// Ends the joining as soon as everybody is there, those included who were given an id and did not join yet. The
    /// delay of a new group is not cut short.
    mutating func completeJoinIfReady(_ effects: inout GroupEffects) {
        guard state == .preparingRebalance, initialDelayLeft == nil, pendingMembers.isEmpty,
            members.values.allSatisfy({ $0.joining != nil })
        else { return }
        completeJoin(&effects)
    }

    /// Whoever did not join is out, but for static members, who stay until their session ends.
    private mutating func completeJoin(_ effects: inout GroupEffects) {
        initialDelayLeft = nil
        hasNewMember = false
        for member in orderedMembers where member.joining == nil && member.instanceID == nil { forget(member.id) }
        if members.isEmpty { return becomeEmpty(&effects) }
        guard electLeader() else {
            // Only absent static members are left: wait until they come back or their sessions end.
            return armRebalance(rebalanceTimeout, &effects)
        }
        beginGeneration(&effects)
    }

    /// A leader has to be there to assign. False if nobody is.
    private mutating func electLeader() -> Bool {
        if let leaderID, members[leaderID]?.joining != nil { return true }
        guard let next = orderedMembers.first(where: { $0.joining != nil }) else { return false }
        leaderID = next.id
        return true
    }

    private mutating func advanceGeneration() {
        generation = generation == .max ? 1 : generation + 1
        rebalanceTimer.stop()
    }

    private mutating func becomeEmpty(_ effects: inout GroupEffects) {
        advanceGeneration()
        protocolName = nil
        leaderID = nil
        enter(.empty, effects)
        effects.write(group: id, [record(assignments: [:])], then: .nothing)
    }

    private mutating func beginGeneration(_ effects: inout GroupEffects) {
        advanceGeneration()
        protocolName = votedStrategy()
        enter(.completingRebalance, effects)
        for member in orderedMembers {
            if let token = member.joining { effects.reply(token, .join(joined(member.id))) }
            members[member.id]?.joining = nil
            members[member.id]?.isNew = false
            renewSession(member.id, &effects)
            awaitedSyncs.insert(member.id)
        }
        syncTimer.set(effects.now.uptime + rebalanceTimeout, .sync(group: id), in: &effects.timers)
    }

    /// Members that joined and then did not fetch their assignment are out.
    mutating func syncTimedOut(_ effects: inout GroupEffects) {
        guard state == .completingRebalance || state == .stable, !awaitedSyncs.isEmpty else { return }
        let late = orderedMembers.filter { awaitedSyncs.contains($0.id) }
        for member in late {
            answerParked(member, &effects)
            forget(member.id)
        }
        rebalanceIfPossible("\(late.count) members did not send SyncGroup in time", &effects)
    }

    mutating func stopSyncs() {
        awaitedSyncs = []
        syncTimer.stop()
        assignmentWrite = nil
        assignmentInFlight = [:]
    }

    /// Answers what a member that is to go waits for: it may come again as a new one.
    mutating func answerParked(_ member: Member, _ effects: inout GroupEffects) {
        if let token = member.joining {
            effects.reply(token, .join(JoinReply(error: .unknownMemberID, memberID: "")))
        }
        if let token = member.syncing { effects.reply(token, .sync(SyncReply(error: .unknownMemberID))) }
        members[member.id]?.joining = nil
        members[member.id]?.syncing = nil
    }
}
