internal import CLibrdkafka
public import Log
public import Logging

/// A member of a consumer group that hands out batches of borrowed messages.
///
/// One thread owns the client: it polls, answers the group, closes and destroys. ``next(wait:)`` has one caller at a time,
/// as ``Log/LogConsumer`` says; every other call may come from any task at any time, also while ``next(wait:)`` waits, and
/// none of them keeps the thread from polling. A consumer that is dropped without ``close()`` closes itself.
///
/// Batches stay valid after ``close()``; the client's memory is freed with the last of them.
///
/// ```swift
/// for try await batch in consumer.batches {
///     batch.forEach { message in … }
///     try await consumer.commit(…)
/// }
/// ```
public final class Consumer: LogConsumer {
    /// What the consumer was opened with.
    public let options: ConsumerOptions
    let loop: PollLoop
    private let cursor = MessageCursor()

    private init(_ loop: PollLoop, _ options: ConsumerOptions) {
        self.loop = loop
        self.options = options
    }

    deinit {
        loop.abandon()
    }

    /// Opens a member of a group. No request is sent before the first poll.
    /// - Parameters:
    ///   - configuration: group, topics and bounds.
    ///   - options: who commits, and whether partitions are read each by itself.
    ///   - client: how to reach the cluster.
    ///   - logger: takes librdkafka's log lines, at `info` and below.
    /// - Returns: an open consumer; the caller closes it.
    /// - Throws: ``Log/LogError/Code/configuration`` where librdkafka refuses a property or a topic name.
    public static func open(
        _ configuration: ConsumerConfiguration,
        options: ConsumerOptions = ConsumerOptions(),
        client: ClientConfiguration,
        logger: Logger
    ) async throws(LogError) -> Consumer {
        guard !configuration.topics.isEmpty else { throw .configuration("a consumer needs at least one topic") }
        guard configuration.maxBatch > 0 else { throw .configuration("maxBatch must be 1 or more") }
        let settings = try settings(configuration, options, client)
        let topics = configuration.topics
        let loop = try await PollLoop.open(
            settings,
            batchLimit: configuration.maxBatch,
            isPartitioned: options.delivery != .together,
            logger: logger
        ) { (loop) throws(LogError) in
            let list = PartitionList(topics.map { TopicPartition($0, PartitionID(rawValue: -1)) })
            let code = unsafe rd_kafka_subscribe(loop.handle.pointer, list.pointer)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "subscribe") }
        }
        return Consumer(loop, options)
    }

    private static func settings(
        _ configuration: ConsumerConfiguration,
        _ options: ConsumerOptions,
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
        if case .stored(let interval) = options.commits {
            guard interval.milliseconds > 0 else { throw .configuration("offsets are committed every 1 ms or more") }
            fixed["enable.auto.commit"] = "true"
            fixed["auto.commit.interval.ms"] = String(interval.milliseconds)
        }
        // librdkafka counts per queue, and partitions that are read each by itself have a queue each.
        var share = configuration.fetchBudget
        if case .perPartition(let expected) = options.delivery {
            guard expected > 0 else { throw .configuration("a consumer must expect at least one partition") }
            share /= expected
        }
        return try ClientSettings(
            .consumer,
            client,
            defaults: [
                "partition.assignment.strategy": "cooperative-sticky",
                "session.timeout.ms": String(session),
                "heartbeat.interval.ms": String(max(1, min(3000, session / 3))),
                "queued.max.messages.kbytes": String(max(1, share / 1024)),
                "check.crcs": "true",
                // A partition without data must not hold back the others' answers for long.
                "fetch.wait.max.ms": "100",
                "topic.metadata.refresh.interval.ms": "30000",
            ],
            fixed: fixed
        )
    }

    /// See ``Log/LogConsumer/next(wait:)``. A cancelled task gets ``Log/ConsumerEvent/idle`` at once. With
    /// ``ConsumerOptions/Delivery/perPartition(expecting:)`` there are no batches here.
    /// - Throws: as ``Log/LogConsumer/next(wait:)``. An error that ``Log/LogError/isFatal`` has ended the client (another
    ///   member with the same instance id, for example): from then on every call throws it, those of
    ///   ``PartitionReader/next(wait:)`` too, until ``close()``. Messages that were not handed out and rebalances that were not
    ///   told of are withheld; the group's next owner reads from the last commit.
    public func next(wait: Duration) async throws(LogError) -> ConsumerEvent {
        switch try await loop.next(wait: wait) {
        case .batch(let batch): .batch(batch)
        case .rebalance(let rebalance): .rebalance(rebalance)
        case .end, .idle: .idle
        case .closed: .closed
        }
    }

    /// Single messages, for convenience: see ``Log/ConsumerMessages``. Rebalances are answered at once. Every loop over this
    /// property goes on where the one before stopped, inside a batch too; ``Log/LogConsumer/batches`` and ``next(wait:)`` do
    /// not see what is left of that batch.
    public var messages: ConsumerMessages { ConsumerMessages(batches, from: cursor) }

    /// See ``Log/LogConsumer/complete(_:from:)``.
    /// - Throws: what librdkafka says to the assignment; the rebalance counts as answered then.
    @discardableResult
    public func complete(
        _ rebalance: Rebalance,
        from positions: [TopicPartition: Offset]
    ) async throws(LogError) -> Bool {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.complete(rebalance, from: positions) }
    }

    /// Stops fetching `partitions`; see ``Log/LogConsumer/pause(_:)``. Partitions that are not assigned are passed over
    /// (`rd_kafka_pause_partitions`).
    public func pause(_ partitions: [TopicPartition]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.pause(partitions) }
    }

    /// Goes on with `partitions` where they were paused (`rd_kafka_resume_partitions`).
    public func resume(_ partitions: [TopicPartition]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.resume(partitions) }
    }

    /// Continues to read `partition` at `offset`; see ``Log/LogConsumer/seek(_:to:)`` (`rd_kafka_seek_partitions`). No
    /// broker is asked.
    /// - Throws: where the partition is not assigned, or not being read yet: pass the position to
    ///   ``complete(_:from:)`` instead of seeking right after it.
    public func seek(_ partition: TopicPartition, to offset: Offset) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.seek(partition, to: offset) }
    }

    /// A reader of one assigned partition, for consumers opened with ``ConsumerOptions/Delivery/perPartition(expecting:)``.
    /// - Throws: an error named `_STATE` where partitions are read together, or where this one is not assigned.
    public func partition(_ partition: TopicPartition) async throws(LogError) -> PartitionReader {
        try await loop.commands.run { [loop] () throws(LogError) in
            guard let lanes = loop.lanes else {
                throw LogError(
                    .configuration,
                    name: "_STATE",
                    message: "cannot read \(partition) by itself: open the consumer with delivery .perPartition"
                )
            }
            guard let number = lanes.number(of: partition) else {
                throw LogError(
                    .staleGeneration,
                    name: "_STATE",
                    message: "cannot read \(partition): it is not assigned to this consumer"
                )
            }
            return PartitionReader(partition, number, loop)
        }
    }

    /// How the consumer stands towards `max.poll.interval.ms`; any thread, without waiting, also after ``close()``.
    public var pollStatus: PollStatus { loop.record.status }

    /// Leaves the group and returns when that is done, in at most 10 s whatever the brokers do.
    ///
    /// In this order: a waiting ``next(wait:)`` ends with `closed` and every ``PartitionReader`` with `ended`; commits under
    /// way are waited for, and fail when the time is over; open rebalances are answered; stored offsets are committed
    /// (``ConsumerOptions/Commits/stored(every:)``); the group is left. Messages that were not handed out are dropped; the
    /// group's next member reads them. Requests under way end by themselves within 15 s and do not hold back the close.
    ///
    /// With librdkafka before 2.3.0, a member that has joined and not been assigned stays for its first assignment, for up
    /// to 8 s of the 10: destroyed in between, such a client aborts the process (librdkafka's issue 4312). Past that bound
    /// the client is left to the end of the process.
    public func close() async {
        await loop.close()
    }
}
