internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging

/// Runs a connector that reads topics and delivers to targets outside the log: at least once, with a stable id per record.
///
/// ```
///   consumer ─→ dedupe ─→ contract, steps, route ─→ lanes ─→ `in_flight` deliveries ─→ outcome ─→ commit
///      ↑                                              │                 │
///      └────────────── pause, resume ─────────────────┘←──── retry ─────┘
/// ```
///
/// One task reads and commits; `in_flight` tasks deliver. All state belongs to this actor, which runs on a thread of its
/// own because dedupe waits for the disk.
package actor DeliveryDriver {
    nonisolated let executor: BlockingExecutor
    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let plan: ConnectorPlan
    nonisolated let environment: DriverEnvironment
    nonisolated let consumer: any LogConsumer
    nonisolated let producer: any LogProducer
    nonisolated let letters: DeadLetterWriter

    let input: InputPartitions
    let pipeline: RecordPipeline
    /// Partitions that are shelved because a schema is not known yet.
    let waits: SchemaWaits
    var lanes: KeyLanes<Flight>
    /// Only of records that failed.
    var attempts: [FlightID: Attempts] = [:]
    /// Records of each partition that are being delivered or dead-lettered now.
    var started: [TopicPartition: Int] = [:]
    var limiter: RateLimiter?
    var targets: [TargetState]
    var generator = SystemRandomNumberGenerator()
    /// How records are gathered, where the targets take several at once.
    let gathering: BatchPolicy?
    var isGathering = false
    /// What was fetched and found no room; these partitions are paused.
    var shelves: [TopicPartition: Shelf] = [:]
    /// Records whose dead letter could not be written so far.
    var unwritten: Set<FlightID> = []
    var nextCommit: Instant
    /// When the group has to be looked after, however much there is to do.
    var nextPoll: Instant
    var failure: (any Error)?
    var phase = Phase.running
    /// Rung when a record may start or the phase changes.
    let work = Doorbell()
    /// Rung when a record has finished.
    let room = Doorbell()
    /// Rung when the phase changes.
    let phaseChange = Doorbell()
    let retries: AsyncStream<Retry>
    let retryQueue: AsyncStream<Retry>.Continuation

    enum Phase {
        case running
        /// Nothing new is taken; what is started may finish.
        case draining
        case closed
    }

    /// A record to be released when its wait is over.
    struct Retry: Sendable {
        let ticket: LaneTicket
        let delay: Duration
    }

    /// Drives `task`.
    /// - Throws: what keeps the dedupe journal from being opened or a program from being compiled.
    package init(_ task: LogTask) throws {
        (plan, environment, consumer, producer) = (task.plan, task.environment, task.consumer, task.producer)
        executor = BlockingExecutor(label: "busbar.\(plan.name)")
        letters = DeadLetterWriter(plan: plan, producer: producer, environment: environment)
        input = try InputPartitions(of: task)
        pipeline = try RecordPipeline(plan)
        waits = SchemaWaits(of: plan.name, in: environment)
        let capacity = max(environment.limits.waiting, plan.delivery.inFlight)
        lanes = KeyLanes(
            order: plan.delivery.order,
            inFlight: plan.delivery.inFlight,
            capacity: capacity,
            pauseAt: capacity
        )
        limiter = plan.delivery.limiter
        targets = plan.routes.map { _ in TargetState() }
        gathering = Self.gathering(of: plan)
        nextCommit = environment.clock.now()
        nextPoll = nextCommit
        (retries, retryQueue) = AsyncStream.makeStream()
    }

    /// Runs until ``stop()`` or an error that the driver cannot deal with; drains, commits and leaves the group first.
    /// When its task is cancelled it ends at once: nothing is waited for or committed.
    package func run() async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<max(1, plan.delivery.inFlight / (gathering?.max ?? 1)) {
                    group.addTask { await self.deliverUntilClosed() }
                }
                group.addTask { await self.releaseRetries() }
                let result: Result<Void, any Error>
                do {
                    try await consume()
                    result = .success(())
                } catch {
                    result = .failure(error)
                }
                close()
                group.cancelAll()
                try result.get()
            }
        } catch {
            await end()
            throw error
        }
        await end()
    }

    /// Takes nothing new, finishes what is started within the drain deadline, commits, and ends ``run()``.
    package func stop() {
        guard phase == .running else { return }
        phase = .draining
        phaseChange.ring()
        room.ring()
    }

    private func close() {
        phase = .closed
        retryQueue.finish()
        phaseChange.ring()
        work.ring()
        room.ring()
    }

    private func end() async {
        input.close()
        await consumer.close()
        await producer.close(within: .seconds(5))
        for route in plan.routes {
            if case .external(let sink) = route.target { await sink.close() }
        }
    }

    /// Waits on the driver's clock and hands each record back to its lane when its time has come.
    private nonisolated func releaseRetries() async {
        await withDiscardingTaskGroup { group in
            for await retry in retries {
                group.addTask {
                    do {
                        try await self.environment.clock.sleep(retry.delay)
                    } catch {
                        return  // cancelled: the record stays uncommitted and is read again
                    }
                    await self.release(retry.ticket)
                }
            }
            group.cancelAll()
        }
    }

    private func release(_ ticket: LaneTicket) {
        if lanes.release(ticket) { work.ring(upTo: 1) }
    }

    private static func gathering(of plan: ConnectorPlan) -> BatchPolicy? {
        let policies = plan.routes.compactMap { route -> BatchPolicy? in
            if case .external(let sink) = route.target { sink.batching } else { nil }
        }
        return policies.max { $0.max < $1.max }
    }
}
