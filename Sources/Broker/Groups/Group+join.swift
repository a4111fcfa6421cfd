internal import KafkaProtocol

/// JoinGroup: who may come in, and under which id.
extension Group {
    mutating func join(_ request: JoinRequest, _ token: ReplyToken, _ effects: inout GroupEffects) {
        if isFull(for: request.memberID, limit: effects.settings.maximumSize) {
            forget(request.memberID)
            pendingMembers[request.memberID] = nil
            effects.reply(token, .join(JoinReply(error: .groupMaxSizeReached, memberID: "")))
        } else if !accepts(protocolType: request.protocolType, request.strategies) {
            effects.reply(token, .join(JoinReply(error: .inconsistentGroupProtocol, memberID: request.memberID)))
        } else if request.memberID.isEmpty {
            admit(request, token, &effects)
        } else {
            rejoin(request, token, &effects)
        }
        completeJoinIfReady(&effects)
    }

    /// A rebalance lets in whoever joins first; outside of one, members stay.
    private func isFull(for memberID: String, limit: Int) -> Bool {
        switch state {
        case .empty, .dead: false
        case .preparingRebalance:
            members[memberID]?.joining == nil && members.values.count { $0.joining != nil } >= limit
        case .completingRebalance, .stable:
            members[memberID] == nil && members.count >= limit
        }
    }

    /// A member without an id.
    private mutating func admit(_ request: JoinRequest, _ token: ReplyToken, _ effects: inout GroupEffects) {
        let newID = "\(request.instanceID ?? request.clientID)-\(request.freshSuffix)"
        if let instanceID = request.instanceID, let oldID = staticMembers[instanceID] {
            replace(oldID, by: newID, request, token, &effects)
        } else if request.instanceID == nil, request.requiresKnownMemberID {
            expect(newID, request, token, &effects)
        } else {
            add(request, id: newID, token, &effects)
        }
    }

    /// Gives out an id that the member is to join with (KIP-394).
    private mutating func expect(
        _ newID: String,
        _ request: JoinRequest,
        _ token: ReplyToken,
        _ effects: inout GroupEffects
    ) {
        guard pendingMembers.count < effects.settings.maximumSize else {
            effects.reply(token, .join(JoinReply(error: .groupMaxSizeReached, memberID: "")))
            return
        }
        var timer = Timer()
        let due = effects.now.uptime + Int64(request.sessionTimeout)
        timer.set(due, .pendingMember(group: id, member: newID), in: &effects.timers)
        pendingMembers[newID] = timer
        effects.reply(token, .join(JoinReply(error: .memberIDRequired, memberID: newID)))
    }

    private mutating func add(
        _ request: JoinRequest,
        id memberID: String,
        _ token: ReplyToken,
        _ effects: inout GroupEffects
    ) {
        var member = Member(request, id: memberID, order: takeOrder())
        member.joining = token
        member.isNew = true
        if state == .preparingRebalance, generation == 0 { hasNewMember = true }
        if members.isEmpty { protocolType = request.protocolType }
        members[memberID] = member
        leaderID = leaderID ?? memberID
        if let instanceID = request.instanceID { staticMembers[instanceID] = memberID }
        pendingMembers[memberID] = nil
        // It has no id to send heartbeats with until it is answered. Whoever hangs up and comes again must not leave
        // more and more dead members behind.
        armSession(memberID, effects.settings.newMemberJoinTimeout, &effects)
        rebalanceIfPossible("\(memberID) joins\(Self.because(request.reason))", &effects)
    }

    /// A member with an id: pending, or of this group.
    private mutating func rejoin(_ request: JoinRequest, _ token: ReplyToken, _ effects: inout GroupEffects) {
        if request.instanceID == nil, pendingMembers[request.memberID] != nil {
            return add(request, id: request.memberID, token, &effects)
        }
        if let error = identityError(memberID: request.memberID, instanceID: request.instanceID) {
            return effects.reply(token, .join(JoinReply(error: error, memberID: request.memberID)))
        }
        let isUnchanged = members[request.memberID]?.strategies == request.strategies
        switch state {
        case .preparingRebalance: update(request, token, &effects)
        case .completingRebalance where isUnchanged:
            // The answer to its first request was lost.
            effects.reply(token, .join(joined(request.memberID)))
        case .stable where isUnchanged && leaderID != request.memberID:
            effects.reply(token, .join(joined(request.memberID)))
        case .completingRebalance, .stable:
            // The leader joins a stable group to have it assigned anew, for example for new partitions.
            update(request, token, &effects)
        case .empty, .dead:
            effects.reply(token, .join(JoinReply(error: .unknownMemberID, memberID: request.memberID)))
        }
    }

    private mutating func update(_ request: JoinRequest, _ token: ReplyToken, _ effects: inout GroupEffects) {
        park(joining: token, request, &effects)
        rebalanceIfPossible("\(request.memberID) joins again\(Self.because(request.reason))", &effects)
    }

    /// Takes over what the member says now. A request of it that waits is superseded, and told to come again.
    mutating func park(joining token: ReplyToken, _ request: JoinRequest, _ effects: inout GroupEffects) {
        guard let earlier = members[request.memberID] else { return }
        if let parked = earlier.joining {
            effects.reply(parked, .join(JoinReply(error: .rebalanceInProgress, memberID: earlier.id)))
        }
        members[request.memberID]?.update(from: request)
        members[request.memberID]?.joining = token
    }

    /// The present generation as the member is to know it.
    func joined(_ memberID: String) -> JoinReply {
        JoinReply(
            generation: generation,
            protocolType: protocolType,
            protocolName: protocolName,
            leaderID: leaderID ?? "",
            memberID: memberID,
            members: memberID == leaderID ? memberList() : []
        )
    }

    /// All members with their metadata for the chosen strategy.
    func memberList() -> [JoinReply.Member] {
        orderedMembers.map {
            .init(memberID: $0.id, instanceID: $0.instanceID, metadata: $0.metadata(of: protocolName ?? ""))
        }
    }

    static func because(_ reason: String?) -> String {
        guard let reason, !reason.isEmpty else { return "" }
        return ": \(reason)"
    }
}
