internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging

/// Reading, admitting and committing: the driver's one sequential task.
extension DeliveryDriver {
    /// Runs until the driver is asked to stop, which drains, or until something fails, which ends what is started, too:
    /// what was delivered is committed where that is still possible.
    func consume() async throws {
        do {
            while phase == .running {
                try Task.checkCancellation()
                try throwFailure()
                try await step()
            }
            try throwFailure()
        } catch let error as CancellationError {
            throw error  // whoever cancels does not wait for anything
        } catch {
            stop()
            await salvage()
            throw error
        }
        try await drain()
    }

    /// One turn: commits what is due, then takes what waits for room, or what comes next.
    private func step() async throws {
        try await commitIfDue()
        try await admitShelved()
        let now = environment.clock.now()
        if lanes.isPaused, now < nextPoll {
            _ = await room.wait(for: room.ticket(), atMost: now.duration(to: nextPoll), clock: environment.clock)
            return
        }
        nextPoll = now.advanced(by: .milliseconds(100))
        // With full lanes the look at the group must not hold up what is waiting for room.
        let wait: Duration = lanes.isPaused ? .zero : .milliseconds(shelves.isEmpty ? 100 : 20)
        try await serve(try await consumer.next(wait: wait))
    }

    private func serve(_ event: ConsumerEvent) async throws {
        switch event {
        case .batch(let batch): try await take(batch)
        case .rebalance(let rebalance): try await answer(rebalance)
        case .idle: publish()
        case .closed: throw LogError(.closed, name: "closed", message: "the consumer was closed under the connector")
        }
    }

    /// Takes a batch in: dedupe first, all of it, because its verdicts must be durable before any effect is. What finds no
    /// room is shelved, and its partition paused; the other partitions go on.
    private func take(_ batch: MessageBatch) async throws {
        let duplicates = try duplicates(in: batch)
        var crowded: [TopicPartition] = []
        for index in 0..<batch.count {
            let message = batch[index]
            let partition = message.topicPartition
            guard input.states[partition] != nil else { continue }
            let isDuplicate = duplicates?[index] == true
            if shelves[partition] == nil, !isFull(for: partition), admit(message, isDuplicate: isDuplicate) { continue }
            if shelves[partition] == nil { crowded.append(partition) }
            shelves[partition, default: Shelf()].append(message, isDuplicate: isDuplicate)
        }
        if !crowded.isEmpty {
            if crowded.contains(where: { !waits.contains($0) }) { environment.meter.waitedForRoom() }
            try await consumer.pause(crowded)
        }
        publish()
    }

    /// Takes from the shelves what has room by now; a partition whose shelf is empty is fetched again once there is room
    /// for a fifth, so that it is not paused and resumed for every record.
    private func admitShelved() async throws {
        var cleared: [TopicPartition] = []
        for partition in shelves.keys.sorted() {
            while let item = shelves[partition]?.first, !isFull(for: partition),
                admit(item.message, isDuplicate: item.isDuplicate)
            {
                shelves[partition]?.removeFirst()
            }
            if shelves[partition]?.isEmpty == true, hasSlack(for: partition) { cleared.append(partition) }
        }
        guard !cleared.isEmpty else { return }
        for partition in cleared { shelves[partition] = nil }
        try await consumer.resume(cleared)
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

    /// Registers one message and puts it on its way.
    /// - Returns: `false` when it has to wait for its schema; then nothing has happened.
    private func admit(_ message: MessageView, isDuplicate: Bool) -> Bool {
        let partition = message.topicPartition
        var passage: Passage?
        if !isDuplicate {
            passage = process(message)
            guard passage != nil else { return false }
        }
        let registered = input.update(partition) { $0.register(message.offset, message.timestamp) }
        guard let registered, let handle = registered else { return true }
        environment.meter.consumed(1)
        switch passage {
        case nil: settle(partition, handle, .duplicate)
        case .filtered: settle(partition, handle, .filtered)
        case .deadLetter(let cause): start(Flight(message: message, handle: handle, work: .deadLetter(cause)))
        case .deliver(let shaped, let route):
            start(Flight(message: message, handle: handle, work: .deliver(shaped, route: route)))
        }
        return true
    }

    /// What the pipeline makes of a message; `nil` when it has to wait for its schema.
    private func process(_ message: MessageView) -> Passage? {
        switch pipeline.open(message) {
        case .ready(let opened):
            waits.end(message.topicPartition)
            return pipeline.process(opened)
        case .waiting(let schema):
            waits.begin(message.topicPartition, for: schema)
            return nil
        }
    }

    private func start(_ flight: Flight) {
        let keyHash = flight.message.key.map(hash)
        guard case .admitted = lanes.admit(flight, from: flight.topicPartition, keyHash: keyHash) else {
            preconditionFailure("the driver looks for room before it admits")
        }
        work.ring(upTo: 1)
    }

    private func isFull(for partition: TopicPartition) -> Bool {
        guard let state = input.states[partition] else { return false }
        return lanes.count >= lanes.capacity || state.tracker.isFull
    }

    private func hasSlack(for partition: TopicPartition) -> Bool {
        guard let tracker = input.states[partition]?.tracker else { return true }
        return !lanes.isPaused && tracker.count <= tracker.capacity / 5 * 4
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
            environment.logger.notice("offsets could not be committed", metadata: ["error.message": "\(error)"])
        }
    }
}
