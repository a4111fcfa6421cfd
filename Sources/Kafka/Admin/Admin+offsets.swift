internal import CLibrdkafka
public import Log

extension Admin {
    /// Finds offsets of partitions, by one request per broker that leads some of them (KIP-396).
    ///
    /// A partition that does not exist is a failure ``Log/LogError/Code/unknownTopicOrPartition``.
    /// ``OffsetSpecification/maxTimestamp`` fails with the name `_UNSUPPORTED_FEATURE` where librdkafka or the broker is too
    /// old for it.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func listOffsets(
        _ specifications: [TopicPartition: OffsetSpecification],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicPartition, ListedOffset> {
        let deadline = Deadline(within)
        return try await each(
            of: specifications.keys.sorted(),
            cannot: "list an offset of"
        ) {
            Self.refusal(of: $0.topic)
        } ask: { [loop] (partitions) throws(LogError) in
            let wanted = specifications.filter { partitions.contains($0.key) }
            guard let newer = LaterFunctions.listOffsets else {
                return try await loop.block("list offsets", within: deadline) { (client) throws(LogError) in
                    try Self.find(wanted, client, within: deadline)
                }
            }
            return try await loop.request("list offsets", within: deadline) { request in
                let list = PartitionList(wanted.keys, at: wanted.mapValues(\.time))
                unsafe newer.send(request.client, list.pointer, request.options, request.results)
            } _: { (event) throws(LogError) in
                var results: AdminResults<TopicPartition, ListedOffset> = [:]
                for (element, time) in try newer.offsets(of: event) {
                    results[element.partition] = element.found(at: time < 0 ? nil : Timestamp(milliseconds: time))
                }
                return results
            }
        }
    }

    /// By `rd_kafka_offsets_for_times`, which takes the ListOffsets request's own numbers for the two ends. It waits for
    /// the leader of a partition that does not exist: those are found out before.
    private static func find(
        _ wanted: [TopicPartition: OffsetSpecification],
        _ client: ClientHandle,
        within deadline: Deadline
    ) throws(LogError) -> AdminResults<TopicPartition, ListedOffset> {
        let names = Set(wanted.keys.map(\.topic)).sorted()
        let topics = try describe(names, client, within: deadline)
        var results: AdminResults<TopicPartition, ListedOffset> = [:]
        for (partition, specification) in wanted {
            if let error = refusal(of: partition, specification, in: topics[partition.topic]) {
                results[partition] = .failure(error)
            }
        }
        let times = wanted.filter { results[$0.key] == nil }.mapValues(\.time)
        guard !times.isEmpty else { return results }
        let list = PartitionList(times.keys, at: times)
        let code = unsafe rd_kafka_offsets_for_times(client.pointer, list.pointer, deadline.milliseconds)
        for element in list.elements {
            results[element.partition] =
                code == RD_KAFKA_RESP_ERR_NO_ERROR || element.error != RD_KAFKA_RESP_ERR_NO_ERROR
                ? element.found(at: nil)
                : .failure(LogError(code, cannot: "list an offset of \(element.partition)"))
        }
        return results
    }

    private static func refusal(
        of partition: TopicPartition,
        _ specification: OffsetSpecification,
        in topic: Result<TopicDescription, LogError>?
    ) -> LogError? {
        let action = "list an offset of \(partition)"
        switch topic {
        case .success(let topic) where topic.partitions.contains { $0.id == partition.partition }:
            guard specification == .maxTimestamp else { return nil }
            return LogError(
                RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE,
                cannot: action,
                detail: "the highest timestamp needs librdkafka 2.3 or newer"
            )
        case .failure(let error) where error.code != .unknownTopicOrPartition:
            return error
        default:
            return LogError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, cannot: action)
        }
    }

    /// Deletes the oldest records of partitions (KIP-107).
    ///
    /// An offset beyond the end is a failure ``Log/LogError/Code/offsetOutOfRange``, a partition that does not exist one of
    /// ``Log/LogError/Code/unknownTopicOrPartition``.
    /// - Returns: the first offset that each partition has now.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func deleteRecords(
        _ points: [TopicPartition: DeletionPoint],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicPartition, Offset> {
        try await each(
            of: points.keys.sorted(),
            cannot: "delete records of"
        ) { partition in
            if case .before(let offset) = points[partition], offset < 0 { return "the offset is negative" }
            return Self.refusal(of: partition.topic)
        } ask: { [loop] (partitions) throws(LogError) in
            let offsets = points.filter { partitions.contains($0.key) }.mapValues { point in
                switch point {
                case .before(let offset): offset
                case .end: Offset(Int64(RD_KAFKA_OFFSET_END))
                }
            }
            return try await loop.request("delete records", within: Deadline(within)) { request in
                let list = PartitionList(offsets.keys, at: offsets)
                let objects = unsafe RequestObjects(destroy: rd_kafka_DeleteRecords_destroy)
                unsafe objects.append(rd_kafka_DeleteRecords_new(list.pointer))
                unsafe request.send(objects, by: rd_kafka_DeleteRecords)
            } _: { (event) throws(LogError) in
                try event.check()
                let result = unsafe rd_kafka_event_DeleteRecords_result(event.pointer)
                guard let list = unsafe rd_kafka_DeleteRecords_result_offsets(result) else { return [:] }
                var results: AdminResults<TopicPartition, Offset> = [:]
                for element in unsafe PartitionList.elements(of: list) {
                    results[element.partition] = element.result(cannot: "delete records of", Offset(element.offset))
                }
                return results
            }
        }
    }
}

extension OffsetSpecification {
    /// As the ListOffsets request has it, where negative times are the special ones.
    fileprivate var time: Offset {
        switch self {
        case .latest: Offset(-1)
        case .earliest: Offset(-2)
        case .maxTimestamp: Offset(-3)
        case .at(let time): Offset(max(0, time.rawValue))
        }
    }
}

extension PartitionList.Element {
    fileprivate func found(at timestamp: Timestamp?) -> Result<ListedOffset, LogError> {
        let offset = offset < 0 ? nil : Offset(offset)
        return result(cannot: "list an offset of", ListedOffset(offset: offset, timestamp: timestamp))
    }
}
