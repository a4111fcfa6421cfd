internal import KafkaProtocol

/// Heartbeats, leaving, and sessions that end.
extension Group {
    mutating func heartbeat(_ claim: GroupMember, _ token: ReplyToken, _ effects: inout GroupEffects) {
        var error = membershipError(claim)
        if error == nil {
            switch state {
            case .empty, .dead: error = .unknownMemberID
            case .completingRebalance, .stable: break
            case .preparingRebalance: error = .rebalanceInProgress
            }
            renewSession(claim.memberID, &effects)
        }
        effects.reply(token, .heartbeat(error))
    }

    mutating func leave(_ leaving: [LeavingMember], _ token: ReplyToken, _ effects: inout GroupEffects) {
        var left: [LeftMember] = []
        for member in leaving {
            let error = leave(member, &effects)
            left.append(LeftMember(memberID: member.memberID, instanceID: member.instanceID, error: error))
        }
        effects.reply(token, .leave(nil, left))
    }

    private mutating func leave(_ leaving: LeavingMember, _ effects: inout GroupEffects) -> ErrorCode? {
        var memberID = leaving.memberID
        if memberID.isEmpty {
            // An administrator removes a static member by its instance id.
            guard let instanceID = leaving.instanceID, let current = staticMembers[instanceID] else {
                return .unknownMemberID
            }
            memberID = current
        } else if pendingMembers[memberID] != nil, leaving.instanceID == nil {
            pendingMemberTimedOut(memberID, &effects)
            return nil
        }
        if let error = identityError(memberID: memberID, instanceID: leaving.instanceID) { return error }
        remove(memberID, "\(memberID) leaves\(Self.because(leaving.reason))", &effects)
        return nil
    }

    /// The member was not heard for its session timeout. One whose request is parked lives: it cannot speak, and its
    /// session begins anew with the answer.
    mutating func sessionTimedOut(_ memberID: String, _ effects: inout GroupEffects) {
        guard let member = members[memberID], member.isNew || !member.isWaiting else { return }
        remove(memberID, "the session of \(memberID) ended", &effects)
    }

    mutating func pendingMemberTimedOut(_ memberID: String, _ effects: inout GroupEffects) {
        pendingMembers[memberID] = nil
        completeJoinIfReady(&effects)
    }

    private mutating func remove(_ memberID: String, _ reason: String, _ effects: inout GroupEffects) {
        guard let member = members[memberID] else { return }
        answerParked(member, &effects)
        forget(memberID)
        if state == .preparingRebalance {
            completeJoinIfReady(&effects)
        } else {
            rebalanceIfPossible(reason, &effects)
        }
    }
}
