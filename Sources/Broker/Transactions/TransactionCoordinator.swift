internal import KafkaProtocol

/// The transaction coordinator: producer ids, and all transactional ids with the transactions under way, as a value
/// that is told what happens and says what to do.
///
/// It follows Apache Kafka's coordinator of KIP-98 with KIP-360 (going on after errors), KIP-447 and KIP-588. The
/// driver:
/// 1. At start calls `load` with every record of `__transaction_state` in log order, `loadProducerIDs`, then `start`,
///    which goes on with the transactions that were decided and not finished.
/// 2. Calls `on` with every request and performs the returned actions in their order.
/// 3. Calls `on(.tick, at:)` when `nextDeadline` comes.
///
/// Of PRODUCER_FENCED the driver makes INVALID_PRODUCER_EPOCH for request versions that do not know it: InitProducerId
/// before 4; AddPartitionsToTxn, AddOffsetsToTxn and EndTxn before 2.
package struct TransactionCoordinator: Sendable {
    /// Bounds and times.
    package let settings: TransactionSettings
    var transactions: [String: Transaction] = [:]
    var effects: TransactionEffects
    var producerIDs = ProducerIDs()

    /// A coordinator without transactions.
    package init(settings: TransactionSettings = TransactionSettings()) {
        self.settings = settings
        effects = TransactionEffects(settings: settings)
    }

    /// When to call `on(.tick, at:)`, in milliseconds of `Moment.uptime`; `nil` while nothing is waited for. It may
    /// come before the first real deadline, never after it, and changes with every call of `on`.
    package var nextDeadline: Int64? { effects.timers.first }

    /// The partition of `__transaction_state` that the transactional id is kept in.
    package func partition(for transactionalID: String) -> Int32 {
        internalPartition(of: transactionalID, count: settings.statePartitions)
    }

    /// Takes in what happened and says what to do about it; `now` must not be before that of an earlier call on the
    /// `uptime` clock.
    package mutating func on(_ event: TransactionEvent, at now: Moment) -> [TransactionAction] {
        effects.now = now
        take(event)
        return effects.takeActions()
    }

    mutating func take(_ event: TransactionEvent) {
        if waits(event) { return }
        switch event {
        case .initProducer(let request, let token): initProducer(request, token)
        case .addPartitions(let producer, let partitions, let token):
            add(partitions, producer, token, isOffsets: false)
        case .addOffsets(let producer, let groupID, let token):
            let number = internalPartition(of: groupID, count: settings.offsetsPartitions)
            add([LogPartition("__consumer_offsets", number)], producer, token, isOffsets: true)
        case .end(let producer, let commit, let token): end(producer, commit: commit, token)
        case .written(let token, let outcome): written(token, outcome)
        case .marked(let token, let error): marked(token, error)
        case .reserved(let token, let error): reserved(token, error)
        case .tick: runTimers()
        }
    }

    private mutating func add(
        _ partitions: [LogPartition],
        _ producer: TransactionalProducer,
        _ token: ReplyToken,
        isOffsets: Bool
    ) {
        var decision: Transaction.Ending? = .answer(.invalidProducerIDMapping)
        if producer.transactionalID.isEmpty || !partitions.allSatisfy(\.topic.fitsRecord) {
            decision = .answer(.invalidRequest)
        } else if let transaction = transactions[producer.transactionalID] {
            decision = transaction.adding(producer.identity, partitions)
        }
        if case .answer(let error) = decision {
            return effects.reply(token, isOffsets ? .addOffsets(error) : .addPartitions(error))
        }
        change(producer.transactionalID, then: .added(producer.transactionalID, token, isOffsets: isOffsets)) {
            if $0.state != .ongoing {
                $0.start = $1.epoch
                $0.partitions = []
            }
            $0.state = .ongoing
            $0.partitions.formUnion(partitions)
        }
    }

    private mutating func end(_ producer: TransactionalProducer, commit: Bool, _ token: ReplyToken) {
        var decision = Transaction.Ending.answer(.invalidProducerIDMapping)
        if producer.transactionalID.isEmpty {
            decision = .answer(.invalidRequest)
        } else if let transaction = transactions[producer.transactionalID] {
            decision = transaction.ending(producer.identity, commit: commit)
        }
        if case .answer(let error) = decision { return effects.reply(token, .end(error)) }
        change(producer.transactionalID, then: .prepared(producer.transactionalID, token)) { record, _ in
            record.state = commit ? .prepareCommit : .prepareAbort
        }
    }

    /// Stores the id with a change; it counts when it is durable.
    mutating func change(
        _ id: String,
        then continuation: TransactionContinuation,
        _ body: (inout TransactionRecord, Moment) -> Void
    ) {
        guard var record = transactions[id]?.facts, let previous = transactions[id]?.previous else { return }
        record.lastUpdate = effects.now.epoch
        body(&record, effects.now)
        transactions[id]?.pending = record
        transactions[id]?.pendingPrevious = previous
        let stored = CoordinatorRecord(key: TransactionRecord.key(transactionalID: id), value: record.value)
        effects.write([stored], partition: partition(for: id), then: continuation)
    }

    private mutating func written(_ token: WriteToken, _ outcome: WriteOutcome) {
        guard let continuation = effects.takeContinuation(token) else { return }
        var error: ErrorCode?
        if case .failed(let failure) = outcome { error = failure.ofGroupWrite }
        switch continuation {
        case .initialized(let id, let reply):
            settle(id, error)
            let none = ProducerIdentity(id: -1, epoch: -1)
            let producer = error == nil ? transactions[id]?.facts.producer ?? none : none
            effects.reply(reply, .initProducer(error, producer))
            resume(id)
        case .added(let id, let reply, let isOffsets):
            settle(id, error)
            if error == nil { armTimeout(id) }
            effects.reply(reply, isOffsets ? .addOffsets(error) : .addPartitions(error))
            resume(id)
        case .prepared(let id, let reply):
            settle(id, error)
            effects.reply(reply, .end(error))
            if error == nil { beginMarking(id) } else { resume(id) }
        case .fenced(let id, let reply): fenced(id, reply, error)
        case .completed(let id): completed(id, error)
        case .expired(let ids): for id in ids { expired(id, error) }
        }
    }

    /// The change of the id is durable, or did not happen.
    mutating func settle(_ id: String, _ error: ErrorCode?) {
        guard let record = transactions[id]?.pending, let previous = transactions[id]?.pendingPrevious else { return }
        transactions[id]?.pending = nil
        if error != nil { return }
        transactions[id]?.facts = record
        transactions[id]?.previous = previous
        if record.state != .ongoing { transactions[id]?.timeoutTimer.stop() }
    }

    private mutating func runTimers() {
        let now = effects.now.uptime
        while let (due, key) = effects.timers.pop(dueBy: now) {
            switch key {
            case .timeout(let id):
                let isDue = transactions[id]?.timeoutTimer.comesUp(entry: due, now: now, key: key, in: &effects.timers)
                if isDue == true { timedOut(id) }
            case .retry(let id):
                let isDue = transactions[id]?.retryTimer.comesUp(entry: due, now: now, key: key, in: &effects.timers)
                if isDue == true { sendMarkers(id) }
            case .expiry: expire()
            }
        }
    }
}
