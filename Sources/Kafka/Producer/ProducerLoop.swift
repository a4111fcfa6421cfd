internal import CLibrdkafka
internal import Dispatch
internal import Log
internal import Logging
internal import Synchronization

/// The owner thread of a producer: it serves delivery reports, runs transactions, closes and destroys.
///
/// Records are handed over on the sender's own thread, since `rd_kafka_producev` only copies into the local queue and
/// never blocks; a sender of many serves reports as well, see ``serveBeside()``. `state` counts senders so that the client is
/// not destroyed under one. `pending` belongs to whoever has `turn`; what else is neither behind `state` nor constant is
/// confined to the owner thread: hence `@unchecked Sendable`.
final class ProducerLoop: @unchecked Sendable {
    /// Safe to hold: the topic handles are destroyed after the last sender has left.
    @safe struct State {
        var isClosed = false
        var fatal: LogError?
        /// Calls between `enter` and `leave`.
        var senders = 0
        /// Batches that are being sent, so that each gets an end even where librdkafka gives none.
        var trackers: [ObjectIdentifier: DeliveryTracker] = [:]
        /// Topic handles by name, kept until the end because making one costs a lock and a lookup.
        var topics: [TopicName: OpaquePointer] = unsafe [:]
    }

    let commands: CommandQueue
    let handle: ClientHandle
    let logger: Logger
    let transactionTimeout: Duration
    let state = Mutex(State())
    /// Reports of what was produced with a token.
    let reports: ReportQueue
    /// Senders that found the queue full.
    let room: WaitingTasks
    /// Goes up when there may be room again: after reports were served, and after they were read.
    let generation: Generation
    /// Taken by whoever polls librdkafka, so that callbacks come on one thread at a time. A semaphore, because a callback may
    /// log, a logger may send, and a try to take it again must fail and not trap.
    let turn = DispatchSemaphore(value: 1)
    /// Reports that came in this poll.
    var pending: [DeliveryReport] = []
    /// A sender has served reports since the owner thread looked last.
    let isServedBeside = Atomic(false)
    var isInTransaction = false
    let queueLimit: Int32
    private var flushes: [(deadline: ContinuousClock.Instant, continuation: CheckedContinuation<FlushOutcome, Never>)] =
        []
    private var closing: Duration?
    private var closers: [CheckedContinuation<Void, Never>] = []

    /// Outstanding records, or reports, that are worth a moment's wait for more.
    static let many = 1000

    private init(_ settings: ClientSettings, transactionTimeout: Duration, logger: Logger) throws(LogError) {
        handle = try ClientHandle(settings, ClientCallbacks(logger: logger))
        commands = CommandQueue(handle)
        self.logger = logger
        self.transactionTimeout = transactionTimeout
        let (room, generation) = (WaitingTasks(), Generation())
        (self.room, self.generation) = (room, generation)
        reports = ReportQueue { generation.advance(waking: room) }
        queueLimit = unsafe ClientSettings.milliseconds(
            "queue.buffering.max.messages",
            of: handle.pointer,
            otherwise: 100_000
        )
    }

    static func open(
        _ settings: ClientSettings,
        transactionTimeout: Duration,
        logger: Logger
    ) async throws(LogError) -> ProducerLoop {
        let result: Result<ProducerLoop, LogError> = await withCheckedContinuation { continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-producer") {
                    do throws(LogError) {
                        let loop = try ProducerLoop(settings, transactionTimeout: transactionTimeout, logger: logger)
                        loop.handle.setTarget(loop)
                        if settings.properties["transactional.id"] != nil {
                            do throws(TransactionError) {
                                try loop.initTransactions()
                            } catch {
                                loop.end(within: .zero)
                                throw error.cause
                            }
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

    func close(within deadline: Duration) async {
        await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume() }
                self.closers.append(continuation)
                self.closing = self.closing ?? deadline
            }
        }
    }

    func abandon() {
        commands.submit { isOpen in
            if isOpen { self.closing = self.closing ?? .zero }
        }
    }

    /// Hands the queue to the brokers without lingering; see ``Producer/flush(within:)``.
    func flush(within deadline: Duration) async -> FlushOutcome {
        await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume(returning: .complete) }
                self.flushes.append((.now + deadline, continuation))
            }
        }
    }

    /// Gives up on records; see ``Producer/purge(_:)``.
    func purge(_ flags: Int32) async {
        await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                if isOpen {
                    unsafe rd_kafka_purge(self.handle.pointer, flags)
                    self.serve()
                }
                continuation.resume()
            }
        }
    }

    /// Records without an outcome.
    var outstanding: Int { commands.whileOpen { unsafe Int(rd_kafka_outq_len(handle.pointer)) } ?? 0 }

    /// Whether a batch sent now would have to wait.
    var isFull: Bool {
        guard room.isEmpty else { return true }
        return commands.whileOpen { unsafe rd_kafka_outq_len(handle.pointer) >= queueLimit } ?? true
    }

    // MARK: Owner thread

    private func run() {
        while closing == nil {
            let waiting = commands.drain()
            if !waiting.isEmpty {
                turn.wait()
                for command in waiting { command(true) }
                // A commit or an abort has served reports.
                publish()
                turn.signal()
            }
            if closing != nil { break }
            if !flushes.isEmpty {
                turn.wait()
                flushForAWhile()
                turn.signal()
            } else if isServedBeside.exchange(false, ordering: .relaxed) {
                commands.park(for: .milliseconds(1))
            } else {
                waitAndServe()
            }
        }
        turn.wait()
        end(within: closing ?? .zero)
        turn.signal()
        for closer in closers { closer.resume() }
    }

    /// A slice of every flush that was asked for, short, so that commands are not kept waiting.
    private func flushForAWhile() {
        let (now, latest) = (ContinuousClock.now, flushes.map(\.deadline).max() ?? .now)
        unsafe rd_kafka_flush(handle.pointer, min(50, max(0, now.duration(to: latest).milliseconds)))
        publish()
        answerFlushes(at: .now)
    }

    private func answerFlushes(at now: ContinuousClock.Instant) {
        let rest = unsafe Int(rd_kafka_outq_len(handle.pointer))
        for flush in flushes where rest == 0 || flush.deadline <= now {
            flush.continuation.resume(returning: rest == 0 ? .complete : .outstanding(rest))
        }
        flushes.removeAll { rest == 0 || $0.deadline <= now }
    }

    /// Flush, purge, flush again, stop, destroy: in that order every record gets its one report. Takes `deadline` and
    /// at most 5 s more.
    private func end(within deadline: Duration) {
        state.withLock { $0.isClosed = true }
        room.wake()
        while state.withLock({ $0.senders > 0 }) { unsafe rd_kafka_poll(handle.pointer, 1) }
        if isInTransaction {
            abandonTransaction(within: deadline)
        } else {
            unsafe rd_kafka_flush(handle.pointer, deadline.milliseconds)
        }
        let rest = unsafe Int(rd_kafka_outq_len(handle.pointer))
        for flush in flushes { flush.continuation.resume(returning: rest == 0 ? .complete : .outstanding(rest)) }
        if rest > 0 {
            unsafe rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            unsafe rd_kafka_flush(handle.pointer, 5000)
        }
        commands.close()
        answerEverybody()
        handle.retire()
    }

    /// After the last poll: whoever still waits for a report that cannot come any more gets an answer.
    private func answerEverybody() {
        let (topics, trackers) = unsafe state.withLock { state in
            defer {
                unsafe state.topics = unsafe [:]
                state.trackers = [:]
            }
            return unsafe (Array(state.topics.values), Array(state.trackers.values))
        }
        reports.append(&pending)
        for tracker in trackers { tracker.abandon(RD_KAFKA_RESP_ERR__DESTROY) }
        reports.close()
        unsafe topics.forEach { unsafe rd_kafka_topic_destroy($0) }
    }
}

extension ProducerLoop: ClientCallbackTarget {
    func failed(_ error: LogError) {
        if error.isFatal {
            state.withLock { $0.fatal = $0.fatal ?? error }
        } else {
            logger.info("producer goes on after an error", metadata: ["error.message": "\(error)"])
        }
    }

    func delivered(_ message: UnsafePointer<rd_kafka_message_t>) {
        guard let opaque = unsafe message.pointee._private else { return }
        if let token = unsafe DeliveryToken.token(of: opaque) {
            var report = unsafe DeliveryReport(message, token: token)
            if !report.isAcknowledged { unsafe report.explain(message, by: handle) }
            pending.append(report)
            // A flush or a commit serves many before it returns.
            if pending.count == Self.many { reports.append(&pending) }
        } else {
            unsafe DeliveryTracker.report(message, to: opaque)
        }
    }
}

/// Counts the moments after which a full queue may have room.
final class Generation: Sendable {
    private let count = Atomic(0)

    var current: Int { count.load(ordering: .acquiring) }

    func advance(waking tasks: WaitingTasks) {
        count.add(1, ordering: .releasing)
        tasks.wake()
    }
}
