import KafkaProtocol

@testable import Broker

/// A consumer of the lockstep test: what it believes of itself.
struct GroupActor {
    enum Phase { case outside, joined, synced }

    let group: String
    let instance: String?
    var memberID = ""
    var generation: Int32 = -1
    var phase = Phase.outside
    /// Everybody, if it leads.
    var members: [String] = []
    /// The request that it waits for.
    var parked: UInt64?
    /// Who it was before: what a zombie of it would claim.
    var past: [GroupMember] = []

    init(group: String, instance: String?) {
        self.group = group
        self.instance = instance
    }

    var claim: GroupMember {
        GroupMember(groupID: group, memberID: memberID, instanceID: instance, generation: generation)
    }

    /// It starts over, for example as a new process.
    mutating func forget() {
        if !memberID.isEmpty { past = Array((past + [claim]).suffix(4)) }
        (memberID, generation, phase, members, parked) = ("", -1, .outside, [], nil)
    }

    mutating func take(_ reply: GroupReply) {
        switch reply {
        case .join(let joined): take(joined)
        case .sync(let synced):
            if synced.error == nil { phase = .synced }
            refused(synced.error)
        case .heartbeat(let error): refused(error)
        case .leave: forget()
        default: break
        }
    }

    private mutating func take(_ reply: JoinReply) {
        if let error = reply.error {
            if error == .memberIDRequired { memberID = reply.memberID } else { refused(error) }
            return
        }
        if !memberID.isEmpty { past = Array((past + [claim]).suffix(4)) }
        memberID = reply.memberID
        generation = reply.generation
        phase = .joined
        members = reply.members.map(\.memberID)
    }

    private mutating func refused(_ error: ErrorCode?) {
        switch error {
        case nil: break
        case .rebalanceInProgress, .illegalGeneration, .coordinatorNotAvailable: phase = .outside
        default: forget()
        }
    }
}
