internal import CLibrdkafka
public import Log
public import Logging

/// An idempotent producer (`acks=all`), transactional where its configuration has a transactional id.
///
/// A batch is handed over on the caller's thread and answered once, when its last record has an outcome. Records are
/// copied; keys choose partitions by murmur2 as in the Java client. A producer that is dropped without
/// ``close(within:)`` closes itself and fails what is outstanding.
public final class Producer: LogProducer {
    private let loop: ProducerLoop

    private init(_ loop: ProducerLoop) {
        self.loop = loop
    }

    deinit {
        loop.abandon()
    }

    /// Opens a producer; with a transactional id, returns when its earlier producers are fenced.
    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property; with a transactional id also
    ///   what keeps the coordinator from answering within ``Log/ProducerConfiguration/transactionTimeout``.
    public static func open(
        _ configuration: ProducerConfiguration,
        client: ClientConfiguration,
        logger: Logger
    ) async throws(LogError) -> Producer {
        var fixed = ["enable.idempotence": "true", "acks": "all"]
        var defaults = [
            "linger.ms": String(configuration.linger.milliseconds),
            "message.timeout.ms": String(max(1, configuration.deliveryTimeout.milliseconds)),
            "partitioner": "murmur2_random",
            // The topic's max.message.bytes says what is too large. This bound is below the 100 MB that consumers take in one
            // answer (receive.message.max.bytes), so that what is written can be read. Batches stay at batch.size (1 MB).
            "message.max.bytes": String(64 << 20),
        ]
        if let id = configuration.transactionalID {
            fixed["transactional.id"] = id
            fixed["transaction.timeout.ms"] = String(configuration.transactionTimeout.milliseconds)
            // librdkafka wants it no longer than the transaction.
            let wait = min(configuration.deliveryTimeout, configuration.transactionTimeout)
            defaults["message.timeout.ms"] = String(max(1, wait.milliseconds))
        }
        let settings = try ClientSettings(.producer, client, defaults: defaults, fixed: fixed)
        let loop = try await ProducerLoop.open(
            settings,
            transactionTimeout: configuration.transactionTimeout,
            logger: logger
        )
        return Producer(loop)
    }

    /// Sends `batch` and waits until every record has its outcome; the other way is ``produce(_:)``.
    ///
    /// See ``Log/LogProducer/send(_:)``. Costs one copy into the batch, one into librdkafka, and a wait per batch.
    public func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult] {
        guard !batch.isEmpty else { return [] }
        let start = ContinuousClock.now
        let tracker = DeliveryTracker(count: batch.count)
        do throws(LogError) {
            try loop.enter(tracker)
        } catch {
            tracker.discard()
            throw error
        }
        let topics = unsafe batch.topics.map { unsafe loop.topicHandle($0) }
        var next = 0
        var refusal: LogError?
        while true {
            let generation = loop.generation.current
            next = unsafe loop.enqueue(batch, from: next, to: topics, tracker)
            guard next < batch.count else { break }
            if loop.serveBeside() { continue }
            do throws(LogError) {
                try await loop.waitForRoom(since: generation)
            } catch {
                refusal = error
                for index in next..<batch.count { tracker.refuse(index, RD_KAFKA_RESP_ERR__QUEUE_FULL) }
                break
            }
        }
        loop.leave()
        tracker.finishSending()
        await tracker.finished()
        loop.forget(tracker)
        let results = refusal.map { tracker.results(of: batch, refusedFrom: next, $0) } ?? tracker.results(of: batch)
        return loop.handle.explained(results, since: start)
    }

    /// Hands records over from memory that the caller lends; their outcomes come by ``reports``.
    ///
    /// Calls `body` with a writer, and again, after it has suspended for room, whenever `body` returned because an append
    /// was refused; so `body` keeps its own place:
    ///
    ///     var index = 0
    ///     try await producer.produce { writer in
    ///         while index < batch.count, writer.append(
    ///             topic: "out", key: batch[index].key, value: batch[index].value, token: UInt64(index)
    ///         ) {
    ///             index += 1
    ///         }
    ///     }
    ///
    /// `body` runs on the caller's thread and never blocks. Records of one partition are written in the order in which they
    /// were handed over. May be called from several tasks, also beside ``send(_:)``.
    ///
    /// - Important: ``reports`` must be read meanwhile, by another task: with as many unread reports as the queue has room
    ///   (`queue.buffering.max.messages`) this suspends until some are read.
    /// - Returns: how many records were taken; each gets exactly one report.
    /// - Throws: when the producer as a whole is of no use (closed, fatal), and ``Log/LogError/Code/queueFull`` when the task
    ///   is cancelled while it waits for room. What was taken before is reported as ever.
    @discardableResult
    public func produce(_ body: (inout RecordWriter) -> Void) async throws(LogError) -> Int {
        try loop.enter()
        defer { loop.leave() }
        var writer = RecordWriter(loop)
        while true {
            let generation = loop.generation.current
            if loop.hasRoomForReports {
                writer.isFull = false
                body(&writer)
                writer.dropHeaders()
                guard writer.isFull else { return writer.count }
                if loop.serveBeside() { continue }
            }
            try await loop.waitForRoom(since: generation)
        }
    }

    /// The delivery reports of ``produce(_:)``, in batches, from the producer's opening to its end: one stream, meant for
    /// one task. It ends when the producer is closed and every report was read.
    public var reports: DeliveryReports { DeliveryReports(queue: loop.reports) }

    /// Whether a record handed over now would have to wait for room; see ``Log/LogProducer/queueIsFull``.
    public var queueIsFull: Bool { loop.isFull }

    /// Records that were handed over and have no outcome yet.
    public var outstanding: Int { loop.outstanding }

    /// Hands everything over to the brokers without lingering and waits until nothing is outstanding, records included that
    /// are handed over meanwhile; at most for `deadline` (and 50 ms).
    ///
    /// Says nothing of whether records were acknowledged: that is in their reports, which have all come when it returns
    /// ``FlushOutcome/complete``. A flush changes nothing for a record that is not acknowledged in time.
    public func flush(within deadline: Duration) async -> FlushOutcome {
        await loop.flush(within: deadline)
    }

    /// Gives up on outstanding records (`rd_kafka_purge`); their reports, ``Log/LogError/name`` `_PURGE_QUEUE` and
    /// `_PURGE_INFLIGHT`, follow soon after the return.
    public func purge(_ scope: PurgeScope) async {
        await loop.purge(scope.flags)
    }

    /// Opens a transaction (`rd_kafka_begin_transaction`); no broker is asked.
    public func beginTransaction() async throws(TransactionError) {
        try await onOwnerThread { [loop] () throws(TransactionError) in try loop.begin() }
    }

    /// Adds offsets to the open transaction under the consumer's generation, so that a member that lost its partitions is
    /// refused (KIP-447, `rd_kafka_send_offsets_to_transaction`). Tried again within the transaction's timeout.
    public func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(TransactionError) {
        guard let group = group as? GroupMetadata else {
            throw .fatal(.configuration("the group metadata comes from a consumer of another log"))
        }
        try await onOwnerThread { [loop] () throws(TransactionError) in try loop.sendOffsets(offsets, of: group) }
    }

    /// See ``Log/LogProducer/commitTransaction()`` (`rd_kafka_commit_transaction`).
    public func commitTransaction() async throws(TransactionError) {
        try await onOwnerThread { [loop] () throws(TransactionError) in try loop.commit() }
    }

    /// See ``Log/LogProducer/abortTransaction()`` (`rd_kafka_abort_transaction`). Records under way are purged.
    public func abortTransaction() async throws(TransactionError) {
        try await onOwnerThread { [loop] () throws(TransactionError) in try loop.abort() }
    }

    private func onOwnerThread(
        _ body: @escaping @Sendable () throws(TransactionError) -> Void
    ) async throws(TransactionError) {
        let result: Result<Void, TransactionError>
        do throws(LogError) {
            result = try await loop.commands.run {
                do throws(TransactionError) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .fatal(error)
        }
        try result.get()
    }

    /// Ends the producer: refuses new records, waits up to `deadline` for what is outstanding, fails the rest.
    ///
    /// In this order: senders that wait for room are answered; a transaction that is open is aborted, else the queue is
    /// flushed, within `deadline`; what is left is purged; every report that has come is delivered; the client is
    /// destroyed and ``reports`` ends. An acknowledgement that arrives in that time is never lost: each record handed over
    /// gets one outcome, and one that is purged while a broker has it says that it may be written.
    ///
    /// Returns within `deadline` and 5 s, whether brokers are there, gone or silent. A transaction call that is under way is
    /// waited for first, at most its own timeout. A second call waits for the first.
    public func close(within deadline: Duration) async {
        await loop.close(within: deadline)
    }
}

/// How ``Producer/flush(within:)`` ended.
public enum FlushOutcome: Sendable, Hashable {
    /// Every record that was handed over has its outcome.
    case complete
    /// So many records had none at the deadline.
    case outstanding(Int)
}

/// Which records ``Producer/purge(_:)`` gives up on.
public enum PurgeScope: Sendable, Hashable {
    /// Those that no broker has been sent; they are certainly not written.
    case queued
    /// Those that a broker has been sent and not acknowledged, too; whether these are written is unknown.
    case everything

    var flags: Int32 {
        switch self {
        case .queued: RD_KAFKA_PURGE_F_QUEUE
        case .everything: RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT
        }
    }
}
