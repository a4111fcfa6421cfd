internal import CLibrdkafka
internal import Log

/// Requests about offsets.
extension PollLoop {
    /// Runs a blocking call on a thread of its own and returns what it returns. The call must end by itself.
    ///
    /// The call holds the client as a batch does, so that a close in the meantime is safe and does not wait; the memory of
    /// the client is freed when the call is over.
    func request<R: Sendable>(
        _ body: @escaping @Sendable (ClientHandle) throws(LogError) -> R
    ) async throws(LogError) -> R {
        guard commands.whileOpen({ handle.lend() }) != nil else { throw .closedClient }
        let result: Result<R, LogError> = await withCheckedContinuation { [handle] continuation in
            do throws(LogError) {
                try OwnerThread.start(named: "kafka-request") {
                    let result: Result<R, LogError>
                    do throws(LogError) {
                        result = .success(try body(handle))
                    } catch {
                        result = .failure(error)
                    }
                    handle.giveBack()
                    continuation.resume(returning: result)
                }
            } catch {
                handle.giveBack()
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }

    func committed(_ partitions: [TopicPartition]) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        try await request { (handle) throws(LogError) in
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
    }

    /// Commits; one outcome per partition.
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) -> CommitDesk.Outcome {
        let result: Result<CommitDesk.Outcome, LogError> = await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume(returning: .failure(.closedClient)) }
                self.commits.send(offsets, answer: continuation)
            }
        }
        return try result.get()
    }

    /// Stores offsets for the next automatic commit; owner thread only.
    func store(_ offsets: [TopicPartition: Offset]) throws(LogError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets.keys, at: offsets)
        let code = unsafe rd_kafka_offsets_store(handle.pointer, list.pointer)
        try list.check(cannot: "store the offset")
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "store offsets") }
    }

    func register(_ demand: Demand<PartitionReader.Event>, for partition: TopicPartition, _ number: UInt64) {
        guard let lanes else { return demand.answer.resume(returning: .success(.ended)) }
        lanes.register(demand, for: partition, number)
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

    /// The watermarks that the last answers of the broker brought; any thread.
    func cachedWatermarks(of partition: TopicPartition) -> CachedWatermarks? {
        guard commands.whileOpen({ handle.lend() }) != nil else { return nil }
        defer { handle.giveBack() }
        var low: Int64 = -1
        var high: Int64 = -1
        let code = unsafe rd_kafka_get_watermark_offsets(
            handle.pointer,
            partition.topic.rawValue,
            partition.partition.rawValue,
            &low,
            &high
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, low >= 0 || high >= 0 else { return nil }
        return CachedWatermarks(low: low >= 0 ? Offset(low) : nil, high: high >= 0 ? Offset(high) : nil)
    }

    /// The watermarks, from the broker.
    func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        try await request { (handle) throws(LogError) in
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
    }

    /// Offsets for times, one request per leader; partitions without a record that late are absent.
    func offsets(at times: [TopicPartition: Timestamp]) async throws(LogError) -> [TopicPartition: Offset] {
        guard !times.isEmpty else { return [:] }
        return try await request { (handle) throws(LogError) in
            // The list carries the times in and the offsets out (rdkafka.h, rd_kafka_offsets_for_times).
            let list = PartitionList(times.keys, at: times.mapValues { Offset($0.rawValue) })
            let wait = Self.requestTimeout.milliseconds
            let code = unsafe rd_kafka_offsets_for_times(handle.pointer, list.pointer, wait)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: "look up times") }
            try list.check(cannot: "look up a time")
            var offsets: [TopicPartition: Offset] = [:]
            for element in list.elements where element.offset >= 0 {
                offsets[element.partition] = Offset(element.offset)
            }
            return offsets
        }
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
