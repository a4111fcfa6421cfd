internal import CLibrdkafka
public import Log
public import Logging

/// A member of a consumer group that hands out batches of borrowed messages.
///
/// One thread owns the client: it polls, answers the group, closes and destroys. Calls come from any task, one at a
/// time as ``Log/LogConsumer`` says; a consumer that is dropped without ``close()`` closes itself.
///
/// Batches stay valid after ``close()``; the client's memory is freed with the last of them.
public final class Consumer: LogConsumer {
    private let loop: PollLoop

    private init(_ loop: PollLoop) {
        self.loop = loop
    }

    deinit {
        loop.abandon()
    }

    /// Opens a member of a group. No request is sent before the first poll.
    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property or a topic name.
    public static func open(
        _ configuration: ConsumerConfiguration,
        client: ClientConfiguration,
        logger: Logger
    ) async throws(LogError) -> Consumer {
        guard !configuration.topics.isEmpty else { throw .configuration("a consumer needs at least one topic") }
        guard configuration.maxBatch > 0 else { throw .configuration("maxBatch must be 1 or more") }
        let settings = try settings(configuration, client)
        let topics = configuration.topics
        let loop = try await PollLoop.open(settings, batchLimit: configuration.maxBatch, logger: logger) {
            (loop) throws(LogError) in
            let list = PartitionList(topics.map { TopicPartition($0, PartitionID(rawValue: -1)) })
            let code = unsafe rd_kafka_subscribe(loop.handle.pointer, list.pointer)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "subscribe") }
        }
        return Consumer(loop)
    }

    private static func settings(
        _ configuration: ConsumerConfiguration,
        _ client: ClientConfiguration
    ) throws(LogError) -> ClientSettings {
        let session = Int(configuration.sessionTimeout.milliseconds)
        var fixed = [
            "group.id": configuration.group,
            "enable.auto.commit": "false",
            "enable.auto.offset.store": "false",
            "auto.offset.reset": configuration.start.rawValue,
            "isolation.level": "read_committed",
        ]
        fixed["group.instance.id"] = configuration.instanceID
        return try ClientSettings(
            .consumer,
            client,
            defaults: [
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": String(session),
                "heartbeat.interval.ms": String(max(1, min(3000, session / 3))),
                "queued.max.messages.kbytes": String(max(1, configuration.fetchBudget / 1024)),
                "check.crcs": "true",
                // A partition without data must not hold back the others' answers for long.
                "fetch.wait.max.ms": "100",
                "topic.metadata.refresh.interval.ms": "30000",
            ],
            fixed: fixed
        )
    }

    public func next(wait: Duration) async throws(LogError) -> ConsumerEvent {
        switch try await loop.next(wait: wait) {
        case .batch(let batch): .batch(batch)
        case .rebalance(let rebalance): .rebalance(rebalance)
        case .end, .idle: .idle
        case .closed: .closed
        }
    }

    @discardableResult
    public func complete(
        _ rebalance: Rebalance,
        from positions: [TopicPartition: Offset]
    ) async throws(LogError) -> Bool {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.complete(rebalance, from: positions) }
    }

    public func committed(
        _ partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.committed(partitions) }
    }

    public func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.commit(offsets) }
    }

    public func pause(_ partitions: [TopicPartition]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.pause(partitions) }
    }

    public func resume(_ partitions: [TopicPartition]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.resume(partitions) }
    }

    public func seek(_ partition: TopicPartition, to offset: Offset) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.seek(partition, to: offset) }
    }

    public func groupMetadata() async throws(LogError) -> any ConsumerGroupMetadata {
        try await loop.commands.run { [loop] () throws(LogError) -> GroupMetadata in try loop.groupMetadata() }
    }

    public func knownEnd(of partition: TopicPartition) -> Offset? {
        loop.knownEnd(of: partition)
    }

    /// Leaves the group and returns when that is done: at most 10 s, and 15 s more when a request is under way.
    public func close() async {
        await loop.close()
    }
}
