internal import CLibrdkafka
internal import Log

/// Requests about offsets. They block the owner thread, each for at most ``requestTimeout``.
extension PollLoop {
    func committed(
        _ partitions: [TopicPartition]
    ) throws(LogError) -> [TopicPartition: CommittedOffset] {
        let list = PartitionList(Set(partitions))
        let code = unsafe rd_kafka_committed(handle.pointer, list.pointer, Self.requestTimeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "fetch committed offsets") }
        try list.check(cannot: "fetch the committed offset")
        var result: [TopicPartition: CommittedOffset] = [:]
        for element in list.elements where element.offset >= 0 {
            result[element.partition] = CommittedOffset(Offset(element.offset), metadata: element.metadata)
        }
        return result
    }

    func commit(_ offsets: [TopicPartition: CommittedOffset]) throws(LogError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(committing: offsets)
        guard let queue = unsafe rd_kafka_queue_new(handle.pointer) else { throw .closedClient }
        defer { unsafe rd_kafka_queue_destroy(queue) }
        let code = unsafe rd_kafka_commit_queue(handle.pointer, list.pointer, queue, nil, nil)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "commit offsets") }
        let deadline = ContinuousClock.now.advanced(by: Self.requestTimeout)
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else { throw .timedOut("commit offsets", after: Self.requestTimeout) }
            guard let event = unsafe rd_kafka_queue_poll(queue, remaining.milliseconds) else { continue }
            defer { unsafe rd_kafka_event_destroy(event) }
            guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_OFFSET_COMMIT else { continue }
            return try unsafe Self.check(event)
        }
    }

    private static func check(_ event: OpaquePointer) throws(LogError) {
        let code = unsafe rd_kafka_event_error(event)
        // Partition errors say more than the summary.
        if let answered = unsafe rd_kafka_event_topic_partition_list(event) {
            for element in unsafe PartitionList.elements(of: answered) where element.error != RD_KAFKA_RESP_ERR_NO_ERROR
            {
                throw LogError(element.error, cannot: "commit the offset of \(element.partition)")
            }
        }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "commit offsets") }
    }

    func groupMetadata() throws(LogError) -> GroupMetadata {
        guard let metadata = unsafe rd_kafka_consumer_group_metadata(handle.pointer) else {
            throw LogError(
                .staleGeneration,
                name: "_STATE",
                message: "cannot get the group's metadata: the consumer is in no group"
            )
        }
        return unsafe GroupMetadata(metadata)
    }

    /// The cached high watermark; any thread.
    func knownEnd(of partition: TopicPartition) -> Offset? {
        let end: Int64? = commands.whileOpen {
            var low: Int64 = -1
            var high: Int64 = -1
            let code = unsafe rd_kafka_get_watermark_offsets(
                handle.pointer,
                partition.topic.rawValue,
                partition.partition.rawValue,
                &low,
                &high
            )
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ? high : -1
        }
        guard let end, end >= 0 else { return nil }
        return Offset(end)
    }

    /// The watermarks, from the broker.
    func bounds(of partition: TopicPartition) throws(LogError) -> Range<Offset> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_query_watermark_offsets(
            handle.pointer,
            partition.topic.rawValue,
            partition.partition.rawValue,
            &low,
            &high,
            Self.requestTimeout.milliseconds
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw LogError(code, cannot: "query the bounds of \(partition)")
        }
        return Offset(low)..<Offset(max(low, high))
    }

    func offset(in partition: TopicPartition, at time: Timestamp) throws(LogError) -> Offset? {
        let list = PartitionList([partition], at: [partition: Offset(time.rawValue)])
        let code = unsafe rd_kafka_offsets_for_times(handle.pointer, list.pointer, Self.requestTimeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw LogError(code, cannot: "look up a time in \(partition)")
        }
        try list.check(cannot: "look up a time")
        return list.elements.first.flatMap { $0.offset >= 0 ? Offset($0.offset) : nil }
    }
}

/// A snapshot of group id, generation and member id (`rd_kafka_consumer_group_metadata_t`), immutable once made, hence
/// `@unchecked Sendable`.
@safe final class GroupMetadata: ConsumerGroupMetadata, @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes `pointer` over.
    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe rd_kafka_consumer_group_metadata_destroy(pointer)
    }
}
