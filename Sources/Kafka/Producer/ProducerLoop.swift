internal import CLibrdkafka
internal import Log
internal import Logging
internal import Synchronization

/// The owner thread of a producer: it serves delivery reports, runs transactions, closes and destroys.
///
/// Records are handed over on the sender's own thread, since `rd_kafka_producev` only copies into the local queue and
/// never blocks. `state` counts senders so that the client is not destroyed under one. What is neither behind `state`
/// nor constant is confined to the owner thread: hence `@unchecked Sendable`.
final class ProducerLoop: @unchecked Sendable {
    /// Safe to hold: the topic handles are destroyed after the last sender has left.
    @safe struct State {
        var isClosed = false
        var fatal: LogError?
        /// Calls between `enter` and `leave`.
        var senders = 0
        /// Senders that found the queue full. Bounded by the number of callers.
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Topic handles by name, kept until the end because making one costs a lock and a lookup.
        var topics: [TopicName: OpaquePointer] = unsafe [:]
    }

    let commands: CommandQueue
    let handle: ClientHandle
    let logger: Logger
    let transactionTimeout: Duration
    let state = Mutex(State())
    var isInTransaction = false
    private let queueLimit: Int32
    private var closing: Duration?
    private var closers: [CheckedContinuation<Void, Never>] = []

    private init(_ settings: ClientSettings, transactionTimeout: Duration, logger: Logger) throws(LogError) {
        handle = try ClientHandle(settings, ClientCallbacks(logger: logger))
        commands = CommandQueue(handle)
        self.logger = logger
        self.transactionTimeout = transactionTimeout
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
                            do throws(LogError) {
                                try loop.initTransactions()
                            } catch {
                                loop.end(within: .zero)
                                throw error
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

    /// Whether a batch sent now would have to wait.
    var isFull: Bool {
        let isWaitedFor = state.withLock { !$0.waiting.isEmpty }
        return isWaitedFor || (commands.whileOpen { unsafe rd_kafka_outq_len(handle.pointer) >= queueLimit } ?? true)
    }

    // MARK: Owner thread

    private func run() {
        while closing == nil {
            for command in commands.drain() { command(true) }
            if closing != nil { break }
            let served = unsafe rd_kafka_poll(handle.pointer, 1000)
            if unsafe served > 0 || rd_kafka_outq_len(handle.pointer) < queueLimit { resumeWaiting() }
        }
        end(within: closing ?? .zero)
        for closer in closers { closer.resume() }
    }

    private func resumeWaiting() {
        let waiting = state.withLock { state in
            guard !state.waiting.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting.removeAll() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Flush, purge, flush again, stop, destroy: in that order every record gets its one report. Takes `deadline` and
    /// at most 5 s more.
    private func end(within deadline: Duration) {
        state.withLock { $0.isClosed = true }
        resumeWaiting()
        while state.withLock({ $0.senders > 0 }) { unsafe rd_kafka_poll(handle.pointer, 1) }
        if isInTransaction {
            abandonTransaction(within: deadline)
        } else {
            unsafe rd_kafka_flush(handle.pointer, deadline.milliseconds)
        }
        if unsafe rd_kafka_outq_len(handle.pointer) > 0 {
            unsafe rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            unsafe rd_kafka_flush(handle.pointer, 5000)
        }
        commands.close()
        let topics = unsafe state.withLock { state in
            defer { unsafe state.topics = unsafe [:] }
            return unsafe Array(state.topics.values)
        }
        unsafe topics.forEach { unsafe rd_kafka_topic_destroy($0) }
        handle.retire()
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
}
