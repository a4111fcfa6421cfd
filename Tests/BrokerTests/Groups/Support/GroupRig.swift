import KafkaProtocol
import Testing

@testable import Broker

/// A coordinator with a clock set by hand, and a log that the test lets go on when it wants.
final class GroupRig: TimedRig {
    var coordinator: GroupCoordinator
    var now = Moment(uptime: 0, epoch: 1_700_000_000_000)
    /// Answers by token, in the order of the tokens' requests.
    var answers: [UInt64: GroupReply] = [:]
    var writes: [CoordinatorWrite] = []
    /// What is in the log: every write that was made durable, with its base offset.
    var log: [(write: CoordinatorWrite, offset: Int64)] = []
    var rebalances: [String] = []
    /// False holds writes back until `flush`.
    var isLogFast = true
    private var nextToken: UInt64 = 0
    private var nextSuffix = 0

    init(_ settings: GroupSettings = GroupSettings()) {
        coordinator = GroupCoordinator(settings: settings)
        take(coordinator.start(at: now))
    }

    func take(_ actions: [GroupAction]) {
        for action in actions {
            switch action {
            case .reply(let token, let reply):
                #expect(answers[token.rawValue] == nil, "token \(token.rawValue) is answered twice")
                answers[token.rawValue] = reply
            case .write(let write): writes.append(write)
            case .rebalancing(_, _, let reason): rebalances.append(reason)
            }
        }
        if isLogFast { flush() }
    }

    func flush(_ error: ErrorCode? = nil) {
        while !writes.isEmpty {
            let write = writes.removeFirst()
            if let error {
                take(coordinator.on(.written(write.token, .failed(error)), at: now))
            } else {
                let offset = Int64(log.count)
                log.append((write, offset))
                take(coordinator.on(.written(write.token, .durable(offset: offset)), at: now))
            }
        }
    }

    var nextDeadline: Int64? { coordinator.nextDeadline }

    func tick() { take(coordinator.on(.tick, at: now)) }

    /// Sends a request and returns its token.
    @discardableResult
    func send(_ event: (ReplyToken) -> GroupEvent) -> UInt64 {
        defer { nextToken += 1 }
        let token = nextToken
        take(coordinator.on(event(ReplyToken(token)), at: now))
        return token
    }

    func join(
        _ memberID: String = "",
        group: String = "g",
        instance: String? = nil,
        client: String = "c",
        session: Int32 = 10_000,
        rebalance: Int32 = 60_000,
        strategies: [String: [UInt8]] = ["range": [1]],
        version: Int = 9
    ) -> UInt64 {
        nextSuffix += 1
        let request = JoinRequest(
            groupID: group,
            memberID: memberID,
            instanceID: instance,
            clientID: client,
            clientHost: "/127.0.0.1",
            sessionTimeout: session,
            rebalanceTimeout: rebalance,
            protocolType: "consumer",
            strategies: strategies.sorted { $0.key < $1.key }.map { .init(name: $0.key, metadata: $0.value) },
            requiresKnownMemberID: version >= 4,
            supportsSkippingAssignment: version >= 9,
            freshSuffix: "\(nextSuffix)"
        )
        return send { .join(request, $0) }
    }

    func sync(
        _ memberID: String,
        _ generation: Int32,
        instance: String? = nil,
        _ assignments: [String: [UInt8]] = [:],
        name: String? = nil
    ) -> UInt64 {
        let member = GroupMember(groupID: "g", memberID: memberID, instanceID: instance, generation: generation)
        return send { .sync(SyncRequest(member: member, protocolName: name, assignments: assignments), $0) }
    }

    func heartbeat(_ memberID: String, _ generation: Int32, instance: String? = nil) -> ErrorCode? {
        let member = GroupMember(groupID: "g", memberID: memberID, instanceID: instance, generation: generation)
        let token = send { .heartbeat(member, $0) }
        guard case .heartbeat(let error) = answers[token] else { return .unknownServerError }
        return error
    }

    func leave(_ members: LeavingMember...) -> [ErrorCode?] {
        let token = send { .leave(groupID: "g", members, $0) }
        guard case .leave(nil, let left) = answers[token] else { return [] }
        return left.map(\.error)
    }

    func commit(
        _ offset: Int64,
        of partition: LogPartition = LogPartition("t", 0),
        member: GroupMember = GroupMember(groupID: "g"),
        metadata: String = "",
        retention: Int64? = nil,
        producer: ProducerIdentity? = nil
    ) -> UInt64 {
        let entry = CommitRequest.Entry(partition, offset: offset, metadata: metadata)
        let request = CommitRequest(member: member, retention: retention, offsets: [entry], producer: producer)
        return send { .commit(request, $0) }
    }

    func joined(_ token: UInt64) throws -> JoinReply {
        guard case .join(let reply) = try #require(answers[token]) else { throw WrongAnswer() }
        return reply
    }

    func synced(_ token: UInt64) throws -> SyncReply {
        guard case .sync(let reply) = try #require(answers[token]) else { throw WrongAnswer() }
        return reply
    }

    func committed(_ token: UInt64) throws -> [ErrorCode?] {
        guard case .commit(let outcomes) = try #require(answers[token]) else { throw WrongAnswer() }
        return outcomes.map(\.error)
    }

    /// The committed offset that OffsetFetch shows; -1 without one.
    func offset(_ partition: LogPartition = LogPartition("t", 0), group: String = "g") -> Int64 {
        coordinator.offsets(of: group, partitions: [partition], requireStable: false)[0].offset
    }

    /// A member with its id, joined in the way of KIP-394; the token of its second JoinGroup.
    func admit(client: String = "c", session: Int32 = 10_000) throws -> (id: String, token: UInt64) {
        let first = join(client: client, session: session)
        let id = try joined(first).memberID
        return (id, join(id, client: client, session: session))
    }

    /// A stable group of `count` dynamic members: their ids, the leader first, and the generation.
    func stableGroup(_ count: Int) throws -> (ids: [String], generation: Int32) {
        var ids: [String] = []
        var tokens: [UInt64] = []
        for _ in 0..<count {
            let (id, token) = try admit()
            for (index, other) in ids.enumerated() { tokens[index] = join(other) }
            ids.append(id)
            tokens.append(token)
        }
        let reply = try joined(tokens[0])
        let assignments = Dictionary(uniqueKeysWithValues: ids.map { ($0, Array($0.utf8)) })
        for id in ids.dropFirst() { _ = sync(id, reply.generation) }
        _ = sync(reply.leaderID, reply.generation, assignments)
        try #require(coordinator.describe("g").state == .stable)
        return (ids, reply.generation)
    }

    /// A new coordinator that has read the log.
    func restarted(markers: [(after: Int64, producerID: Int64, committed: Bool)] = []) throws -> GroupRig {
        let fresh = GroupRig(coordinator.settings)
        fresh.coordinator = GroupCoordinator(settings: coordinator.settings)
        (fresh.now, fresh.log) = (now, log)
        for (write, offset) in log {
            for record in write.records {
                try fresh.coordinator.load(record, offset: offset, producer: write.producer)
            }
            for marker in markers where marker.after == offset {
                fresh.coordinator.loadMarker(
                    producerID: marker.producerID,
                    offsetsPartition: write.partition,
                    committed: marker.committed
                )
            }
        }
        fresh.take(fresh.coordinator.start(at: now))
        return fresh
    }

    struct WrongAnswer: Error {}
}
