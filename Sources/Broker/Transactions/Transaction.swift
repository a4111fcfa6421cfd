internal import KafkaProtocol

/// One transactional id: its producer and the state of its transaction.
///
/// ```
///                 partitions added          EndTxn, timeout, new incarnation       all markers written
///   Empty ─────────────────────▶ Ongoing ────────────────────────▶ PrepareCommit ────────────────▶ CompleteCommit
///     ▲                             ▲                              PrepareAbort  ────────────────▶ CompleteAbort
///     │ InitProducerId              │ partitions added                                               │
///     └─────────────────────────────┴────────────────────────────────────────────────────────────────┘
/// ```
///
/// A change counts when its record is durable. Until then it is `pending`; the holder's next partitions wait for it, and
/// every other change is refused with CONCURRENT_TRANSACTIONS. A prepared transaction is decided: whatever happens, its
/// markers are written.
struct Transaction: Sendable {
    /// A producer may not use the highest epochs: the coordinator needs one to fence it (KIP-360).
    static let lastEpoch = Int16.max - 1

    let id: String
    /// What is durable.
    var facts: TransactionRecord
    /// What is on its way to the log; a tombstone if the state is `dead`.
    var pending: TransactionRecord?
    /// The id and epoch before the last InitProducerId that gave its own, to recognise that request's repeat. -1 for
    /// none. Not in the record, as in Kafka: a repeat across a restart is fenced.
    var previous = ProducerIdentity(id: -1, epoch: -1)
    /// What `previous` becomes when `pending` is durable.
    var pendingPrevious = ProducerIdentity(id: -1, epoch: -1)
    /// Of a prepared transaction: partitions whose marker is not durable.
    var unmarked: Set<LogPartition> = []
    /// Those of them whose marker is on its way.
    var marking: Set<LogPartition> = []
    /// Requests to add partitions that came too early, in their order.
    var waiting: [TransactionEvent] = []
    var timeoutTimer = Timer()
    var retryTimer = Timer()

    init(id: String, _ facts: TransactionRecord) {
        self.id = id
        self.facts = facts
    }

    var isPrepared: Bool { facts.state == .prepareCommit || facts.state == .prepareAbort }

    /// A change or the end of a transaction is under way.
    var isBusy: Bool { pending != nil || isPrepared }

    /// No transaction is under way.
    var isIdle: Bool { facts.state == .empty || facts.state == .completeCommit || facts.state == .completeAbort }

    private var isExhausted: Bool { facts.producer.epoch >= Self.lastEpoch }

    /// What InitProducerId has to do.
    enum Initialization: Equatable {
        case refuse(ErrorCode)
        /// Abort the transaction under way with a raised epoch; the client is to come again.
        case fence
        /// Go on with this id and epoch, and remember what was before.
        case proceed(ProducerIdentity, previous: ProducerIdentity)
        /// The epochs of the producer id are used up: the same with a new id and epoch 0.
        case rotate(previous: ProducerIdentity)
    }

    /// The decision on InitProducerId; `current` is what the producer has and goes on from (KIP-360).
    func initialization(current: ProducerIdentity?) -> Initialization {
        if pending != nil { return .refuse(.concurrentTransactions) }
        if let current, !mayContinue(current) { return .refuse(.producerFenced) }
        if isPrepared { return .refuse(.concurrentTransactions) }
        if facts.state == .ongoing {
            // Kafka lets a zombie that knows the producer id abort here; it would be fenced on its next try anyway.
            if let current, current != facts.producer { return .refuse(.producerFenced) }
            return .fence
        }
        if isExhausted, current.map({ $0.epoch == facts.producer.epoch }) ?? true {
            let none = ProducerIdentity(id: facts.producer.id, epoch: -1)
            return .rotate(previous: current == nil ? none : facts.producer)
        }
        return nextEpoch(current)
    }

    /// Whether a producer that has this id may go on; its epoch is looked at later.
    private func mayContinue(_ current: ProducerIdentity) -> Bool {
        facts.producer.epoch == -1 || current.id == facts.producer.id
            || (current.id == previous.id && current.epoch >= Self.lastEpoch)
    }

    private func nextEpoch(_ current: ProducerIdentity?) -> Initialization {
        let own = facts.producer
        guard let current, own.epoch != -1, current.epoch != own.epoch else {
            let bumped = ProducerIdentity(id: own.id, epoch: own.epoch + 1)
            return .proceed(bumped, previous: ProducerIdentity(id: own.id, epoch: current == nil ? -1 : own.epoch))
        }
        // The repeat of a request whose answer was lost: nobody came between, or `previous` would be gone.
        if current.epoch == previous.epoch { return .proceed(own, previous: previous) }
        return .refuse(.producerFenced)
    }

    /// Why this is not the producer that holds the id; `nil` if it is.
    func identityError(_ claim: ProducerIdentity) -> ErrorCode? {
        if claim.id != facts.producer.id { return .invalidProducerIDMapping }
        return claim.epoch == facts.producer.epoch ? nil : .producerFenced
    }

    /// What EndTxn of the holder has to do: begin, or answer at once.
    enum Ending: Equatable {
        case begin
        case answer(ErrorCode?)
    }

    /// The decision on EndTxn.
    func ending(_ claim: ProducerIdentity, commit: Bool) -> Ending {
        if let error = identityError(claim) { return .answer(error) }
        if pending != nil { return .answer(.concurrentTransactions) }
        switch facts.state {
        case .ongoing: return .begin
        case .completeCommit: return .answer(commit ? nil : .invalidTxnState)
        case .completeAbort: return .answer(commit ? .invalidTxnState : nil)
        case .prepareCommit, .prepareAbort: return .answer(.concurrentTransactions)
        case .empty, .dead, .prepareEpochFence: return .answer(.invalidTxnState)
        }
    }

    /// The decision on adding partitions; `nil` to go ahead.
    func adding(_ claim: ProducerIdentity, _ partitions: [LogPartition]) -> Ending? {
        if let error = identityError(claim) { return .answer(error) }
        if isBusy { return .answer(.concurrentTransactions) }
        if facts.state == .ongoing, facts.partitions.isSuperset(of: partitions) { return .answer(nil) }
        return nil
    }
}
