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

    /// Commits what is assigned; one outcome per partition.
    ///
    /// The rest is refused here and never sent. A coordinator answers the commit of somebody who is no longer a member with
    /// UNKNOWN_MEMBER_ID, and librdkafka takes that answer, however late it comes, for the end of its membership of *now*: it
    /// forgets the member id that it has just been given and joins anew. Somebody who goes on trying to commit while
    /// librdkafka joins would keep it out of the group for ever.
    func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(LogError) -> CommitDesk.Outcome {
        let result: Result<CommitDesk.Outcome, LogError> = await withCheckedContinuation { continuation in
            commands.submit { isOpen in
                guard isOpen else { return continuation.resume(returning: .failure(.closedClient)) }
                let isLost = unsafe rd_kafka_assignment_lost(self.handle.pointer) != 0
                let held = isLost ? [:] : offsets.filter { self.ledger.assigned.contains($0.key) }
                self.commits.send(held, answer: continuation)
            }
        }
        var outcome = try result.get()
        for partition in offsets.keys where outcome[partition] == nil {
            outcome[partition] = .failure(.notAssigned(partition))
        }
        return outcome
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
        if let fatal { return demand.answer.resume(returning: .failure(fatal)) }
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
    ///
    /// Not by `rd_kafka_query_watermark_offsets`: in 2.0.2 it waits for ever, whatever its timeout, when the consumer is
    /// closed meanwhile. Times -2 and -1 are the log's start and end in Kafka's ListOffsets request, which
    /// `rd_kafka_offsets_for_times` sends.
    func bounds(of partition: TopicPartition) async throws(LogError) -> Range<Offset> {
        try await request { (handle) throws(LogError) in
            let action = "query the bounds"
            let deadline = ContinuousClock.now.advanced(by: Self.requestTimeout)
            var bounds: [Int64] = []
            for time in [RD_KAFKA_OFFSET_BEGINNING, RD_KAFKA_OFFSET_END] {
                let wait = ContinuousClock.now.duration(to: deadline)
                let list = try Self.lookUp([partition: Offset(Int64(time))], of: handle, within: wait, cannot: action)
                bounds.append(list.elements.first?.offset ?? -1)
            }
            guard bounds[0] >= 0 else { throw .timedOut(action, after: Self.requestTimeout) }
            return Offset(bounds[0])..<Offset(max(bounds[0], bounds[1]))
        }
    }

    /// Offsets for times, one request per leader; partitions without a record that late are absent.
    func offsets(at times: [TopicPartition: Timestamp]) async throws(LogError) -> [TopicPartition: Offset] {
        guard !times.isEmpty else { return [:] }
        return try await request { (handle) throws(LogError) in
            let list = try Self.lookUp(
                times.mapValues { Offset($0.rawValue) },
                of: handle,
                within: Self.requestTimeout,
                cannot: "look up a time"
            )
            var offsets: [TopicPartition: Offset] = [:]
            for element in list.elements where element.offset >= 0 {
                offsets[element.partition] = Offset(element.offset)
            }
            return offsets
        }
    }

    /// Blocks for at most `wait`. The list carries times in and offsets out (rdkafka.h, `rd_kafka_offsets_for_times`).
    private static func lookUp(
        _ times: [TopicPartition: Offset],
        of handle: ClientHandle,
        within wait: Duration,
        cannot action: String
    ) throws(LogError) -> PartitionList {
        let list = PartitionList(times.keys, at: times)
        let code = unsafe rd_kafka_offsets_for_times(handle.pointer, list.pointer, wait.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let what = times.keys.first.map { times.count == 1 ? "\($0)" : "\(times.count) partitions" } ?? "nothing"
            throw LogError(code, cannot: "\(action) of \(what)")
        }
        try list.check(cannot: action)
        return list
    }
}

extension LogError {
    fileprivate static func notAssigned(_ partition: TopicPartition) -> LogError {
        LogError(
            .staleGeneration,
            name: "_ASSIGNMENT_LOST",
            message: "cannot commit the offset of \(partition): it is not assigned to this consumer, or no longer"
        )
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
