import KafkaProtocol

@testable import Broker

/// A coordinator among consumers that behave, crash, repeat themselves and come back as zombies, over a log that is
/// slow, fails, and is all that a restart leaves. Every answer is checked.
final class GroupWorld {
    private enum Question { case join, sync(GroupMember), other }

    private let seed: UInt64
    private var random: CoordinatorRandom
    private var coordinator: GroupCoordinator
    private var now = Moment(uptime: 0, epoch: 1_700_000_000_000)
    private var actors: [GroupActor]
    private var model = OffsetModel()
    private var queues: [Int32: [OffsetModel.Entry]] = [:]
    private var nextOffset: [Int32: Int64] = [:]
    private var open: [UInt64: (actor: Int?, question: Question)] = [:]
    private var nextToken: UInt64 = 0
    private var nextSuffix = 0
    /// Which generation each leader's assignment was for.
    private var assignments: [UInt32: (group: String, generation: Int32)] = [:]
    private var nextAssignment: UInt32 = 0
    /// By group: generations begun since the last restart, with the one assignment that each may have.
    private var generations: [String: [Int32: UInt32?]] = [:]
    /// Generations whose assignment is durable.
    private var stored: Set<GroupMember> = []
    private(set) var events = 0
    private(set) var counts: [String: Int] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        random = CoordinatorRandom(seed: seed)
        var settings = GroupSettings()
        settings.maximumSize = 4
        settings.newMemberJoinTimeout = 8_000
        settings.initialRebalanceDelay = Int64(random.int(0...1)) * 300
        settings.expiryInterval = 60_000
        coordinator = GroupCoordinator(settings: settings)
        actors = ["g", "h"].flatMap { group in
            [nil, nil, nil, "i", "j"].map { GroupActor(group: group, instance: $0) }
        }
        try take(coordinator.start(at: now))
    }

    func step() throws {
        switch random.int(1...100) {
        case 1...55: try act(random.int(0...actors.count - 1))
        case 56...80: try advanceLog()
        case 81...93: try pass(Int64(random.int(0...400)))
        case 94...97: try endTransaction()
        case 98: try delete()
        default: try commitOutside()
        }
        if events % 4 == 0 { try compareOffsets() }
    }

    func violation(_ what: String) -> Violation { Violation(what, step: events, seed: seed) }

    private func send(_ actor: Int?, _ question: Question, _ event: (ReplyToken) -> GroupEvent) throws {
        let token = nextToken
        nextToken += 1
        open[token] = (actor, question)
        if let actor { actors[actor].parked = token }
        try apply(event(ReplyToken(token)))
    }

    private func apply(_ event: GroupEvent) throws {
        events += 1
        try take(coordinator.on(event, at: now))
    }

    private func take(_ actions: [GroupAction]) throws {
        for action in actions {
            switch action {
            case .reply(let token, let reply): try answer(token.rawValue, reply)
            case .write(let write):
                try model.issue(write)
                try noteDeletion(write)
                queues[write.partition, default: []].append(.write(write))
            case .rebalancing: counts["rebalance", default: 0] += 1
            }
        }
    }

    /// A group that was deleted begins again with its first generation.
    private func noteDeletion(_ write: CoordinatorWrite) throws {
        for record in write.records where record.value == nil {
            if case .group(let group) = try OffsetsTopicKey(record.key) { generations[group] = nil }
        }
    }

    private func answer(_ token: UInt64, _ reply: GroupReply) throws {
        guard let (actor, question) = open.removeValue(forKey: token) else {
            throw violation("token \(token) is answered, but was not asked or was answered before")
        }
        switch (question, reply) {
        case (.join, .join(let joined)): try check(joined, actor)
        case (.sync(let member), .sync(let synced)): try check(synced, member)
        case (.other, _): break
        default: throw violation("a request is answered as another one")
        }
        if let actor, actors[actor].parked == token {
            actors[actor].parked = nil
            actors[actor].take(reply)
        }
    }

    /// A generation begins once, with everybody in it, and is never gone back to.
    private func check(_ reply: JoinReply, _ actor: Int?) throws {
        guard reply.error == nil else {
            counts["refused join", default: 0] += 1
            return
        }
        guard let actor, reply.generation > 0 else { throw violation("a join without generation") }
        counts["join", default: 0] += 1
        let group = actors[actor].group
        if let latest = generations[group]?.keys.max(), reply.generation < latest {
            throw violation("generation \(reply.generation) of \(group) after \(latest)")
        }
        if !reply.members.isEmpty, !reply.members.contains(where: { $0.memberID == reply.memberID }) {
            throw violation("a leader is not among its members")
        }
        if generations[group]?[reply.generation] == nil {
            generations[group, default: [:]].updateValue(nil, forKey: reply.generation)
        }
    }

    /// A member gets what was assigned to it, in its own generation, by the one assignment of that.
    private func check(_ reply: SyncReply, _ member: GroupMember) throws {
        guard reply.error == nil else {
            counts["refused sync", default: 0] += 1
            return
        }
        counts["sync", default: 0] += 1
        guard stored.contains(GroupMember(groupID: member.groupID, generation: member.generation)) else {
            throw violation("\(member) is told of an assignment that is not durable")
        }
        guard !reply.assignment.isEmpty else { return }
        let number = reply.assignment.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let name = String(decoding: reply.assignment.dropFirst(4), as: UTF8.self)
        guard let made = assignments[number], made.group == member.groupID, made.generation == member.generation else {
            throw violation("\(member) got assignment \(number), of \(String(describing: assignments[number]))")
        }
        let isOwn = name == member.memberID || member.instanceID.map { name.hasPrefix("\($0)-") } ?? false
        if !isOwn { throw violation("\(member.memberID) got what was assigned to \(name)") }
        let earlier = generations[member.groupID]?[member.generation] ?? nil
        if let earlier, earlier != number {
            throw violation("generation \(member.generation) of \(member.groupID) has two assignments")
        }
        generations[member.groupID, default: [:]].updateValue(number, forKey: member.generation)
    }

    private func act(_ index: Int) throws {
        let actor = actors[index]
        if random.chance(4), let past = random.pick(actor.past) { return try haunt(past) }
        if actor.parked != nil, !random.chance(4) { return }
        switch (actor.phase, random.int(1...100)) {
        case (_, 1...3): actors[index].forget()
        case (.outside, _), (_, 4...8): try join(index)
        case (_, 9...12): try leave(index)
        case (.joined, 13...75): try sync(index)
        case (_, 13...60): try send(index, .other) { .heartbeat(actor.claim, $0) }
        default: try commit(actor.claim, producer: random.chance(30) ? producer() : nil)
        }
    }

    private func join(_ index: Int) throws {
        let actor = actors[index]
        nextSuffix += 1
        let strategies = ["a", "b"].filter { _ in random.chance(70) }
        let isNew = random.chance(80)
        let request = JoinRequest(
            groupID: actor.group,
            memberID: actor.memberID,
            instanceID: actor.instance,
            clientID: "c\(index)",
            clientHost: "/h",
            sessionTimeout: Int32(random.int(1_000...3_000)),
            rebalanceTimeout: Int32(random.int(0...4_000)),
            protocolType: "consumer",
            strategies: (strategies.isEmpty || random.chance(70) ? ["a"] : strategies).map {
                .init(name: $0, metadata: [UInt8(random.int(0...1))])
            },
            requiresKnownMemberID: isNew,
            supportsSkippingAssignment: isNew,
            freshSuffix: "\(nextSuffix)"
        )
        try send(index, .join) { .join(request, $0) }
    }

    private func leave(_ index: Int) throws {
        let actor = actors[index]
        let leaving = LeavingMember(memberID: actor.memberID, instanceID: actor.instance)
        try send(index, .other) { .leave(groupID: actor.group, [leaving], $0) }
    }

    /// Assigns to everybody, or leaves somebody out.
    private func sync(_ index: Int) throws {
        let actor = actors[index]
        try send(index, .sync(actor.claim)) { .sync(assigning(actor.claim, to: actor.members), $0) }
    }

    private func assigning(_ claim: GroupMember, to members: [String]) -> SyncRequest {
        nextAssignment += 1
        assignments[nextAssignment] = (claim.groupID, claim.generation)
        let number = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: nextAssignment >> $0) }
        var assigned = Dictionary(uniqueKeysWithValues: members.map { ($0, number + Array($0.utf8)) })
        if random.chance(10), let left = members.last { assigned[left] = nil }
        return SyncRequest(member: claim, assignments: assigned)
    }

    /// What an earlier incarnation still sends.
    private func haunt(_ past: GroupMember) throws {
        switch random.int(1...3) {
        case 1: try send(nil, .other) { .heartbeat(past, $0) }
        case 2: try send(nil, .sync(past)) { .sync(assigning(past, to: [past.memberID]), $0) }
        default: try commit(past, producer: random.chance(50) ? producer() : nil)
        }
    }

    private func producer() -> ProducerIdentity { ProducerIdentity(id: Int64(random.int(1...2)), epoch: 0) }

    private func commitOutside() throws {
        let group = random.chance(50) ? "g" : "h"
        try commit(GroupMember(groupID: group), producer: random.chance(50) ? producer() : nil)
    }

    /// Commits, and checks who is let through: nobody of an earlier generation, nobody whose place was taken.
    private func commit(_ claim: GroupMember, producer: ProducerIdentity?) throws {
        let group = coordinator.groups[claim.groupID]
        let partition = LogPartition("t", Int32(random.int(0...2)))
        let value = Int64(random.int(0...1_000_000))
        let request = CommitRequest(member: claim, offsets: [.init(partition, offset: value)], producer: producer)
        let queue = coordinator.partition(for: claim.groupID)
        let before = queues[queue]?.count ?? 0
        try send(nil, .other) { .commit(request, $0) }
        guard let queued = queues[queue], queued.count > before, case .write(let write) = queued[before] else {
            counts["refused commit", default: 0] += 1
            return
        }
        counts["commit", default: 0] += 1
        let stored = try OffsetModel.offsets(write)
        let key = OffsetModel.Key(group: claim.groupID, partition: partition)
        guard stored.map(\.key) == [key], stored.map(\.value) == [value], write.producer == producer else {
            throw violation("a commit is stored as another one")
        }
        guard claim.generation >= 0 else { return }
        if claim.generation < generations[claim.groupID]?.keys.max() ?? 0 {
            throw violation("\(claim) committed in a later generation")
        }
        let holder = claim.instanceID.flatMap { group?.staticMembers[$0] } ?? claim.memberID
        if holder != claim.memberID || group?.members[holder] == nil {
            throw violation("\(claim) is fenced and committed")
        }
    }

    private func endTransaction() throws {
        let partition = coordinator.partition(for: random.chance(50) ? "g" : "h")
        let entry = OffsetModel.Entry.marker(
            producerID: Int64(random.int(1...2)),
            partition: partition,
            committed: random.chance(60)
        )
        queues[partition, default: []].append(entry)
    }

    private func delete() throws {
        let group = random.chance(50) ? "g" : "h"
        if random.chance(50) {
            let partitions = [LogPartition("t", Int32(random.int(0...2)))]
            try send(nil, .other) { .deleteOffsets(groupID: group, partitions, $0) }
        } else {
            try send(nil, .other) { .deleteGroups([group], $0) }
        }
    }

    /// One entry of one partition becomes durable, or fails.
    private func advanceLog() throws {
        guard let partition = random.pick(queues.filter { !$0.value.isEmpty }.keys.sorted()) else { return }
        try completeOne(partition, fails: random.chance(4))
    }

    private func completeOne(_ partition: Int32, fails: Bool) throws {
        guard let entry = queues[partition]?.removeFirst() else { return }
        let offset = nextOffset[partition] ?? 0
        switch entry {
        case .write(let write) where fails:
            model.fail(write)
            try apply(.written(write.token, .failed(.kafkaStorageError)))
        case .write(let write):
            nextOffset[partition] = offset + 1
            try model.complete(entry, offset: offset)
            stored.formUnion(try Self.assigned(write))
            try apply(.written(write.token, .durable(offset: offset)))
        case .marker(let producerID, let partition, let committed):
            nextOffset[partition] = offset + 1
            try model.complete(entry, offset: offset)
            let event = GroupEvent.transactionEnded(
                producerID: producerID,
                offsetsPartition: partition,
                committed: committed,
                offset: offset
            )
            try apply(event)
        }
    }

    /// The generations that a write stores the assignment of.
    static func assigned(_ write: CoordinatorWrite) throws -> [GroupMember] {
        try write.records.compactMap { record in
            guard case .group(let group) = try OffsetsTopicKey(record.key), let value = record.value else { return nil }
            let stored = try GroupRecord(value)
            return stored.members.isEmpty ? nil : GroupMember(groupID: group, generation: stored.generation)
        }
    }

    private func pass(_ milliseconds: Int64) throws {
        now.uptime += milliseconds
        now.epoch += milliseconds
        if let due = coordinator.nextDeadline, due <= now.uptime { try apply(.tick) }
        if let due = coordinator.nextDeadline, due <= now.uptime { throw violation("a tick leaves a deadline behind") }
    }

    private func compareOffsets() throws {
        for group in ["g", "h"] {
            let partitions = (0...2).map { LogPartition("t", $0) }
            let stable = coordinator.offsets(of: group, partitions: partitions, requireStable: true)
            let any = coordinator.offsets(of: group, partitions: partitions, requireStable: false)
            for (index, partition) in partitions.enumerated() {
                let key = OffsetModel.Key(group: group, partition: partition)
                if any[index].offset != model.value(key) {
                    throw violation(
                        "\(group) \(partition) is at \(any[index].offset), the model at \(model.value(key))"
                    )
                }
                if (stable[index].error != nil) != model.isUnstable(key) {
                    throw violation("\(group) \(partition): unstable is \(model.isUnstable(key)) in the model")
                }
            }
        }
    }

    /// The process ends and begins again: connections are gone, and what was not durable.
    func restart() throws {
        let settings = coordinator.settings
        model = try model.reread()
        coordinator = GroupCoordinator(settings: settings)
        for (entry, offset) in model.log {
            switch entry {
            case .write(let write):
                for record in write.records {
                    try coordinator.load(record, offset: offset, producer: write.producer)
                }
            case .marker(let producerID, let partition, let committed):
                coordinator.loadMarker(producerID: producerID, offsetsPartition: partition, committed: committed)
            }
        }
        queues = [:]
        open = [:]
        generations = [:]
        for index in actors.indices { actors[index].parked = nil }
        try take(coordinator.start(at: now))
        try compareOffsets()
    }

    /// The log becomes fast and time passes: whatever waits is answered, and nothing is left of the members.
    func settle() throws {
        for _ in 0..<400 {
            for partition in queues.keys.sorted() {
                while queues[partition]?.isEmpty == false { try completeOne(partition, fails: false) }
            }
            try pass(500)
        }
        if let left = open.keys.min() { throw violation("token \(left) is never answered") }
        for group in ["g", "h"] where ![.empty, .dead].contains(coordinator.describe(group).state) {
            throw violation("\(group) has members that are long gone")
        }
        if coordinator.effects.timers.count > 50 {
            throw violation("\(coordinator.effects.timers.count) timers are left")
        }
        try compareOffsets()
    }
}
