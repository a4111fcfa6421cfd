internal import KafkaProtocol

/// SyncGroup: the leader's assignment, stored and handed out.
extension Group {
    mutating func sync(_ request: SyncRequest, _ token: ReplyToken, _ effects: inout GroupEffects) {
        if let error = membershipError(request.member) ?? protocolError(request) {
            return effects.reply(token, .sync(SyncReply(error: error)))
        }
        let memberID = request.member.memberID
        switch state {
        case .empty, .dead: effects.reply(token, .sync(SyncReply(error: .unknownMemberID)))
        case .preparingRebalance: effects.reply(token, .sync(SyncReply(error: .rebalanceInProgress)))
        case .completingRebalance:
            heardSync(memberID)
            park(syncing: token, memberID, &effects)
            if memberID == leaderID, assignmentWrite == nil { store(request.assignments, &effects) }
        case .stable:
            heardSync(memberID)
            renewSession(memberID, &effects)
            effects.reply(token, .sync(synced(members[memberID]?.assignment ?? [])))
        }
    }

    /// The member's idea of type and strategy, from version 5 on (KIP-559).
    private func protocolError(_ request: SyncRequest) -> ErrorCode? {
        if let type = request.protocolType, type != protocolType { return .inconsistentGroupProtocol }
        if let name = request.protocolName, name != protocolName { return .inconsistentGroupProtocol }
        return nil
    }

    private mutating func heardSync(_ memberID: String) {
        awaitedSyncs.remove(memberID)
        if awaitedSyncs.isEmpty { syncTimer.stop() }
    }

    private mutating func park(syncing token: ReplyToken, _ memberID: String, _ effects: inout GroupEffects) {
        if let earlier = members[memberID]?.syncing {
            effects.reply(earlier, .sync(SyncReply(error: .rebalanceInProgress)))
        }
        members[memberID]?.syncing = token
    }

    /// Members that the leader left out get an empty assignment; those that do not exist are left out.
    private mutating func store(_ assignments: [String: [UInt8]], _ effects: inout GroupEffects) {
        assignmentInFlight = Dictionary(uniqueKeysWithValues: members.keys.map { ($0, assignments[$0] ?? []) })
        let stored = record(assignments: assignmentInFlight)
        assignmentWrite = effects.write(group: id, [stored], then: .assignment(group: id))
    }

    /// The assignment is stored, or could not be. Without meaning if a rebalance has begun meanwhile.
    mutating func finishAssignment(_ token: WriteToken, _ outcome: WriteOutcome, _ effects: inout GroupEffects) {
        guard state == .completingRebalance, assignmentWrite == token else { return }
        assignmentWrite = nil
        if case .failed(let error) = outcome {
            dropAssignments(error.ofGroupWrite, &effects)
            return rebalanceIfPossible("the assignment could not be stored", &effects)
        }
        for member in orderedMembers {
            let assignment = assignmentInFlight[member.id] ?? []
            members[member.id]?.assignment = assignment
            answerSync(member.id, synced(assignment), &effects)
        }
        assignmentInFlight = [:]
        enter(.stable, effects)
    }

    mutating func dropAssignments(_ error: ErrorCode, _ effects: inout GroupEffects) {
        for member in orderedMembers {
            members[member.id]?.assignment = []
            answerSync(member.id, SyncReply(error: error), &effects)
        }
    }

    /// A session that ran out while the request waited begins anew.
    private mutating func answerSync(_ memberID: String, _ reply: SyncReply, _ effects: inout GroupEffects) {
        guard let token = members[memberID]?.syncing else { return }
        members[memberID]?.syncing = nil
        effects.reply(token, .sync(reply))
        renewSession(memberID, &effects)
    }

    private func synced(_ assignment: [UInt8]) -> SyncReply {
        SyncReply(protocolType: protocolType, protocolName: protocolName, assignment: assignment)
    }

    /// The group as it is stored.
    func record(assignments: [String: [UInt8]]) -> CoordinatorRecord {
        let stored = GroupRecord(
            protocolType: protocolType ?? "",
            generation: generation,
            protocolName: protocolName,
            leaderID: leaderID,
            stateTimestamp: stateTimestamp,
            members: orderedMembers.map { member in
                GroupRecord.Member(
                    memberID: member.id,
                    instanceID: member.instanceID,
                    clientID: member.clientID,
                    clientHost: member.clientHost,
                    rebalanceTimeout: Int32(clamping: member.rebalanceTimeout),
                    sessionTimeout: Int32(clamping: member.sessionTimeout),
                    subscription: member.metadata(of: protocolName ?? ""),
                    assignment: assignments[member.id] ?? []
                )
            }
        )
        return CoordinatorRecord(key: GroupRecord.key(group: id), value: stored.value)
    }
}

extension ErrorCode {
    /// What a member is told when the group could not be stored: to try again, unless it never will fit.
    var ofGroupWrite: ErrorCode { self == .messageTooLarge ? .unknownServerError : .coordinatorNotAvailable }
}
