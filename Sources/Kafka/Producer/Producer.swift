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

    public func send(_ batch: ProduceBatch) async throws(LogError) -> [ProduceResult] {
        guard !batch.isEmpty else { return [] }
        try loop.enter()
        let start = ContinuousClock.now
        let tracker = DeliveryTracker(count: batch.count)
        let topics = unsafe loop.topicHandles(batch.topics)
        var next = unsafe loop.enqueue(batch, from: 0, to: topics, tracker)
        while next < batch.count {
            if await loop.waitForRoom() {
                next = unsafe loop.enqueue(batch, from: next, to: topics, tracker)
            } else {
                for index in next..<batch.count { tracker.refuse(index, RD_KAFKA_RESP_ERR__DESTROY) }
                break
            }
        }
        loop.leave()
        tracker.finishSending()
        await tracker.finished()
        return loop.handle.explained(tracker.results(of: batch), since: start)
    }

    public var queueIsFull: Bool { loop.isFull }

    public func beginTransaction() async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.begin() }
    }

    public func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: any ConsumerGroupMetadata
    ) async throws(LogError) {
        guard let group = group as? GroupMetadata else {
            throw .configuration("the group metadata comes from a consumer of another log")
        }
        try await loop.commands.run { [loop] () throws(LogError) in try loop.sendOffsets(offsets, of: group) }
    }

    public func commitTransaction() async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.commit() }
    }

    public func abortTransaction() async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.abort() }
    }

    /// Waits up to `deadline` for outstanding records, fails the rest, ends the producer. Returns within `deadline` and
    /// 5 s; an open transaction is aborted within the same time. A transaction call that is under way is waited for
    /// first, at most its own timeout.
    public func close(within deadline: Duration) async {
        await loop.close(within: deadline)
    }
}
