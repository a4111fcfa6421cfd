internal import KafkaProtocol
internal import LogStorage

extension RequestDispatcher {
    /// ListOffsets: the first, the last, the one with the largest timestamp, or the first not before a time.
    func listOffsets(_ request: ListOffsetsRequest, _ call: Call) {
        let isolation: Isolation = request.isolationLevel == .readCommitted ? .committed : .uncommitted
        let topics = request.topics.map { topic in
            let isAllowed = node.allows(call, .describe, .topic, topic.name)
            let partitions = topic.partitions.map { partition in
                isAllowed
                    ? listOffset(topic.name, partition, isolation)
                    : ListOffsetsResponse.Partition(partition.partitionIndex, failed: .topicAuthorizationFailed)
            }
            return ListOffsetsResponse.Topic(name: topic.name, partitions: partitions)
        }
        call.answer(ListOffsetsResponse(topics: topics))
    }

    private func listOffset(
        _ topic: String,
        _ request: ListOffsetsRequest.Partition,
        _ isolation: Isolation
    ) -> ListOffsetsResponse.Partition {
        guard let partition = node.partitions[topic, request.partitionIndex] else {
            return .init(request.partitionIndex, failed: .unknownTopicOrPartition)
        }
        if let stale = staleness(of: request.currentLeaderEpoch) {
            return .init(request.partitionIndex, failed: stale)
        }
        do throws(StorageError) {
            let found = try partition.offset(for: request.timestamp, isolation)
            return .init(
                partitionIndex: request.partitionIndex,
                timestamp: found?.timestamp ?? -1,
                offset: found?.offset ?? -1,
                leaderEpoch: found == nil ? -1 : Partition.leaderEpoch
            )
        } catch {
            return .init(request.partitionIndex, failed: ErrorCode(error))
        }
    }

    /// OffsetForLeaderEpoch (KIP-320): there has been one epoch, so it ends where the log does.
    func offsetForLeaderEpoch(_ request: OffsetForLeaderEpochRequest, _ call: Call) {
        let topics = request.topics.map { topic in
            let isAllowed = node.allows(call, .describe, .topic, topic.topic)
            return OffsetForLeaderEpochResponse.Topic(
                topic: topic.topic,
                partitions: topic.partitions.map { partition in
                    isAllowed
                        ? epochEnd(topic.topic, partition)
                        : .init(partition.partition, failed: .topicAuthorizationFailed)
                }
            )
        }
        call.answer(OffsetForLeaderEpochResponse(topics: topics))
    }

    private func epochEnd(
        _ topic: String,
        _ request: OffsetForLeaderEpochRequest.Partition
    ) -> OffsetForLeaderEpochResponse.Partition {
        guard let partition = node.partitions[topic, request.partition] else {
            return .init(request.partition, failed: .unknownTopicOrPartition)
        }
        if let stale = staleness(of: request.currentLeaderEpoch) { return .init(request.partition, failed: stale) }
        do throws(StorageError) {
            let end = try partition.existingLog()?.offsets.highWatermark ?? 0
            let isKnown = request.leaderEpoch >= Partition.leaderEpoch
            return .init(
                partition: request.partition,
                leaderEpoch: isKnown ? Partition.leaderEpoch : -1,
                endOffset: isKnown ? end : -1
            )
        } catch {
            return .init(request.partition, failed: ErrorCode(error))
        }
    }

    /// DeleteRecords: everything below an offset; -1 is everything there is.
    func deleteRecords(_ request: DeleteRecordsRequest, _ call: Call) {
        let topics = request.topics.map { topic in
            let refusal = deletionRefusal(of: topic.name, call)
            let partitions = topic.partitions.map { partition in
                refusal.map { .init(partition.partitionIndex, failed: $0) } ?? deleteRecords(topic.name, partition)
            }
            return DeleteRecordsResponse.Topic(name: topic.name, partitions: partitions)
        }
        call.answer(DeleteRecordsResponse(topics: topics))
    }

    private func deletionRefusal(of topic: String, _ call: Call) -> ErrorCode? {
        guard node.allows(call, .delete, .topic, topic) else { return .topicAuthorizationFailed }
        guard let known = node.catalogue.topic(named: topic) else { return .unknownTopicOrPartition }
        if known.isInternal { return .invalidTopicException }
        return known.value(of: .cleanupPolicy, defaults: node.configuration.topics.settings).contains("delete")
            ? nil : .policyViolation
    }

    private func deleteRecords(
        _ topic: String,
        _ request: DeleteRecordsRequest.Partition
    ) -> DeleteRecordsResponse.Partition {
        guard let partition = node.partitions[topic, request.partitionIndex] else {
            return .init(request.partitionIndex, failed: .unknownTopicOrPartition)
        }
        do throws(StorageError) {
            guard let log = try partition.existingLog() else {
                return request.offset > 0
                    ? .init(request.partitionIndex, failed: .offsetOutOfRange)
                    : .init(partitionIndex: request.partitionIndex, lowWatermark: 0)
            }
            let start = try log.deleteRecords(before: request.offset)
            return .init(partitionIndex: request.partitionIndex, lowWatermark: start)
        } catch {
            return .init(request.partitionIndex, failed: ErrorCode(error))
        }
    }
}

/// An offset as ListOffsets answers it; the timestamp is -1 where an end was asked for.
private struct ListedOffset {
    var timestamp: Int64 = -1
    var offset: Int64

    init(_ offset: Int64) {
        self.offset = offset
    }

    init?(_ found: TimestampedOffset?) {
        guard let found else { return nil }
        timestamp = found.timestamp
        offset = found.offset
    }
}

extension Partition {
    /// What ListOffsets calls by `timestamp`: -1 the end, -2 the start, -3 the largest timestamp, else a time in ms.
    fileprivate func offset(for timestamp: Int64, _ isolation: Isolation) throws(StorageError) -> ListedOffset? {
        guard let log = try existingLog() else {
            return timestamp == -1 || timestamp == -2 ? ListedOffset(0) : nil
        }
        let offsets = log.offsets
        switch timestamp {
        case -1: return ListedOffset(isolation == .committed ? offsets.lastStableOffset : offsets.highWatermark)
        case -2: return ListedOffset(offsets.startOffset)
        case -3: return ListedOffset(try log.maxTimestamp())
        default: return ListedOffset(try log.offset(forTimestamp: timestamp, isolation: isolation))
        }
    }
}

extension ListOffsetsResponse.Partition {
    fileprivate init(_ index: Int32, failed code: ErrorCode) {
        self.init(partitionIndex: index, errorCode: code, timestamp: -1, offset: -1, leaderEpoch: -1)
    }
}

extension OffsetForLeaderEpochResponse.Partition {
    fileprivate init(_ partition: Int32, failed code: ErrorCode) {
        self.init(errorCode: code, partition: partition, leaderEpoch: -1, endOffset: -1)
    }
}

extension DeleteRecordsResponse.Partition {
    fileprivate init(_ index: Int32, failed code: ErrorCode) {
        self.init(partitionIndex: index, lowWatermark: -1, errorCode: code)
    }
}
