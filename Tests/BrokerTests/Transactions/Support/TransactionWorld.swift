import KafkaProtocol

@testable import Broker

/// A coordinator among producers that begin, end, crash, recover and come back as zombies, over a log and partitions
/// that are slow and fail, through restarts. Every answer, record and marker is checked.
final class TransactionWorld {
    private struct Claim {
        var id: String
        var identity: ProducerIdentity
    }

    private enum Question {
        case initialize(id: String?, current: ProducerIdentity?)
        /// Whether the identity was the one that held the id.
        case add(Claim, isHolder: Bool, Set<LogPartition>)
        case end(Claim, isHolder: Bool, commit: Bool)
    }

    private enum Work {
        case write(CoordinatorWrite)
        case marker(TransactionMarker)
        case reservation(Int64, WriteToken)
    }

    private let seed: UInt64
    private var random: CoordinatorRandom
    private var coordinator: TransactionCoordinator
    private var now = Moment(uptime: 0, epoch: 1_700_000_000_000)
    private var model = TransactionModel()
    private var queue: [Work] = []
    private var open: [UInt64: Question] = [:]
    private var nextToken: UInt64 = 0
    private var idLimit: Int64 = 0
    private var givenIDs: Set<Int64> = []
    /// By transactional id: what was given to clients, and to which request.
    private var issued: [String: [ProducerIdentity: ProducerIdentity?]] = [:]
    private var claims: [Claim] = []
    private(set) var events = 0
    private(set) var counts: [String: Int] = [:]

    var completed: Int { model.completed }

    init(seed: UInt64) throws {
        self.seed = seed
        random = CoordinatorRandom(seed: seed)
        var settings = TransactionSettings()
        settings.producerIDBlock = 2
        settings.idExpiration = 20_000
        settings.expiryInterval = 7_000
        coordinator = TransactionCoordinator(settings: settings)
        try take(coordinator.start(at: now))
    }

    func violation(_ what: String) -> Violation { Violation(what, step: events, seed: seed) }

    func step() throws {
        switch random.int(1...100) {
        case 1...15: try initialize()
        case 16...35: try add()
        case 36...50: try end()
        case 51...88: try work(random.int(0...max(0, queue.count - 1)), fails: random.chance(6))
        default: try pass(Int64(random.int(0...900)))
        }
    }

    private func apply(_ event: TransactionEvent) throws {
        events += 1
        try take(coordinator.on(event, at: now))
    }

    private func send(_ question: Question, _ event: (ReplyToken) -> TransactionEvent) throws {
        nextToken += 1
        open[nextToken] = question
        try apply(event(ReplyToken(nextToken)))
    }

    private func take(_ actions: [TransactionAction]) throws {
        for action in actions {
            switch action {
            case .reply(let token, let reply): try answer(token.rawValue, reply)
            case .write(let write): queue.append(.write(write))
            case .mark(let marker):
                if let problem = model.send(marker) { throw violation(problem) }
                queue.append(.marker(marker))
            case .reserveProducerIDs(let limit, let token): queue.append(.reservation(limit, token))
            }
        }
    }

    private func answer(_ token: UInt64, _ reply: TransactionReply) throws {
        guard let question = open.removeValue(forKey: token) else {
            throw violation("token \(token) is answered, but was not asked or was answered before")
        }
        switch (question, reply) {
        case (.initialize(let id, let current), .initProducer(let error, let identity)):
            try check(id, current, error, identity)
        case (.add(let claim, let isHolder, let partitions), .addPartitions(let error)),
            (.add(let claim, let isHolder, let partitions), .addOffsets(let error)):
            counts["add \(error == nil)", default: 0] += 1
            guard error == nil else { return }
            let record = model.known[claim.id]?.record
            if !isHolder || record?.state != .ongoing || record?.partitions.isSuperset(of: partitions) != true {
                throw violation("\(claim) added \(partitions) to \(String(describing: record))")
            }
        case (.end(let claim, let isHolder, let commit), .end(let error)):
            counts["end \(error == nil)", default: 0] += 1
            guard error == nil else { return }
            if !isHolder || model.known[claim.id]?.decision != commit {
                throw violation("\(claim) is told that it ended with \(commit)")
            }
        default: throw violation("a request is answered as another one")
        }
    }

    private func check(
        _ id: String?,
        _ current: ProducerIdentity?,
        _ error: ErrorCode?,
        _ identity: ProducerIdentity
    ) throws {
        counts["init \(error == nil)", default: 0] += 1
        guard error == nil else { return }
        if identity.id >= idLimit { throw violation("producer id \(identity.id) was not reserved") }
        guard let id else {
            if !givenIDs.insert(identity.id).inserted { throw violation("producer id \(identity.id) is given twice") }
            return
        }
        givenIDs.insert(identity.id)
        if model.known[id]?.record.producer != identity { throw violation("\(identity) is given and not stored") }
        if let earlier = issued[id]?[identity], current == nil || earlier != current {
            throw violation("\(identity) of \(id) is given to two producers")
        }
        issued[id, default: [:]].updateValue(current, forKey: identity)
        claims = Array((claims + [Claim(id: id, identity: identity)]).suffix(12))
    }

    private func initialize() throws {
        var request = InitProducerRequest(transactionalID: nil, timeout: Int32(random.int(1_000...20_000)))
        if random.chance(90) { request.transactionalID = random.pick(["x", "y", "z"]) }
        if random.chance(40), let claim = random.pick(claims) {
            request.transactionalID = claim.id
            request.current = claim.identity
        }
        let question = Question.initialize(id: request.transactionalID, current: request.current)
        try send(question) { .initProducer(request, $0) }
    }

    /// Mostly one of the latest, sometimes a zombie.
    private func claimant() -> Claim? {
        random.chance(80) ? claims.last { _ in random.chance(60) } : random.pick(claims)
    }

    private func isHolder(_ claim: Claim) -> Bool { model.known[claim.id]?.record.producer == claim.identity }

    private func add() throws {
        guard let claim = claimant() else { return }
        let producer = TransactionalProducer(transactionalID: claim.id, identity: claim.identity)
        if random.chance(20) {
            let partition = LogPartition("__consumer_offsets", GroupCoordinator().partition(for: "g"))
            try send(.add(claim, isHolder: isHolder(claim), [partition])) { .addOffsets(producer, groupID: "g", $0) }
        } else {
            let partitions = (0..<random.int(1...2)).map { _ in LogPartition("t", Int32(random.int(0...3))) }
            let question = Question.add(claim, isHolder: isHolder(claim), Set(partitions))
            try send(question) { .addPartitions(producer, partitions, $0) }
        }
    }

    private func end() throws {
        guard let claim = claimant() else { return }
        let producer = TransactionalProducer(transactionalID: claim.id, identity: claim.identity)
        let commit = random.chance(60)
        try send(.end(claim, isHolder: isHolder(claim), commit: commit)) { .end(producer, commit: commit, $0) }
    }

    /// Something on its way becomes durable, or fails. Writes stay in their order.
    private func work(_ index: Int, fails: Bool) throws {
        guard !queue.isEmpty else { return }
        let isWrite = { (work: Work) in if case .write = work { true } else { false } }
        let chosen = isWrite(queue[index]) ? queue.firstIndex(where: isWrite) ?? index : index
        switch queue.remove(at: chosen) {
        case .write(let write):
            if fails { return try apply(.written(write.token, .failed(.kafkaStorageError))) }
            for record in write.records {
                if let problem = try model.store(record) { throw violation(problem) }
            }
            try apply(.written(write.token, .durable(offset: Int64(model.log.count))))
        case .marker(let marker):
            let error: ErrorCode? =
                fails ? (random.chance(50) ? .kafkaStorageError : .unknownTopicOrPartition) : nil
            model.finish(marker, isDone: error != .kafkaStorageError)
            try apply(.marked(marker.token, error))
        case .reservation(let limit, let token):
            if !fails { idLimit = max(idLimit, limit) }
            try apply(.reserved(token, fails ? .kafkaStorageError : nil))
        }
    }

    private func pass(_ milliseconds: Int64) throws {
        now.uptime += milliseconds
        now.epoch += milliseconds
        if let due = coordinator.nextDeadline, due <= now.uptime { try apply(.tick) }
        if let due = coordinator.nextDeadline, due <= now.uptime { throw violation("a tick leaves a deadline behind") }
    }

    /// The process ends and begins again: connections are gone, and what was not durable.
    func restart() throws {
        queue = []
        open = [:]
        model.restart()
        coordinator = TransactionCoordinator(settings: coordinator.settings)
        for record in model.log { try coordinator.load(record) }
        coordinator.loadProducerIDs(from: idLimit)
        try take(coordinator.start(at: now))
        for (id, known) in model.known where coordinator.transactions[id]?.facts != known.record {
            throw violation("\(id) is \(String(describing: coordinator.transactions[id]?.facts)) after a restart")
        }
    }

    /// Everything becomes fast and time passes: whatever waits is answered, and no transaction is left open.
    func settle() throws {
        for _ in 0..<100 {
            while !queue.isEmpty { try work(0, fails: false) }
            try pass(500)
        }
        if let left = open.keys.min() { throw violation("token \(left) is never answered") }
        for (id, known) in model.known where ![.empty, .completeCommit, .completeAbort].contains(known.record.state) {
            throw violation("\(id) is left as \(known.record.state)")
        }
        if coordinator.effects.timers.count > 20 {
            throw violation("\(coordinator.effects.timers.count) timers are left")
        }
    }
}
