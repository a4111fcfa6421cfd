internal import KafkaProtocol

/// InitProducerId: producer ids and epochs.
extension TransactionCoordinator {
    private static let none = ProducerIdentity(id: -1, epoch: -1)

    mutating func initProducer(_ request: InitProducerRequest, _ token: ReplyToken) {
        if let error = refusal(of: request) { return effects.reply(token, .initProducer(error, Self.none)) }
        guard !producerIDs.isExhausted else { return producerIDs.wait(request, token, &effects) }
        guard let id = request.transactionalID else {
            return effects.reply(token, .initProducer(nil, ProducerIdentity(id: producerIDs.take(), epoch: 0)))
        }
        if transactions[id] == nil {
            let producer = ProducerIdentity(id: producerIDs.take(), epoch: -1)
            let record = TransactionRecord(
                producer: producer,
                timeout: request.timeout,
                state: .empty,
                lastUpdate: effects.now.epoch
            )
            transactions[id] = Transaction(id: id, record)
        }
        decide(id, request, token)
    }

    private func refusal(of request: InitProducerRequest) -> ErrorCode? {
        guard let id = request.transactionalID else { return nil }
        if id.isEmpty || !id.fitsRecord { return .invalidRequest }
        let isAllowed = request.timeout > 0 && Int64(request.timeout) <= settings.maximumTimeout
        return isAllowed ? nil : .invalidTransactionTimeout
    }

    private mutating func decide(_ id: String, _ request: InitProducerRequest, _ token: ReplyToken) {
        switch transactions[id]?.initialization(current: request.current) {
        case .refuse(let error): effects.reply(token, .initProducer(error, Self.none))
        case .fence: fence(id, token)
        case .proceed(let producer, let previous): begin(id, producer, previous, request, token)
        case .rotate(let previous):
            // `isExhausted` was asked before, and at most one id was taken since: for an id that is new, whose epochs are
            // not used up.
            begin(id, ProducerIdentity(id: producerIDs.take(), epoch: 0), previous, request, token)
        case nil: break
        }
    }

    private mutating func begin(
        _ id: String,
        _ producer: ProducerIdentity,
        _ previous: ProducerIdentity,
        _ request: InitProducerRequest,
        _ token: ReplyToken
    ) {
        change(id, then: .initialized(id, token)) { record, _ in
            record.producer = producer
            record.timeout = request.timeout
            record.state = .empty
            record.partitions = []
            record.start = -1
        }
        transactions[id]?.pendingPrevious = previous
    }

    /// Aborts the transaction under way with a raised epoch, which fences its producer everywhere.
    private mutating func fence(_ id: String, _ token: ReplyToken?) {
        change(id, then: .fenced(id, token)) { record, _ in
            record.state = .prepareAbort
            record.producer.epoch = max(record.producer.epoch, record.producer.epoch &+ 1)
        }
        transactions[id]?.pendingPrevious = Self.none
    }

    /// The new incarnation comes again, and gets an epoch of its own when the abort is complete.
    mutating func fenced(_ id: String, _ token: ReplyToken?, _ error: ErrorCode?) {
        settle(id, error)
        if let token { effects.reply(token, .initProducer(error ?? .concurrentTransactions, Self.none)) }
        guard error != nil else { return beginMarking(id) }
        if token == nil { tryTimeoutAgain(id) }
        resume(id)
    }

    /// The producer had its time: its transaction is aborted and it is fenced.
    mutating func timedOut(_ id: String) {
        guard let transaction = transactions[id], transaction.facts.state == .ongoing else { return }
        if transaction.pending == nil { fence(id, nil) } else { tryTimeoutAgain(id) }
    }

    private mutating func tryTimeoutAgain(_ id: String) {
        let due = effects.now.uptime + max(1, settings.markerRetryDelay)
        transactions[id]?.timeoutTimer.set(due, .timeout(id), in: &effects.timers)
    }

    /// Times the transaction from its start, which a restart may lie between.
    mutating func armTimeout(_ id: String) {
        guard let facts = transactions[id]?.facts, facts.state == .ongoing else { return }
        let timeout = Int64(facts.timeout)
        let left = min(timeout, max(0, facts.start &+ timeout &- effects.now.epoch))
        transactions[id]?.timeoutTimer.set(effects.now.uptime + left, .timeout(id), in: &effects.timers)
    }

    mutating func reserved(_ token: WriteToken, _ error: ErrorCode?) {
        for (request, reply) in producerIDs.finish(token, error, block: settings.producerIDBlock) ?? [] {
            if error == nil {
                initProducer(request, reply)
            } else {
                effects.reply(reply, .initProducer(.coordinatorNotAvailable, Self.none))
            }
        }
    }
}
