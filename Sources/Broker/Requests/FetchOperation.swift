internal import KafkaProtocol
internal import LogStorage
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Telemetry

/// One Fetch from its arrival to its answer. It waits without a thread until enough can be read, its time is over, or
/// the broker stops. Any thread.
final class FetchOperation: Sendable {
    private struct State {
        var isDone = false
        /// An attempt is queued: what happens until it runs needs none of its own.
        var isQueued = false
        var observations: [(partition: Partition, id: UInt64)] = []
        var timeout: Scheduled<Void>?
    }

    /// Where the next Fetch begins to read.
    private static let rotation = Atomic<Int>(0)
    /// A client may ask to wait for weeks; it asks again after this.
    private static let longestWait: Int64 = 60_000

    private let node: Node
    private let plan: FetchPlan
    private let minBytes: Int
    private let maxWait: Int64
    private let call: Call
    private let state = Mutex(State())

    init(_ plan: FetchPlan, minBytes: Int, maxWait: Int64, node: Node, call: Call) {
        self.plan = plan
        self.minBytes = minBytes
        self.maxWait = min(maxWait, Self.longestWait)
        self.node = node
        self.call = call
    }

    /// Answers now, or begins to wait.
    func start() {
        if attempt(isLast: maxWait <= 0 || plan.isEmpty || node.isStopping) { return }
        let observations = plan.partitions.map { partition in
            (partition, partition.observe { [weak self] in self?.queueAttempt(isLast: false) })
        }
        // The operation lives by its timer; the partitions know it weakly.
        let timeout = node.clock.after(maxWait) { [self] in queueAttempt(isLast: true) }
        let isOver = state.withLock { state in
            state.observations = state.isDone ? [] : observations
            state.timeout = state.isDone ? nil : timeout
            return state.isDone
        }
        if isOver {
            timeout.cancel()
            for (partition, id) in observations { partition.forget(id) }
        } else {
            // What came between the first look and the observation has told nobody.
            _ = attempt(isLast: node.isStopping)
        }
    }

    private func queueAttempt(isLast: Bool) {
        let isNews = state.withLock { state in
            guard !state.isDone, isLast || !state.isQueued else { return false }
            state.isQueued = true
            return true
        }
        guard isNews else { return }
        node.threads.submit { [self] pool in
            state.withLock { $0.isQueued = false }
            guard case .active = pool else {
                finish()
                return
            }
            _ = attempt(isLast: isLast || node.isStopping)
        }
    }

    /// Reads, and answers when that is enough or `isLast`; returns whether the request is over.
    private func attempt(isLast: Bool) -> Bool {
        if call.reply.connection.isClosed {
            finish()
            return true
        }
        let start = Self.rotation.wrappingAdd(1, ordering: .relaxed).newValue & 0xFFFF
        let (served, bytes, hasError) = plan.read(startingAt: start)
        guard isLast || hasError || bytes >= minBytes else { return false }
        guard finish() else { return true }
        node.metrics.bytesOut.add(bytes)
        answer(served)
        return true
    }

    /// Ends the waiting; `false` when it had ended before.
    @discardableResult
    private func finish() -> Bool {
        let ended = state.withLock { state -> State? in
            guard !state.isDone else { return nil }
            let ended = state
            state = State(isDone: true)
            return ended
        }
        guard let ended else { return false }
        ended.timeout?.cancel()
        for (partition, id) in ended.observations { partition.forget(id) }
        return true
    }

    private func answer(_ served: [[FetchPlan.Served]]) {
        var files: [FileSlice] = []
        let responses = zip(plan.topics, served).map { topic, entries in
            FetchResponse.Topic(
                topic: topic.name,
                topicID: topic.id,
                partitions: entries.map { entry in
                    if let slice = entry.slice, slice.count > 0, entry.error == nil { files.append(FileSlice(slice)) }
                    return FetchResponse.Partition(entry)
                }
            )
        }
        call.answer(FetchResponse(responses: responses), files: files)
    }
}

extension FileSlice {
    init(_ slice: LogSlice) {
        self.init(
            owner: slice.file,
            descriptor: slice.file.descriptor,
            position: Int64(slice.position),
            length: slice.count
        )
    }
}

extension FetchResponse.Partition {
    fileprivate init(_ served: FetchPlan.Served) {
        self.init(
            partitionIndex: served.entry.index,
            errorCode: served.error ?? .noError,
            highWatermark: served.marks?.high ?? -1,
            lastStableOffset: served.marks?.stable ?? -1,
            logStartOffset: served.marks?.start ?? -1,
            abortedTransactions: served.slice?.abortedTransactions.map {
                FetchResponse.AbortedTransaction(producerID: $0.producerID, firstOffset: $0.firstOffset)
            },
            records: .external(count: served.error == nil ? served.slice?.count ?? 0 : 0)
        )
    }
}
