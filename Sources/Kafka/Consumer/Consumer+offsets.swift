internal import CLibrdkafka
public import Log

/// What the client knows of a partition's bounds without asking.
public struct CachedWatermarks: Sendable, Hashable {
    /// The first offset that is still there; `nil` until librdkafka has learnt it, which it does by statistics only.
    public let low: Offset?
    /// The offset after the last record, as the last fetch saw it.
    public let high: Offset?
}

extension Consumer {
    /// The group's committed offsets of `partitions`; partitions without one are absent (`rd_kafka_committed`).
    /// - Throws: the first partition's error, or ``Log/LogError/Code/timedOut`` after 15 s.
    public func committed(
        _ partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        try await loop.committed(partitions)
    }

    /// Commits and waits for the broker's answer, for at most 15 s (`rd_kafka_commit_queue`).
    ///
    /// Several commits may be under way: they reach the coordinator in the order of the calls. Reading goes on meanwhile.
    /// Only partitions that are assigned can be committed: from the answer to their assignment to the answer to their revoke.
    /// - Throws: the error of the lowest partition that failed; the others may be committed. After
    ///   ``Log/LogError/Code/timedOut`` it is not known whether it took effect.
    ///   ``Log/LogError/Code/staleGeneration`` for a partition that is not assigned, or when the group has gone on without
    ///   this member: read on, and commit what the next assignment brings.
    public func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) {
        for (_, outcome) in try await commit(each: offsets).sorted(by: { $0.key < $1.key }) { _ = try outcome.get() }
    }

    /// As ``commit(_:)``, and tells the outcome of each partition.
    /// - Throws: only where the request as a whole has no answer or was refused.
    public func commit(
        each offsets: [TopicPartition: CommittedOffset]
    ) async throws(LogError) -> [TopicPartition: Result<CommittedOffset, LogError>] {
        try await loop.commit(offsets)
    }

    /// Marks what may be committed: for each partition the offset to go on at after a restart, which is one more than the
    /// last message that is done with (`rd_kafka_offsets_store`).
    ///
    /// It is committed by the next automatic commit of ``ConsumerOptions/Commits/stored(every:)``, and never without that.
    /// - Throws: the first partition's error, `_STATE` for one that is not assigned.
    public func store(_ offsets: [TopicPartition: Offset]) async throws(LogError) {
        try await loop.commands.run { [loop] () throws(LogError) in try loop.store(offsets) }
    }

    /// The offset that `partition` goes on at: after the last message that was handed out, or where the last seek or the
    /// answered assignment put it. `nil` where nothing of this is known, as with a partition that starts at its committed
    /// offset and has brought nothing yet.
    public func position(of partition: TopicPartition) async throws(LogError) -> Offset? {
        try await loop.commands.run { [loop] () throws(LogError) in loop.positions[partition] }
    }

    /// The bounds of `partition` from the broker; the upper one is where committed records end.
    /// - Throws: ``Log/LogError/Code/unknownTopicOrPartition``, or ``Log/LogError/Code/timedOut`` after 15 s.
    public func watermarks(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        try await loop.bounds(of: partition)
    }

    /// The bounds of `partition` as the client knows them, without a request; `nil` where it knows none
    /// (`rd_kafka_get_watermark_offsets`). Any thread.
    public func cachedWatermarks(of partition: TopicPartition) -> CachedWatermarks? {
        loop.cachedWatermarks(of: partition)
    }

    /// For each partition the first offset whose record is not older than its time, in one request per broker
    /// (`rd_kafka_offsets_for_times`); partitions without such a record are absent.
    /// - Throws: the first partition's error, or ``Log/LogError/Code/timedOut`` after 15 s.
    public func offsets(at times: [TopicPartition: Timestamp]) async throws(LogError) -> [TopicPartition: Offset] {
        try await loop.offsets(at: times)
    }

    /// See ``Log/LogConsumer/groupMetadata()``.
    /// - Throws: ``Log/LogError/Code/staleGeneration`` where the consumer is in no group.
    public func groupMetadata() async throws(LogError) -> any ConsumerGroupMetadata {
        try await loop.commands.run { [loop] () throws(LogError) -> GroupMetadata in try loop.groupMetadata() }
    }

    /// See ``Log/LogConsumer/knownEnd(of:)``.
    public func knownEnd(of partition: TopicPartition) -> Offset? {
        loop.cachedWatermarks(of: partition)?.high
    }
}
