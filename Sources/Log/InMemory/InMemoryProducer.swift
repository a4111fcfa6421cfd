/// A producer of an ``InMemoryLog``. All state is the log's; this is its handle.
final class InMemoryProducer: LogProducer {
    /// A wait that only an event ends.
    private static let untilSomethingHappens = Duration.seconds(365 * 86_400)

    private let id: Int64
    private let configuration: ProducerConfiguration
    private let log: InMemoryLog

    init(_ id: Int64, _ configuration: ProducerConfiguration, of log: InMemoryLog) {
        self.id = id
        self.configuration = configuration
        self.log = log
    }

    var queueIsFull: Bool {
        log.change { $0.queueIsFull(of: id) }
    }

    func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult] {
        guard !batch.isEmpty else { return [] }
        let sent = try await log.wait(atMost: Self.untilSomethingHappens) { (state) throws(LogError) in
            try state.send(batch, from: id)
        }
        guard let sent else {
            // Cancelled while the queue was full: nothing was written.
            let error = LogError(
                .queueFull,
                name: "_QUEUE_FULL",
                message: "The send was cancelled while it waited for room: the record was not handed over.",
                isRetriable: true
            )
            return Array(repeating: .failed(error), count: batch.count)
        }
        defer { log.change { $0.settle(batch.count, of: id) } }
        let isAcknowledged = try await log.wait(atMost: configuration.deliveryTimeout) { (state) throws(LogError) in
            if !state.holdsAcknowledgements(of: sent.topics) { return true }
            return state.producers[id]?.condition == .closed ? false : nil
        }
        if isAcknowledged == true { return sent.results }
        let results = sent.results.map(Self.withoutAcknowledgement)
        log.change { $0.failTransaction(of: id, after: results) }
        return results
    }

    private static func withoutAcknowledgement(_ result: ProduceResult) -> ProduceResult {
        if case .failed = result { return result }
        return .failed(.acknowledgementTimedOut)
    }

    func beginTransaction() async throws(TransactionError) {
        try attempt { (state) throws(TransactionError) in try state.beginTransaction(of: id) }
    }

    func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(TransactionError) {
        guard let group = group as? GroupSnapshot else {
            throw .fatal(.invalid("_INVALID_ARG", "The group metadata comes from a consumer of another log."))
        }
        try attempt { (state) throws(TransactionError) in try state.sendOffsets(offsets, of: group, in: id) }
    }

    func commitTransaction() async throws(TransactionError) {
        let outcome: Result<Void, TransactionError>?
        do throws(LogError) {
            outcome = try await log.wait(atMost: configuration.transactionTimeout) { state in
                do throws(TransactionError) {
                    return try state.commitTransaction(of: id).map { _ in .success(()) }
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .fatal(error)  // The attempt above throws nothing of its own.
        }
        if let outcome { return try outcome.get() }
        throw .retriable(
            LogError(
                .timedOut,
                name: "_TIMED_OUT",
                message: "Records of the transaction are not acknowledged yet: commit again.",
                isRetriable: true
            )
        )
    }

    func abortTransaction() async throws(TransactionError) {
        try attempt { (state) throws(TransactionError) in try state.abortTransaction(of: id) }
    }

    private func attempt(
        _ body: (inout LogState) throws(TransactionError) -> Void
    ) throws(TransactionError) {
        try log.change { state in
            do throws(TransactionError) {
                return Result<Void, TransactionError>.success(try body(&state))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// An open transaction stays open until it times out or a producer with the same id opens, as on Kafka.
    func close(within deadline: Duration) async {
        do throws(LogError) {
            _ = try await log.wait(atMost: deadline) { state in
                (state.producers[id]?.unacknowledged ?? 0) == 0 ? true : nil
            }
        } catch {
            // The condition above does not throw.
        }
        log.change { state in
            state.producers[id]?.condition = .closed
            state.hasNews = true
        }
    }
}
