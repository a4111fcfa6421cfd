internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging
internal import RegistryClient

/// Runs a connector that reads topics and writes topics: exactly once.
///
/// Outputs, dead letters and the input's offsets with their accounting are one transaction (KIP-98, KIP-447), so that all
/// of them happen or none. What cannot be committed because another member owns the partitions by now is dropped: that
/// member reads it again.
package actor TransactionDriver {
    nonisolated let executor: BlockingExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let plan: ConnectorPlan
    private let environment: DriverEnvironment
    private let consumer: any LogConsumer
    private let producer: any LogProducer
    private let letters: DeadLetterWriter
    private let input: InputPartitions
    private let pipeline: RecordPipeline
    private var isStopping = false
    /// Partitions to be read again from their committed offset; until then nothing of them is taken.
    private var rewinding: Set<TopicPartition> = []
    /// Turns in a row in which a partition could not be rewound.
    private var failedRewinds = 0
    private let waits: SchemaWaits
    /// Partitions that are not fetched because one of their records waits, or waited until just now.
    private var paused: Set<TopicPartition> = []

    /// Tries of one transaction before the driver gives up and is restarted with new clients.
    private static let maxTries = 10

    /// Drives `task`; every route of its plan leads into the log, and its producer is a transactional one.
    /// - Throws: what keeps the dedupe journal from being opened or a program from being compiled.
    package init(_ task: LogTask) throws {
        (plan, environment, consumer, producer) = (task.plan, task.environment, task.consumer, task.producer)
        executor = BlockingExecutor(label: "busbar.\(plan.name)")
        letters = DeadLetterWriter(plan: plan, producer: producer, environment: environment)
        input = try InputPartitions(of: task)
        pipeline = try RecordPipeline(plan)
        waits = SchemaWaits(of: plan.name, in: environment)
    }

    /// Runs until ``stop()``, cancellation, or an error that only a restart can deal with.
    package func run() async throws {
        let result: Result<Void, any Error>
        do {
            while !isStopping {
                try Task.checkCancellation()
                endWaits()
                try await rewind()
                try await resumeRewound()
                try await serve(try await consumer.next(wait: .milliseconds(100)))
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        input.close()
        await consumer.close()
        await producer.close(within: .seconds(5))
        try result.get()
    }

    /// Ends ``run()`` after the transaction under way.
    package func stop() {
        isStopping = true
    }

    private func serve(_ event: ConsumerEvent) async throws {
        switch event {
        case .batch(let batch):
            for unit in try units(of: batch) {
                guard !isStopping, try await commit(unit) else { break }
            }
            try await pauseWaiting()
        case .rebalance(let rebalance):
            // Between transactions nothing is under way: there is nothing to drain.
            rewinding.subtract(rebalance.partitions)
            paused.subtract(rebalance.partitions)
            for partition in rebalance.partitions { waits.end(partition) }
            if rebalance.change == .assign {
                try await input.assign(rebalance)
            } else {
                input.forget(rebalance.partitions)
                environment.board.forget(rebalance.partitions, of: plan.name)
                try await consumer.complete(rebalance, from: [:])
            }
            environment.meter.rebalanced()
        case .idle:
            break
        case .closed:
            throw LogError(.closed, name: "closed", message: "the consumer was closed under the connector")
        }
        input.publish()
    }

    /// The records of `batch`, processed, as transactions of bounded size.
    private func units(of batch: MessageBatch) throws -> [TransactionUnit] {
        var units: [TransactionUnit] = []
        var unit = TransactionUnit()
        for index in 0..<batch.count {
            let message = batch[index]
            let partition = message.topicPartition
            guard input.states[partition] != nil, !rewinding.contains(partition), !waits.contains(partition) else {
                continue
            }
            guard let opened = open(message) else { continue }
            let isDuplicate = try input.dedupe?.isDuplicate(message) ?? false
            unit.entries.append(entry(for: message, opened, isDuplicate: isDuplicate))
            unit.bytes += (message.value?.count ?? 0) + (message.key?.count ?? 0)
            if unit.bytes >= environment.limits.transactionBytes || unit.entries.count >= environment.limits.window {
                units.append(unit)
                unit = TransactionUnit()
            }
        }
        if !unit.entries.isEmpty { units.append(unit) }
        // Durable before the effects: a journal that runs ahead is cut at the committed offset.
        try input.dedupe?.seal()
        return units
    }

    /// What lies in a message; `nil` when it waits for its schema. It and what follows it in the partition are then read
    /// again, so their keys must not have been taken.
    private func open(_ message: MessageView) -> OpenedMessage? {
        switch pipeline.open(message) {
        case .ready(let opened): return opened
        case .waiting(let schema):
            waits.begin(message.topicPartition, for: schema)
            return nil
        }
    }

    private func entry(for message: MessageView, _ opened: OpenedMessage, isDuplicate: Bool) -> TransactionUnit.Entry {
        if isDuplicate { return TransactionUnit.Entry(message: message, passage: .settled(.duplicate)) }
        let passage: TransactionUnit.Passage =
            switch pipeline.process(opened) {
            case .filtered: .settled(.filtered)
            case .deliver(let shaped, let route): .deliver(shaped, route: route)
            case .deadLetter(let cause): .deadLetter(cause)
            }
        return TransactionUnit.Entry(message: message, passage: passage)
    }

    /// Stops to fetch partitions of which a record waits for its schema.
    private func pauseWaiting() async throws {
        let waiting = input.states.keys.filter { waits.contains($0) && !paused.contains($0) }
        guard !waiting.isEmpty else { return }
        try await consumer.pause(waiting)
        paused.formUnion(waiting)
    }

    /// Partitions whose schema is known by now are read again from the record that waited.
    private func endWaits() {
        guard let schemas = plan.schemas else { return }
        for partition in waits.partitions(where: { schemas.isKnown($0) }) {
            waits.end(partition)
            rewinding.insert(partition)
        }
    }

    private func resumeRewound() async throws {
        let ready = paused.filter { !rewinding.contains($0) && !waits.contains($0) }
        guard !ready.isEmpty else { return }
        try await consumer.resume(Array(ready))
        paused.subtract(ready)
    }

    /// Commits a unit, once: aborted and repeated as long as that can help.
    ///
    /// - Returns: `false` when the group has moved on: what was read is dropped and, where it is still ours, read again.
    /// - Throws: when another incarnation of this task has taken over, or nothing but a restart can help. What was read is
    ///   then dropped with the driver, and read again from the committed offset.
    private func commit(_ unit: TransactionUnit) async throws -> Bool {
        var unit = unit
        var wait = Duration.milliseconds(100)
        var tries = 0
        while !isStopping {
            let offsets = input.commits(after: unit.tallies)
            do {
                try await producer.transaction { try await fill(&unit, offsets) }
                environment.meter.committed(ok: true)
            } catch let failure {
                let error = try Self.whyAborted(failure)
                environment.meter.committed(ok: false)
                environment.logger.notice("a transaction was aborted", metadata: ["error.message": "\(error)"])
                if error.code == .staleGeneration {
                    rewinding.formUnion(input.states.keys)
                    return false
                }
                if error.code == .tooLarge { continue }
                tries += 1
                if error.isFatal || error.code == .fenced || tries == Self.maxTries { throw error }
                try await environment.clock.sleep(wait)
                wait = min(wait * 2, .seconds(10))
                continue
            }
            input.advance(unit.tallies)
            try input.onCommitted(offsets)
            unit.count(into: environment.meter, at: environment.clock.wallTime())
            return true
        }
        return false
    }

    /// Why a transaction came to nothing that was aborted in good order, so that another try may help.
    /// - Throws: where none does: the producer has to be replaced, or the connector is at fault.
    private static func whyAborted(_ failure: any Error) throws -> LogError {
        guard let failure = failure as? TransactionError else {
            guard let error = failure as? LogError else { throw failure }
            return error
        }
        switch failure {
        case .retriable(let cause), .abortable(let cause): return cause
        case .fatal(let cause): throw DriverError.ending(cause)
        }
    }

    /// Writes what belongs to the open transaction.
    private func fill(_ unit: inout TransactionUnit, _ offsets: [TopicPartition: CommittedOffset]) async throws {
        let (batch, entries) = try outputs(of: unit)
        if !batch.isEmpty {
            for (index, result) in try await producer.send(batch).enumerated() {
                guard case .failed(let error) = result else { continue }
                if error.code == .tooLarge { try unit.reject(entries[index], error) }
                throw error
            }
        }
        try await producer.sendOffsets(offsets, of: try await consumer.groupMetadata())
    }

    /// Goes back to the committed offset of the partitions whose records were dropped, and takes their keys back. What is
    /// ours no longer cannot be rewound; the consumer then says so with its next event.
    private func rewind() async throws {
        for partition in rewinding.sorted() {
            guard let position = input.states[partition]?.tracker.committable else {
                rewinding.remove(partition)
                continue
            }
            do throws(LogError) {
                try await consumer.seek(partition, to: position)
            } catch {
                failedRewinds += 1
                if error.isFatal || failedRewinds > 1000 { throw error }
                continue
            }
            try input.dedupe?.rewind(partition, to: position)
            rewinding.remove(partition)
        }
        if rewinding.isEmpty { failedRewinds = 0 }
    }

    /// What the unit writes, and for each record the entry it stands for.
    private func outputs(of unit: TransactionUnit) throws -> (ProduceBatch, entries: [Int]) {
        var batch = ProduceBatch()
        var entries: [Int] = []
        for (index, entry) in unit.entries.enumerated() {
            switch entry.passage {
            case .settled:
                continue
            case .deliver(let record, let route):
                guard case .log(let sink) = plan.routes[route].target else {
                    throw DriverError.plan("route \(route) of \(plan.name) does not lead into the log")
                }
                batch.append(record, to: sink.route(record))
            case .deadLetter(let cause):
                guard plan.delivery.deadLetter != nil else {
                    throw DriverError.undeliverable(Record(entry.message).id, cause)
                }
                letters.append(Record(entry.message), cause, to: &batch)
            }
            entries.append(index)
        }
        return (batch, entries)
    }
}
