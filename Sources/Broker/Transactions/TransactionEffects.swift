/// What the timers of the transaction coordinator are for.
enum TransactionTimer: Hashable, Sendable {
    case timeout(String)
    case retry(String)
    case expiry
}

/// What follows when a write ends.
enum TransactionContinuation: Sendable {
    case initialized(String, ReplyToken)
    case added(String, ReplyToken, isOffsets: Bool)
    /// EndTxn.
    case prepared(String, ReplyToken)
    /// The abort of a new incarnation, which is told to come again, or of a timeout.
    case fenced(String, ReplyToken?)
    case completed(String)
    case expired([String])
}

/// What an event leads to.
struct TransactionEffects: Sendable {
    let settings: TransactionSettings
    var now = Moment(uptime: 0, epoch: 0)
    private(set) var actions: [TransactionAction] = []
    var timers = DeadlineQueue<TransactionTimer>()
    private var continuations: [WriteToken: TransactionContinuation] = [:]
    private var markers: [MarkerToken: (id: String, partition: LogPartition)] = [:]
    private var nextToken: UInt64 = 0

    init(settings: TransactionSettings) { self.settings = settings }

    private mutating func takeNumber() -> UInt64 {
        defer { nextToken += 1 }
        return nextToken
    }

    mutating func reply(_ token: ReplyToken, _ reply: TransactionReply) { actions.append(.reply(token, reply)) }

    mutating func write(
        _ records: [CoordinatorRecord],
        partition: Int32,
        then continuation: TransactionContinuation
    ) {
        let token = WriteToken(takeNumber())
        continuations[token] = continuation
        actions.append(.write(CoordinatorWrite(token: token, partition: partition, records: records)))
    }

    mutating func mark(_ partition: LogPartition, _ facts: TransactionRecord, of id: String) {
        let token = MarkerToken(takeNumber())
        markers[token] = (id, partition)
        let committed = facts.state == .prepareCommit
        actions.append(
            .mark(TransactionMarker(token: token, partition: partition, producer: facts.producer, committed: committed))
        )
    }

    mutating func reserve(below limit: Int64) -> WriteToken {
        let token = WriteToken(takeNumber())
        actions.append(.reserveProducerIDs(below: limit, token))
        return token
    }

    mutating func takeContinuation(_ token: WriteToken) -> TransactionContinuation? {
        continuations.removeValue(forKey: token)
    }

    /// Whose marker it was; `nil` for one that was reported before.
    mutating func takeMarker(_ token: MarkerToken) -> (id: String, partition: LogPartition)? {
        markers.removeValue(forKey: token)
    }

    mutating func takeActions() -> [TransactionAction] {
        defer { actions = [] }
        return actions
    }
}
