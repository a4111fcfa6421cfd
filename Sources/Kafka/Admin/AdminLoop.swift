internal import CLibrdkafka
internal import Log
internal import Logging
internal import Synchronization

/// The threads of an ``Admin``: the owner thread, which sends the requests of librdkafka's Admin API and takes their
/// results from one queue, and a few more for what librdkafka offers as blocking calls only.
///
/// A call is a ``PendingCalls/Call`` from the moment it is added until somebody takes it: the owner thread with its
/// result or at its deadline, a blocking thread with its result, the canceller, or the close. Whoever takes it resumes
/// its caller; a result that finds its call gone is freed.
///
/// `results` and `main` are used by the owner thread, and by others under the lock of `state` while it is open; the
/// owner thread closes it before it destroys them. Hence `@unchecked Sendable`.
@safe final class AdminLoop: @unchecked Sendable {
    /// Calls that block run on so many threads at most; further ones wait for one.
    static let blockingThreads = 4

    private struct State {
        var calls = PendingCalls()
        var threads = 0
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    let handle: ClientHandle
    private let logger: Logger
    private let state = Mutex(State())
    /// Where every admin result arrives.
    private let results: OpaquePointer
    /// Where librdkafka's callbacks wait to be served.
    private let main: OpaquePointer

    private init(_ settings: ClientSettings, logger: Logger) throws(LogError) {
        handle = try ClientHandle(settings, ClientCallbacks(logger: logger))
        self.logger = logger
        unsafe results = unsafe rd_kafka_queue_new(handle.pointer)
        unsafe main = unsafe rd_kafka_queue_get_main(handle.pointer)
        // A callback that waits to be served ends the owner thread's wait for results. The queue outlives the callback:
        // `end()` withdraws it first.
        unsafe rd_kafka_queue_cb_event_enable(
            main,
            { _, queue in unsafe rd_kafka_queue_yield(OpaquePointer(queue)) },
            UnsafeMutableRawPointer(results)
        )
    }

    static func open(_ settings: ClientSettings, logger: Logger) async throws(LogError) -> AdminLoop {
        let result: Result<AdminLoop, LogError> = await withCheckedContinuation { continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-admin") {
                    do throws(LogError) {
                        let loop = try AdminLoop(settings, logger: logger)
                        loop.handle.setTarget(loop)
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

    /// Answers every call with ``Log/LogError/Code/closed`` and returns when the owner thread has ended.
    func close() async {
        abandon()
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.closers.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// Ends the loop without waiting.
    func abandon() {
        let calls = state.withLock { state in
            guard !state.isClosed else { return [PendingCalls.Call]() }
            state.isClosed = true
            unsafe rd_kafka_queue_yield(results)
            return state.calls.takeAll()
        }
        for call in calls { call.fail(.closedClient) }
    }

    // MARK: Calls, from any thread

    /// Sends a request of librdkafka's Admin API and decodes its result, both on the owner thread.
    func request<R: Sendable>(
        _ action: String,
        within deadline: Deadline,
        to addressee: AdminRequest.Addressee = .brokers,
        _ send: @escaping @Sendable (AdminRequest) throws(LogError) -> Void,
        _ decode: @escaping @Sendable (AdminEvent) throws(LogError) -> R
    ) async throws(LogError) -> R {
        try await wait(action, within: deadline, on: .owner) { id, resume in
            let send: @Sendable () -> Void = { [self] in
                do throws(LogError) {
                    let request = try unsafe AdminRequest(
                        client: handle.pointer,
                        results: results,
                        id: id,
                        deadline: deadline,
                        to: addressee,
                        cannot: action
                    )
                    try send(request)
                } catch {
                    take(id)?.fail(error)
                }
            }
            return (send, { event in resume(Result { () throws(LogError) in try decode(event) }) })
        }
    }

    /// Runs `body`, which may block until the deadline, on a thread for such.
    func block<R: Sendable>(
        _ action: String,
        within deadline: Deadline,
        _ body: @escaping @Sendable (ClientHandle) throws(LogError) -> R
    ) async throws(LogError) -> R {
        try await wait(action, within: deadline, on: .blocking) { id, resume in
            let run: @Sendable () -> Void = { [self] in
                let result = Result { () throws(LogError) in try body(handle) }
                if take(id) != nil { resume(result) }
            }
            return (run, { _ in })
        }
    }

    /// Runs `body` while no other body of this kind runs.
    func inTurn<R: Sendable>(
        _ action: String,
        within deadline: Deadline,
        _ body: () async throws(LogError) -> R
    ) async throws(LogError) -> R {
        let turn: PendingCalls.ID = try await wait(action, within: deadline, on: .turn) { id, resume in
            let begin: @Sendable () -> Void = { [self] in
                // The call may have ended at the moment when its turn began.
                if take(id) != nil { resume(.success(id)) } else { endTurn(of: id) }
            }
            return (begin, { _ in })
        }
        defer { endTurn(of: turn) }
        return try await body()
    }

    /// Registers a call and waits until somebody takes it. `make` says what its work is, and what to do with its result.
    /// - Throws: what the answer says; `closed`, `timedOut`, or `cancelled` when the task is.
    private func wait<R: Sendable>(
        _ action: String,
        within deadline: Deadline,
        on queue: PendingCalls.Queue,
        _ make: (
            _ id: PendingCalls.ID,
            _ resume: @escaping @Sendable (Result<R, LogError>) -> Void
        ) -> (work: @Sendable () -> Void, receive: @Sendable (AdminEvent) -> Void)
    ) async throws(LogError) -> R {
        let start = ContinuousClock.now
        let id = state.withLock { $0.calls.nextID() }
        let result: Result<R, LogError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (work, receive) = make(id) { continuation.resume(returning: $0) }
                let call = PendingCalls.Call(
                    action: action,
                    deadline: deadline,
                    work: work,
                    receive: receive,
                    fail: { continuation.resume(returning: .failure($0)) }
                )
                add(call, id, for: queue)
            }
        } onCancel: {
            cancel(id)
        }
        do throws(LogError) {
            return try result.get()
        } catch {
            throw handle.explained(error, since: start)
        }
    }

    private func endTurn(of id: PendingCalls.ID) {
        state.withLock { $0.calls.endTurn(of: id) }
        beginTurn()
    }

    private func take(_ id: PendingCalls.ID) -> PendingCalls.Call? {
        state.withLock { $0.calls.take(id) }
    }

    private func cancel(_ id: PendingCalls.ID) {
        if let call = take(id) { call.fail(.cancelled(call.action)) }
    }

    private func add(_ call: PendingCalls.Call, _ id: PendingCalls.ID, for queue: PendingCalls.Queue) {
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.calls.add(call, id, for: queue)
            // The owner thread sends it, or learns of its deadline.
            unsafe rd_kafka_queue_yield(results)
            return true
        }
        guard isOpen else { return call.fail(.closedClient) }
        // A cancellation that came before the call was there has found nothing.
        if Task.isCancelled { cancel(id) }
        switch queue {
        case .owner: break
        case .blocking: startThread()
        case .turn: beginTurn()
        }
    }

    private func beginTurn() {
        state.withLock { $0.calls.beginTurn() }?()
    }

    // MARK: Threads that block

    /// Starts one more thread, if there may be one. The client is lent to it, and lives until it gives it back.
    private func startThread() {
        let mayStart = state.withLock { state in
            guard !state.isClosed, state.threads < Self.blockingThreads else { return false }
            state.threads += 1
            handle.lend()
            return true
        }
        guard mayStart else { return }
        do throws(LogError) {
            try OwnerThread.start(named: "kafka-request") { self.serve() }
        } catch {
            // Another thread will come to what waits; without one, nobody will.
            let stranded = state.withLock { state in
                state.threads -= 1
                return state.threads == 0 ? state.calls.takeAll(of: .blocking) : []
            }
            for call in stranded { call.fail(error) }
            handle.giveBack()
        }
    }

    /// Does what waits, then ends.
    private func serve() {
        while true {
            let work = state.withLock { state in
                let work = state.calls.takeNextWork(of: .blocking)
                if work == nil { state.threads -= 1 }
                return work
            }
            guard let work else { break }
            work()
        }
        handle.giveBack()
    }

    // MARK: Owner thread

    private func run() {
        while let work = state.withLock({ $0.isClosed ? nil : $0.calls.takeWork(of: .owner) }) {
            for send in work { send() }
            unsafe receive(rd_kafka_queue_poll(results, waitForResults()))
            unsafe rd_kafka_poll(handle.pointer, 0)
            expire()
        }
        end()
    }

    /// Until the next deadline; whoever adds a call ends the wait.
    private func waitForResults() -> Int32 {
        guard let next = state.withLock({ $0.calls.nextDeadline }) else { return 60_000 }
        // Rounded up, or the last fraction of a millisecond would spin.
        return (min(ContinuousClock.now.duration(to: next), .seconds(60)) + .milliseconds(1)).milliseconds
    }

    private func receive(_ event: OpaquePointer?) {
        guard let event = unsafe event else { return }
        defer { unsafe rd_kafka_event_destroy(event) }
        let id = unsafe PendingCalls.ID(bitPattern: rd_kafka_event_opaque(event))
        guard let call = take(id) else {
            return logger.debug("an admin result came too late")
        }
        call.receive(unsafe AdminEvent(event, of: call.action))
    }

    private func expire() {
        for call in state.withLock({ $0.calls.takeExpired() }) {
            call.fail(.timedOut(call.action, after: call.deadline.allowed))
        }
    }

    private func end() {
        unsafe rd_kafka_queue_cb_event_enable(main, nil, nil)
        unsafe rd_kafka_queue_destroy(main)
        // Frees the results that nobody has taken.
        unsafe rd_kafka_queue_destroy(results)
        handle.retire()
        let closers = state.withLock { state in
            state.hasEnded = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}

extension AdminLoop: ClientCallbackTarget {
    func failed(_ error: LogError) {
        logger.info("admin client goes on after an error", metadata: ["error.message": "\(error)"])
    }
}
