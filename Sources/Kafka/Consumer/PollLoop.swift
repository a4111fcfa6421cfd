internal import CLibrdkafka
internal import Log
internal import Logging

/// The owner thread of a consumer or reader: the only place that polls it, runs its callbacks and ends it.
///
/// Reading is pull-based. A demand is one ``next(wait:)``; without one the loop prepares the next batch, up to its
/// limit, and then stops taking messages, which is what bounds memory. It goes on polling even then, with partitions
/// paused, because a consumer that does not poll for `max.poll.interval.ms` is thrown out of its group.
///
/// Everything but `commands` and `handle` is confined to the owner thread: hence `@unchecked Sendable`.
final class PollLoop: @unchecked Sendable {
    enum Event: Sendable {
        case batch(MessageBatch)
        case rebalance(Rebalance)
        case end(TopicPartition, Offset)
        case idle
        case closed
    }

    struct Demand {
        let deadline: ContinuousClock.Instant
        let answer: CheckedContinuation<Result<Event, LogError>, Never>
    }

    /// How long closing waits for the group to let go before the client is destroyed without it.
    static let closeTimeout = Duration.seconds(10)
    /// How long requests on the owner thread may take; a close waits at most this long for one.
    static let requestTimeout = Duration.seconds(15)

    let commands: CommandQueue
    let handle: ClientHandle
    let logger: Logger
    var batch: BatchInProgress
    var ledger = RebalanceLedger()
    /// Partitions that the caller paused.
    var paused: Set<TopicPartition> = []
    /// Partitions that the loop paused because nobody asked for messages.
    private var rested: Set<TopicPartition> = []
    private var errors: [LogError] = []
    private var ends: [(TopicPartition, Offset)] = []
    private var demand: Demand?
    private var isClosing = false
    private var closers: [CheckedContinuation<Void, Never>] = []
    private let keepAlive: Duration

    private init(_ settings: ClientSettings, batchLimit: Int, logger: Logger) throws(LogError) {
        let callbacks = ClientCallbacks(logger: logger)
        handle = try ClientHandle(settings, callbacks)
        commands = CommandQueue(handle)
        batch = BatchInProgress(limit: batchLimit)
        self.logger = logger
        let longest = unsafe ClientSettings.milliseconds("max.poll.interval.ms", of: handle.pointer, otherwise: 300_000)
        keepAlive = min(.seconds(10), .milliseconds(Int(longest / 3)))
    }

    /// Starts the owner thread and returns when the client exists; `prepare` runs on the new thread before the first
    /// poll.
    static func open(
        _ settings: ClientSettings,
        batchLimit: Int,
        logger: Logger,
        prepare: @escaping @Sendable (PollLoop) throws(LogError) -> Void
    ) async throws(LogError) -> PollLoop {
        let result: Result<PollLoop, LogError> = await withCheckedContinuation { continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-consumer") {
                    do throws(LogError) {
                        let loop = try PollLoop(settings, batchLimit: batchLimit, logger: logger)
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

    func next(wait: Duration) async throws(LogError) -> Event {
        let deadline = ContinuousClock.now.advanced(by: wait)
        let result: Result<Event, LogError> = await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume(returning: .success(.closed)) }
                self.demand?.answer.resume(returning: .success(.idle))
                self.demand = Demand(deadline: deadline, answer: continuation)
            }
        }
        return try result.get()
    }

    /// Ends the loop and returns when the client has left its group, or after ``closeTimeout`` (and ``requestTimeout``
    /// if a request is under way).
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

    private func end() {
        batch.dropAll()
        leaveGroup()
        commands.close()
        handle.retire()
    }

    private func answer(_ result: Result<Event, LogError>) {
        demand?.answer.resume(returning: result)
        demand = nil
    }

    /// What a caller can have now. Rebalances go first: the messages that they withdraw are gone already.
    private func nextResult() -> Result<Event, LogError>? {
        if let rebalance = ledger.takeUnread() { return .success(.rebalance(rebalance)) }
        if !batch.isEmpty {
            fill()
            // The fill may have brought a rebalance that withdrew everything.
            if !batch.isEmpty { return .success(.batch(batch.take(of: handle))) }
        }
        if !errors.isEmpty { return .failure(errors.removeFirst()) }
        if !ends.isEmpty {
            let (partition, offset) = ends.removeFirst()
            return .success(.end(partition, offset))
        }
        if let demand, demand.deadline <= .now { return .success(.idle) }
        return nil
    }

    private func pollOnce() {
        if let demand {
            wakePartitions()
            let wait = ContinuousClock.now.duration(to: demand.deadline)
            // Rounded up, or the last fraction of a millisecond would spin.
            _ = poll(min(wait + .milliseconds(1), .seconds(1)))
        } else if !batch.isFull {
            if poll(.seconds(1)) { fill() }
        } else if rested.isEmpty {
            commands.park(for: keepAlive)
            if demand == nil, commands.isIdle { restPartitions() }
        } else {
            _ = poll(.seconds(1))
        }
    }

    private func fill() {
        while !batch.isFull, !ledger.hasUnread, poll(.zero) {}
    }

    private func poll(_ wait: Duration) -> Bool {
        guard let message = unsafe rd_kafka_consumer_poll(handle.pointer, wait.milliseconds) else { return false }
        guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            unsafe note(message)
            return true
        }
        if ledger.leaving.isEmpty, paused.isEmpty {
            unsafe batch.append(message)
        } else {
            unsafe sort(message)
        }
        return true
    }

    /// Takes a message while some partitions are paused or leaving.
    private func sort(_ message: BatchInProgress.Message) {
        let partition = unsafe BatchInProgress.partition(of: message)
        if ledger.leaving.contains(partition) {
            unsafe rd_kafka_message_destroy(message)
        } else if paused.contains(partition) {
            unsafe batch.hold(message, of: partition)
        } else {
            unsafe batch.append(message)
        }
    }

    /// Takes a message that is an event: the end of a partition, or an error.
    private func note(_ message: BatchInProgress.Message) {
        defer { unsafe rd_kafka_message_destroy(message) }
        let code = unsafe message.pointee.err
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            unsafe ends.append((BatchInProgress.partition(of: message), Offset(message.pointee.offset)))
            return
        }
        guard code != RD_KAFKA_RESP_ERR__FATAL else { return unsafe failed(LogError(fatalOf: handle.pointer)) }
        let detail = unsafe rd_kafka_message_errstr(message).map { unsafe String(cString: $0) }
        failed(LogError(code, cannot: "read", detail: detail))
    }

    /// Pauses everything, so that polling brings no more messages.
    private func restPartitions() {
        rested = ledger.assigned.subtracting(paused)
        guard !rested.isEmpty else { return }
        let list = PartitionList(rested)
        unsafe rd_kafka_pause_partitions(handle.pointer, list.pointer)
        logger.debug("consumer rests: nobody asks for messages")
    }

    private func wakePartitions() {
        guard !rested.isEmpty else { return }
        let partitions = rested.intersection(ledger.assigned).subtracting(paused)
        rested = []
        guard !partitions.isEmpty else { return }
        let list = PartitionList(partitions)
        unsafe rd_kafka_resume_partitions(handle.pointer, list.pointer)
    }

    func forgetEnds() {
        ends.removeAll()
    }
}

extension PollLoop: ClientCallbackTarget {
    /// Keeps what a caller must decide about. Lost connections are not errors: the client reconnects by itself.
    func failed(_ error: LogError) {
        let isPassing =
            error.isRetriable && error.code != .unknownTopicOrPartition || error.name == "_MAX_POLL_EXCEEDED"
        if isPassing && !error.isFatal {
            logger.info("consumer goes on after an error", metadata: ["error.message": "\(error)"])
        } else if errors.count < 16, errors.last != error {
            errors.append(error)
        }
    }

    func rebalanced(_ code: rd_kafka_resp_err_t, _ partitions: [TopicPartition]) {
        let isCooperative =
            unsafe rd_kafka_rebalance_protocol(handle.pointer).map { unsafe String(cString: $0) } == "COOPERATIVE"
        let change: Rebalance.Change =
            switch code {
            case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS: .assign
            case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
                unsafe rd_kafka_assignment_lost(handle.pointer) != 0 ? .lose : .revoke
            default: .lose
            }
        ledger.report(change, partitions, isCooperative ? .cooperative : .eager)
        if !ledger.leaving.isEmpty { batch.drop(ledger.leaving) }
    }
}
