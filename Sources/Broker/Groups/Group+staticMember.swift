internal import KafkaProtocol

/// Static membership (KIP-345): a member with `group.instance.id` that comes back takes its own place.
extension Group {
    /// The instance is in the group under `oldID` and joins without an id: it gets a new one, and whoever still uses
    /// the old one is fenced.
    mutating func replace(
        _ oldID: String,
        by newID: String,
        _ request: JoinRequest,
        _ token: ReplyToken,
        _ effects: inout GroupEffects
    ) {
        guard let old = members[oldID] else { return }
        let knownLeader = leaderID ?? ""
        rename(old, to: newID, &effects)
        members[newID]?.update(from: request)
        members[newID]?.joining = token
        let timeout = old.isNew ? effects.settings.newMemberJoinTimeout : Int64(request.sessionTimeout)
        armSession(newID, timeout, &effects)
        guard state == .stable, votedStrategy() == protocolName else {
            return rebalanceIfPossible("static member \(newID) joins\(Self.because(request.reason))", &effects)
        }
        var kept = old
        (kept.joining, kept.syncing) = (nil, nil)
        let replacement = StaticReplacement(
            token: token,
            newID: newID,
            old: kept,
            leaderID: knownLeader,
            supportsSkippingAssignment: request.supportsSkippingAssignment
        )
        effects.write(
            group: id,
            [record(assignments: members.mapValues(\.assignment))],
            then: .staticMember(group: id, replacement)
        )
    }

    /// The new id is stored, or could not be.
    mutating func finishReplacement(
        _ replacement: StaticReplacement,
        _ outcome: WriteOutcome,
        _ effects: inout GroupEffects
    ) {
        // Another rebalance or another incarnation may have answered it meanwhile.
        guard members[replacement.newID]?.joining == replacement.token, state == .stable else { return }
        members[replacement.newID]?.joining = nil
        guard case .failed(let error) = outcome else {
            renewSession(replacement.newID, &effects)
            return effects.reply(replacement.token, .join(rejoined(replacement)))
        }
        if let renamed = members[replacement.newID] { rename(renamed, to: replacement.old.id, &effects) }
        members[replacement.old.id]?.strategies = replacement.old.strategies
        members[replacement.old.id]?.sessionTimeout = replacement.old.sessionTimeout
        members[replacement.old.id]?.rebalanceTimeout = replacement.old.rebalanceTimeout
        renewSession(replacement.old.id, &effects)
        effects.reply(replacement.token, .join(JoinReply(error: error.ofGroupWrite, memberID: "")))
    }

    /// A stable group does not pass on what a leader assigns. So a leader that came back is told not to assign, or,
    /// where the protocol has no way to say that, is given the leader's old id, which it does not recognise as itself.
    private func rejoined(_ replacement: StaticReplacement) -> JoinReply {
        var reply = joined(replacement.newID)
        if replacement.supportsSkippingAssignment {
            reply.skipsAssignment = leaderID == replacement.newID
        } else {
            reply.leaderID = replacement.leaderID
            reply.members = []
        }
        return reply
    }

    /// Puts the member under another id; requests that wait under the present one are fenced.
    private mutating func rename(_ member: Member, to newID: String, _ effects: inout GroupEffects) {
        if let parked = member.joining {
            effects.reply(parked, .join(JoinReply(error: .fencedInstanceID, memberID: member.id)))
        }
        if let parked = member.syncing { effects.reply(parked, .sync(SyncReply(error: .fencedInstanceID))) }
        let wasLeader = leaderID == member.id
        forget(member.id)
        var renamed = member
        renamed.id = newID
        renamed.session = Timer()
        (renamed.joining, renamed.syncing) = (nil, nil)
        members[newID] = renamed
        if let instanceID = member.instanceID { staticMembers[instanceID] = newID }
        if wasLeader { leaderID = newID }
    }
}
