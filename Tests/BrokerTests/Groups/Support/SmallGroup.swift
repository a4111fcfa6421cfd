import KafkaProtocol

@testable import Broker

/// A group of two consumers, one of them static, as a value: every next step can be tried on a copy.
struct SmallGroup {
    enum Step: Hashable, CustomStringConvertible {
        case join(Int), sync(Int), heartbeat(Int), leave(Int), crash(Int)
        case stored, refused
        /// Nothing happens until the next deadline.
        case silence

        var description: String {
            switch self {
            case .join(let index): "join \(index)"
            case .sync(let index): "sync \(index)"
            case .heartbeat(let index): "heartbeat \(index)"
            case .leave(let index): "leave \(index)"
            case .crash(let index): "crash \(index)"
            case .stored: "stored"
            case .refused: "refused"
            case .silence: "silence"
            }
        }
    }

    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    private var coordinator: GroupCoordinator
    private var now = Moment(uptime: 0, epoch: 1_700_000_000_000)
    private var actors = [GroupActor(group: "g", instance: nil), GroupActor(group: "g", instance: "i")]
    private var writes: [CoordinatorWrite] = []
    /// Open requests: whose, and what a SyncGroup claimed.
    private var open: [UInt64: (actor: Int, claim: GroupMember)] = [:]
    private var nextToken: UInt64 = 0
    private var latestGeneration: Int32 = 0
    /// Generations whose assignment is durable.
    private var stored: Set<GroupMember> = []
    private(set) var path: [Step] = []

    init() throws {
        var settings = GroupSettings()
        settings.initialRebalanceDelay = 0
        settings.expiryInterval = 1_000_000_000
        coordinator = GroupCoordinator(settings: settings)
        try take(coordinator.start(at: now))
    }

    /// What a client or the log could do now.
    var steps: [Step] {
        var steps: [Step] = []
        for (index, actor) in actors.enumerated() {
            if actor.parked == nil, actor.phase == .outside { steps.append(.join(index)) }
            if actor.parked == nil, actor.phase == .joined { steps.append(.sync(index)) }
            if actor.parked == nil, actor.phase == .synced { steps += [.join(index), .heartbeat(index)] }
            if !actor.memberID.isEmpty { steps.append(.leave(index)) }
            if actor.parked != nil || !actor.memberID.isEmpty { steps.append(.crash(index)) }
        }
        if !writes.isEmpty { steps += [.stored, .refused] }
        if nextDeadline != nil { steps.append(.silence) }
        return steps
    }

    private var nextDeadline: Int64? {
        guard let due = coordinator.nextDeadline, due < 1_000_000_000 else { return nil }
        return due
    }

    mutating func perform(_ step: Step) throws {
        path.append(step)
        switch step {
        case .join(let index): try join(index)
        case .sync(let index):
            let claim = actors[index].claim
            let assigned = Dictionary(
                uniqueKeysWithValues: actors[index].members.map {
                    ($0, [UInt8(truncatingIfNeeded: claim.generation)] + Array($0.utf8))
                }
            )
            try send(index) { .sync(SyncRequest(member: claim, assignments: assigned), $0) }
        case .heartbeat(let index):
            let claim = actors[index].claim
            try send(index) { .heartbeat(claim, $0) }
        case .leave(let index):
            let leaving = LeavingMember(memberID: actors[index].memberID, instanceID: actors[index].instance)
            try send(index) { .leave(groupID: "g", [leaving], $0) }
        case .crash(let index):
            actors[index].forget()
            actors[index].past = []
        case .stored: try complete(.durable(offset: 0))
        case .refused: try complete(.failed(.kafkaStorageError))
        case .silence:
            now.uptime = max(now.uptime, nextDeadline ?? now.uptime)
            try take(coordinator.on(.tick, at: now))
        }
    }

    private mutating func join(_ index: Int) throws {
        let actor = actors[index]
        let request = JoinRequest(
            groupID: "g",
            memberID: actor.memberID,
            instanceID: actor.instance,
            clientID: "c",
            clientHost: "/h",
            sessionTimeout: 10_000,
            rebalanceTimeout: 30_000,
            protocolType: "consumer",
            strategies: [.init(name: "range", metadata: [])],
            requiresKnownMemberID: true,
            supportsSkippingAssignment: true,
            freshSuffix: "\(nextToken)"
        )
        try send(index) { .join(request, $0) }
    }

    private mutating func send(_ index: Int, _ event: (ReplyToken) -> GroupEvent) throws {
        nextToken += 1
        let token = nextToken
        open[token] = (index, actors[index].claim)
        actors[index].parked = token
        try take(coordinator.on(event(ReplyToken(token)), at: now))
    }

    private mutating func complete(_ outcome: WriteOutcome) throws {
        let write = writes.removeFirst()
        if case .durable = outcome { stored.formUnion(try GroupWorld.assigned(write)) }
        try take(coordinator.on(.written(write.token, outcome), at: now))
    }

    private mutating func take(_ actions: [GroupAction]) throws {
        for action in actions {
            if case .write(let write) = action { writes.append(write) }
            if case .reply(let token, let reply) = action { try answer(token.rawValue, reply) }
        }
    }

    private mutating func answer(_ token: UInt64, _ reply: GroupReply) throws {
        guard let (index, claim) = open.removeValue(forKey: token) else {
            throw Broken(description: "token \(token) is answered twice after \(path)")
        }
        if case .join(let joined) = reply, joined.error == nil {
            guard joined.generation >= latestGeneration else {
                throw Broken(description: "generation \(joined.generation) after \(latestGeneration): \(path)")
            }
            latestGeneration = joined.generation
        }
        if case .sync(let synced) = reply, synced.error == nil,
            !stored.contains(GroupMember(groupID: "g", generation: claim.generation))
        {
            throw Broken(description: "\(claim) is told of an assignment that is not durable after \(path)")
        }
        if case .sync(let synced) = reply, let generation = synced.assignment.first {
            let name = String(decoding: synced.assignment.dropFirst(), as: UTF8.self)
            let isOwn = name == claim.memberID || (claim.instanceID != nil && name.hasPrefix("i-"))
            guard Int32(generation) == claim.generation, claim.generation == latestGeneration, isOwn else {
                throw Broken(description: "\(claim) got \(name) of \(generation) after \(path)")
            }
        }
        guard actors[index].parked == token else { return }
        actors[index].parked = nil
        actors[index].take(reply)
        actors[index].past = []
    }

    /// Whether everything that waits is answered if nobody does anything more, and nobody is left in the group.
    func settled() throws {
        var copy = self
        for _ in 0..<200 {
            while !copy.writes.isEmpty { try copy.complete(.durable(offset: 0)) }
            guard copy.nextDeadline != nil else { break }
            try copy.perform(.silence)
        }
        if let left = copy.open.keys.min() {
            throw Broken(description: "token \(left) is never answered after \(path)")
        }
        guard copy.coordinator.describe("g").members.isEmpty else {
            throw Broken(description: "silent members stay after \(path)")
        }
    }

    /// Equal for states that cannot be told apart but for names, and for when they are reached.
    var signature: String {
        guard let group = coordinator.groups["g"] else { return "none \(actors.map(\.phase))" }
        let rank = Dictionary(uniqueKeysWithValues: group.orderedMembers.enumerated().map { ($1.id, $0) })
        let members = group.orderedMembers.map { member in
            let due = member.session.deadline.map { $0 - now.uptime } ?? -1
            return """
                \(member.instanceID ?? "-")\(member.joining != nil)\(member.syncing != nil)\(member.isNew)\(due)\
                \(group.awaitedSyncs.contains(member.id))\(member.assignment.isEmpty)
                """
        }
        let own = actors.map { actor in
            """
            \(rank[actor.memberID] ?? -1)\(group.pendingMembers[actor.memberID] != nil)\(actor.memberID.isEmpty)\
            \(actor.phase)\(actor.generation == group.generation)\(actor.parked != nil)\(actor.members.count)
            """
        }
        let timers = [group.rebalanceTimer.deadline, group.syncTimer.deadline].map { $0.map { $0 - now.uptime } ?? -1 }
        let pending = group.pendingMembers.values.map { ($0.deadline ?? 0) - now.uptime }.sorted()
        let leader = group.leaderID.flatMap { rank[$0] } ?? -1
        return """
            \(group.state)\(min(group.generation, 2))\(leader)\(members)\(own)\(timers)\(pending)\
            \(writes.map { $0.token == group.assignmentWrite })
            """
    }
}
