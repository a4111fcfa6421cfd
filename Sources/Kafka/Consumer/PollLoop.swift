internal import CLibrdkafka
internal import Log
internal import Logging

/// The owner thread of a consumer or reader: the only place that polls it, runs its callbacks and ends it.
///
/// Reading is pull-based. A demand is one ``next(wait:)``; without one the loop prepares the next batch, up to its
/// limit, and then stops taking messages, which is what bounds memory. It goes on polling even then, with partitions
/// paused, because a consumer that does not poll for `max.poll.interval.ms` is thrown out of its group.
///
/// Nothing here waits for a broker but ``pollOnce()``: commits are answered by a queue of their own (``CommitDesk``),
/// blocking requests run on threads of their own (``request(_:)``). So polling never stops.
///
/// Everything but `commands`, `handle` and `record` is confined to the owner thread: hence `@unchecked Sendable`.
final class PollLoop: @unchecked Sendable {
    enum Event: Sendable {
        case batch(MessageBatch)
        case rebalance(Rebalance)
        case end(TopicPartition, Offset)
        case idle
        case closed
    }

    /// How long closing may take altogether; what the group has not consented to by then is not waited for.
    static let closeTimeout = Duration.seconds(10)
    /// The part of ``closeTimeout`` that destroying the client may need, see ``ClientHandle``.
    private static let destroyTime = Duration.seconds(1)
    /// How long a request may stay unanswered.
    static let requestTimeout = Duration.seconds(15)
    /// The longest wait in one poll.
    static let longestPoll = Duration.seconds(1)

    let commands: CommandQueue
    let handle: ClientHandle
    let logger: Logger
    let record: PollRecord
    var batch: BatchInProgress
    var ledger = RebalanceLedger()
    /// The offset that each partition goes on at, by what was handed out, asked for, or given with the assignment.
    var positions: [TopicPartition: Offset] = [:]
    /// Partitions that the caller paused.
    var paused: Set<TopicPartition> = [] {
        didSet { record.change { $0.paused = paused } }
    }
    /// `nil` where all partitions are read together.
    var lanes: PartitionLanes?
    var commits: CommitDesk
    /// Partitions that the loop paused because nobody asked for messages.
    var rested: Set<TopicPartition> = [] {
        didSet { record.change { $0.isResting = !rested.isEmpty } }
    }
    /// Since when a full batch waits for a caller and nothing is polled.
    var parkedSince: ContinuousClock.Instant?
    var errors: [LogError] = []
    /// What has ended the client; from then on it hands out nothing else.
    var fatal: LogError?
    var ends: [(TopicPartition, Offset)] = []
    var demand: Demand<Event>?
    private var isClosing = false
    private var closers: [CheckedContinuation<Void, Never>] = []
    let keepAlive: Duration
    let batchLimit: Int

    private init(
        _ settings: ClientSettings,
        batchLimit: Int,
        isPartitioned: Bool,
        logger: Logger
    ) throws(LogError) {
        let callbacks = ClientCallbacks(logger: logger)
        handle = try ClientHandle(settings, callbacks)
        commands = CommandQueue(handle)
        batch = BatchInProgress(limit: batchLimit)
        lanes = isPartitioned ? PartitionLanes(handle, commands, batchLimit: batchLimit) : nil
        self.batchLimit = batchLimit
        self.logger = logger
        let longest = unsafe ClientSettings.milliseconds("max.poll.interval.ms", of: handle.pointer, otherwise: 300_000)
        keepAlive = min(.seconds(10), .milliseconds(Int(longest / 3)))
        record = PollRecord(limit: .milliseconds(Int(longest)))
        commits = CommitDesk(handle, commands, record)
    }

    /// Starts the owner thread and returns when the client exists; `prepare` runs on the new thread before the first
    /// poll.
    static func open(
        _ settings: ClientSettings,
        batchLimit: Int,
        isPartitioned: Bool = false,
        logger: Logger,
        prepare: @escaping @Sendable (PollLoop) throws(LogError) -> Void
    ) async throws(LogError) -> PollLoop {
        let result: Result<PollLoop, LogError> = await withCheckedContinuation { continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-consumer") {
                    do throws(LogError) {
                        let loop = try PollLoop(
                            settings,
                            batchLimit: batchLimit,
                            isPartitioned: isPartitioned,
                            logger: logger
                        )
                        loop.handle.setTarget(loop)
                        do throws(LogError) {
                            try prepare(loop)
                        } catch {
                            loop.end()
                            throw error
                        }
                        continuation.resume(returning: .success(loop))
                        loop.run()
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    /// The next event; `idle` after `wait`, or at once when the task is cancelled.
    func next(wait: Duration) async throws(LogError) -> Event {
        try await commands.demand(wait: wait, whenClosed: .success(.closed)) { demand in
            self.demand?.answer.resume(returning: .success(.idle))
            self.demand = demand
        }
    }

    /// Ends the loop and returns when the client has left its group, or after ``closeTimeout``.
    func close() async {
        await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume() }
                self.closers.append(continuation)
                self.isClosing = true
            }
        }
    }

    /// Ends the loop without waiting, for a client that nobody holds any more.
    func abandon() {
        commands.submit { isOpen in
            if isOpen { self.isClosing = true }
        }
    }

    // MARK: Owner thread

    private func run() {
        while true {
            for command in commands.drain() { command(true) }
            if isClosing { break }
            commits.serve()
            lanes?.serve(&positions, fatal)
            if demand != nil, let result = nextResult() {
                answer(result)
            } else {
                pollOnce()
            }
        }
        answer(.success(.closed))
        end()
        for closer in closers { closer.resume() }
    }

    /// Closes the client: commits that are under way first, then the group, in ``closeTimeout`` altogether.
    private func end() {
        let deadline = ContinuousClock.now.advanced(by: Self.closeTimeout - Self.destroyTime)
        lanes?.endAll()
        commits.finish(until: deadline)
        awaitFirstAssignment(until: deadline.advanced(by: .seconds(-1)))
        batch.dropAll()
        leaveGroup(until: deadline)
        lanes?.closeAll()
        commits.close()
        commands.close()
        handle.retire()
    }

    private func answer(_ result: Result<Event, LogError>) {
        demand?.answer.resume(returning: result)
        demand = nil
    }

    /// What a caller can have now: after a fatal error that error, for ever. Rebalances go first otherwise: the messages
    /// that they withdraw are gone already.
    private func nextResult() -> Result<Event, LogError>? {
        if let fatal { return .failure(fatal) }
        if let rebalance = ledger.takeUnread() { return .success(.rebalance(rebalance)) }
        if !batch.isEmpty {
            fill()
            // The fill may have brought a rebalance that withdrew everything, or the client's end.
            if let fatal { return .failure(fatal) }
            if !batch.isEmpty { return .success(.batch(takeBatch())) }
        }
        if !errors.isEmpty { return .failure(errors.removeFirst()) }
        if !ends.isEmpty {
            let (partition, offset) = ends.removeFirst()
            return .success(.end(partition, offset))
        }
        if let demand, demand.isOver(.now) { return .success(.idle) }
        return nil
    }

    private func takeBatch() -> MessageBatch {
        let (taken, after) = batch.take(of: handle)
        positions.merge(after) { $1 }
        return taken
    }
}
