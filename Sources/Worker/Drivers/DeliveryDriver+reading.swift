internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging

/// Reading, admitting and committing: the driver's one sequential task.
extension DeliveryDriver {
    func consume() async throws {
        while phase == .running {
            try throwFailure()
            try await commitIfDue()
            if !backlog.isEmpty {
                try await take(backlog.removeFirst())
            } else {
                try await serve(try await consumer.next(wait: .milliseconds(100)))
            }
        }
        try throwFailure()
        try await drain()
    }

    private func serve(_ event: ConsumerEvent) async throws {
        switch event {
        case .batch(let batch): try await take(batch)
        case .rebalance(let rebalance): try await answer(rebalance)
        case .idle: publish()
        case .closed: throw LogError(.closed, name: "closed", message: "the consumer was closed under the connector")
        }
    }

    /// Takes a batch in: dedupe first, all of it, because its verdicts must be durable before any effect is.
    private func take(_ batch: MessageBatch) async throws {
        let duplicates = try duplicates(in: batch)
        for index in 0..<batch.count {
            let message = batch[index]
            while isFull(for: message.topicPartition) {
                try await waitForRoom()
                if phase != .running { return }  // not registered: the rest is read again
            }
            admit(message, isDuplicate: duplicates?[index] == true)
        }
        publish()
    }

    private func duplicates(in batch: MessageBatch) throws -> [Bool]? {
        guard let dedupe = input.dedupe else { return nil }
        let verdicts = try (0..<batch.count).map { index in
            let message = batch[index]
            return input.states[message.topicPartition] != nil ? try dedupe.isDuplicate(message) : false
        }
        try dedupe.seal()
        return verdicts
    }

    /// Registers one message and puts it on its way. A message of a partition that is no longer ours is left to the new
    /// owner.
    private func admit(_ message: MessageView, isDuplicate: Bool) {
        let partition = message.topicPartition
        let registered = input.update(partition) { $0.register(message.offset, message.timestamp) }
        guard let registered, let handle = registered else { return }
        environment.meter.consumed(1)
        if isDuplicate { return settle(partition, handle, .duplicate) }
        let record = Record(message)
        let work: Flight.Work
        switch pipeline.process(record) {
        case .filtered: return settle(partition, handle, .filtered)
        case .deadLetter(let cause): work = .deadLetter(cause)
        case .deliver(let shaped, let route): work = .deliver(shaped, route: route)
        }
        let flight = Flight(topicPartition: partition, handle: handle, original: record, work: work)
        guard case .admitted = lanes.admit(flight, from: partition, keyHash: message.key.map(hash)) else {
            preconditionFailure("the driver waits for room before it admits")
        }
        self.work.ring(upTo: 1)
    }

    private func isFull(for partition: TopicPartition) -> Bool {
        guard let state = input.states[partition] else { return false }
        return lanes.count >= lanes.capacity || state.tracker.isFull
    }

    /// Waits for a record to finish. Rebalances are answered meanwhile; a wait that grows long pauses the partitions, so
    /// that the client does not fetch what nobody takes.
    private func waitForRoom() async throws {
        try throwFailure()
        if await room.wait(atMost: .milliseconds(200), clock: environment.clock) { return try await commitIfDue() }
        environment.meter.waitedForRoom()
        let paused = Array(input.states.keys)
        try await consumer.pause(paused)
        while phase == .running, input.states.keys.contains(where: isFull) {
            try throwFailure()
            try await commitIfDue()
            switch try await consumer.next(wait: .milliseconds(20)) {
            case .batch(let batch): backlog.append(batch)
            case .rebalance(let rebalance): try await answer(rebalance)
            case .idle: break
            case .closed:
                throw LogError(.closed, name: "closed", message: "the consumer was closed under the connector")
            }
        }
        try await consumer.resume(paused.filter { input.states[$0] != nil })
    }

    func throwFailure() throws {
        if let failure { throw failure }
    }

    private func hash(_ key: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(bytes: key)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// Commits what is settled, once per interval.
    private func commitIfDue() async throws {
        let now = environment.clock.now()
        guard now >= nextCommit else { return }
        nextCommit = now.advanced(by: environment.limits.commitInterval)
        try await commit(input.takeCommits())
    }

    /// A commit that the broker cannot take now is repeated with the next one; the offsets are not lost, only late.
    func commit(_ commits: [TopicPartition: CommittedOffset]) async throws {
        guard !commits.isEmpty else { return }
        do {
            try await consumer.commit(commits)
            try input.onCommitted(commits)
            environment.meter.committed(ok: true)
        } catch let error as LogError where error.isRetriable || error.code == .staleGeneration {
            environment.meter.committed(ok: false)
            environment.logger.notice("offsets could not be committed", metadata: ["error": "\(error)"])
        }
    }
}

extension Record {
    /// The record of a message, in the log's memory.
    init(_ message: MessageView) {
        let partition = message.topicPartition
        self.init(
            id: "\(partition.topic.rawValue)/\(partition.partition.rawValue)/\(message.offset.rawValue)",
            key: message.key.map { [UInt8]($0) },
            value: message.value == nil ? .null : .borrowed(message),
            headers: message.headers(),
            timestamp: message.timestamp,
            origin: Origin(partition, message.offset)
        )
    }
}
