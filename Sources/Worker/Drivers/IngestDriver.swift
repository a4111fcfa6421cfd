package import ConnectorKit
internal import Delivery
package import Log
internal import Logging

/// Runs a connector whose events come from outside the log.
///
/// A push source is answered when all in-sync replicas have its record, or its dead letter. A pull source's position is
/// part of the transaction of its records, so that it continues exactly where it was.
package actor IngestDriver: Intake {
    nonisolated let executor: BlockingExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let plan: ConnectorPlan
    private let source: any Source
    private let producer: any LogProducer
    private let positions: PositionStore
    private let environment: DriverEnvironment
    private let letters: DeadLetterWriter
    private let pipeline: RecordPipeline
    private let outlet: Outlet
    private var pending = 0
    private var isStopping = false
    private var failure: (any Error)?
    private let failureBell = Doorbell()

    /// - Parameters:
    ///   - plan: what to do; it has no dedupe, which is a matter of the connector that reads the topic.
    ///   - source: brings the events.
    ///   - producer: transactional for a pull source; closed when the driver ends.
    ///   - positions: the connector's stored positions.
    ///   - environment: clocks, limits, observers.
    /// - Throws: what keeps a program from being compiled.
    package init(
        plan: ConnectorPlan,
        source: any Source,
        producer: any LogProducer,
        positions: PositionStore,
        environment: DriverEnvironment
    ) throws {
        executor = BlockingExecutor(label: "busbar.\(plan.name)")
        self.plan = plan
        self.source = source
        self.producer = producer
        self.positions = positions
        self.environment = environment
        letters = DeadLetterWriter(plan: plan, producer: producer, environment: environment)
        pipeline = try RecordPipeline(plan)
        outlet = Outlet(plan: plan, environment: environment)
        let ledger = positions.ledger
        // The counts at the stored positions are those of all incarnations, this process's earlier ones included.
        if ledger.total > 0 { environment.board.count(plan.name) { $0 = Accounting(committed: ledger) } }
    }

    /// Runs the source until ``stop()``, cancellation, its end, or its failure.
    package func run() async throws {
        let result: Result<Void, any Error>
        do {
            try await withThrowingTaskGroup { group in
                group.addTask { try await self.runSource() }
                group.addTask { try await self.throwFailure() }
                defer { group.cancelAll() }
                try await group.next()
            }
            result = .success(())
        } catch {
            // A source that was told to end may report that; what ended the driver is what counts.
            result = .failure(failure ?? error)
        }
        await producer.close(within: .seconds(5))
        await outlet.close()
        try result.get()
    }

    /// Throws as soon as something has happened that only a restart can deal with; returns when the task is cancelled.
    private func throwFailure() async throws {
        if failure == nil { await failureBell.wait(for: failureBell.ticket()) }
        if let failure { throw failure }
    }

    /// Off the driver's thread, which is for the work.
    @concurrent
    private nonisolated func runSource() async throws {
        try await source.run(into: self)
    }

    private func fail(_ error: any Error) {
        if failure == nil { failure = error }
        failureBell.ring()
    }

    /// Refuses what comes from now on. Cancel the task of ``run()`` to end the source.
    package func stop() {
        isStopping = true
    }

    package nonisolated func ready(_ detail: String) {
        environment.board.change(plan.name, detail: detail) { _ = $0.onStarted() }
        environment.logger.info("the source is ready", metadata: ["busbar.source": "\(detail)"])
    }

    package nonisolated func report(lag: Int64) {
        environment.board.report(lag: lag, of: plan.name)
    }

    package func position(of partition: String) async throws -> [UInt8]? {
        positions.position(of: partition)
    }

    package func accept(
        _ records: [Record],
        positions: [SourcePosition]
    ) async throws(IntakeError) -> [IntakeOutcome] {
        guard !isStopping, failure == nil else { throw .stopping }
        // What is more than the window by itself is taken when nothing else is under way: it would never fit.
        let hasRoom = pending == 0 || pending + records.count <= environment.limits.window
        guard hasRoom, !producer.queueIsFull else {
            throw .overloaded(retryAfter: .seconds(1))
        }
        pending += records.count
        defer { pending -= records.count }
        let entries = records.map { IntakeEntry($0, pipeline.process($0), plan.violations) }
        enter(entries)
        do {
            let settled = try await deliver(entries, positions)
            leave(settled)
            return settled.map(\.outcome)
        } catch {
            withdraw(entries)
            if mustEnd(error, positions) { fail(error) }
            throw unavailable(error)
        }
    }

    private func deliver(_ entries: [IntakeEntry], _ marks: [SourcePosition]) async throws -> [IntakeEntry] {
        var settled = try await outlet.deliverOutside(entries)
        guard !marks.isEmpty else {
            // What the log has stays there: only the dead letters of what it refused are still to be written.
            var rest = Array(settled.indices)
            while !rest.isEmpty {
                rest = try await produce(rest.map { settled[$0] }).map { (index, error) in
                    try settled[rest[index]].reject(error)
                    return rest[index]
                }
            }
            return settled
        }
        while try await !transact(&settled, marks) {}
        positions.store(marks, settling: settled.tally)
        return settled
    }

    /// Records, dead letters and positions in one transaction.
    /// - Returns: `false` when it was aborted because of records that are too large; their dead letters take their place.
    private func transact(_ entries: inout [IntakeEntry], _ marks: [SourcePosition]) async throws -> Bool {
        var refused: [(index: Int, error: LogError)] = []
        do {
            try await producer.transaction {
                let extra = positions.records(of: marks, settling: entries.tally)
                refused = try await produce(entries, with: extra)
                if !refused.isEmpty { throw Refused() }
            }
            return true
        } catch is Refused {
            for (index, error) in refused { try entries[index].reject(error) }
            return false
        } catch let error as TransactionError {
            switch error {
            case .retriable(let cause), .abortable(let cause): throw cause
            case .fatal(let cause): throw DriverError.ending(cause)
            }
        }
    }

    /// Aborts a transaction whose records are not all taken.
    private struct Refused: Error {}

    /// Produces what leads into the log, dead letters included, and waits for all of it.
    /// - Returns: the entries that are too large for their topic; of all others the log has what becomes of them.
    private func produce(
        _ entries: [IntakeEntry],
        with extra: ProduceBatch = ProduceBatch()
    ) async throws -> [(index: Int, error: LogError)] {
        var batch = ProduceBatch()
        var owners: [Int] = []
        for (index, entry) in entries.enumerated() {
            switch entry.work {
            case .produce(let record, let route):
                guard case .log(let sink) = plan.routes[route].target else { continue }
                batch.append(record, to: sink.route(record))
            case .deadLetter(let cause):
                guard plan.delivery.deadLetter != nil else {
                    throw DriverError.undeliverable(entry.original.id, cause)
                }
                letters.append(entry.original, cause, to: &batch)
            case .done, .refused:
                continue
            }
            owners.append(index)
        }
        batch.append(contentsOf: extra)
        guard !batch.isEmpty else { return [] }
        var refused: [(index: Int, error: LogError)] = []
        for (index, result) in try await producer.send(batch).enumerated() {
            guard case .failed(let error) = result else { continue }
            guard error.code == .tooLarge, index < owners.count else { throw error }
            refused.append((owners[index], error))
        }
        return refused
    }

    private func enter(_ entries: [IntakeEntry]) {
        let count = Int64(entries.count { !$0.isRefused })
        environment.board.count(plan.name) { accounting in
            accounting.onConsumed(count)
            accounting.inFlight += count
        }
    }

    private func withdraw(_ entries: [IntakeEntry]) {
        let count = Int64(entries.count { !$0.isRefused })
        environment.board.count(plan.name) { accounting in
            accounting.consumed -= count
            accounting.inFlight -= count
        }
    }

    private func leave(_ entries: [IntakeEntry]) {
        let outcomes = entries.compactMap(\.settlement)
        environment.meter.consumed(outcomes.count)
        for outcome in outcomes {
            environment.meter.settled(outcome)
            if case .deadLettered(let reason) = outcome { environment.meter.deadLettered(reason) }
        }
        environment.board.count(plan.name) { accounting in
            for outcome in outcomes { accounting.onSettled(outcome) }
            accounting.inFlight -= Int64(outcomes.count)
        }
    }

    /// Whether no later call can succeed. A sender's record that can neither be delivered nor dead-lettered is the sender's
    /// to keep; a source that fetches would come with the same record for ever.
    private func mustEnd(_ error: any Error, _ marks: [SourcePosition]) -> Bool {
        switch error {
        case let error as LogError: error.isFatal || error.code == .closed
        case DriverError.undeliverable, DriverError.deadLetterTooLarge: !marks.isEmpty
        case is DriverError: true
        default: false
        }
    }

    private func unavailable(_ error: any Error) -> IntakeError {
        environment.logger.error("records could not be accepted", metadata: ["error.message": "\(error)"])
        if let error = error as? LogError, error.code == .queueFull { return .overloaded(retryAfter: .seconds(1)) }
        return .unavailable(detail: "\(error)")
    }
}
