internal import KafkaProtocol

/// Committing offsets and reading them.
extension GroupCoordinator {
    mutating func commit(_ request: CommitRequest, _ token: ReplyToken) {
        let groupID = request.member.groupID
        if let error = refusal(of: request) {
            return effects.reply(token, .commit(request.offsets.map { .init(partition: $0.partition, error: error) }))
        }
        let isTooLarge = { [settings] (entry: CommitRequest.Entry) in
            entry.metadata.utf8.count > settings.maximumMetadataSize
        }
        let commit = PendingCommit(
            groupID: groupID,
            token: token,
            entries: request.offsets.filter { !isTooLarge($0) }.map {
                ($0.partition, committed($0, request.retention))
            },
            outcomes: request.offsets.map {
                PartitionOutcome(partition: $0.partition, error: isTooLarge($0) ? .offsetMetadataTooLarge : nil)
            },
            producerID: request.producer?.id
        )
        guard !commit.entries.isEmpty else { return effects.reply(token, .commit(commit.outcomes)) }
        store(commit, request)
    }

    private func refusal(of request: CommitRequest) -> ErrorCode? {
        guard request.member.groupID.fitsRecord else { return .invalidGroupID }
        guard request.offsets.allSatisfy(\.partition.topic.fitsRecord) else { return .invalidRequest }
        guard let group = groups[request.member.groupID] else {
            return request.member.generation < 0 ? nil : .illegalGeneration
        }
        return group.commitError(request)
    }

    private func committed(_ entry: CommitRequest.Entry, _ retention: Int64?) -> CommittedOffset {
        CommittedOffset(
            offset: entry.offset,
            leaderEpoch: entry.leaderEpoch,
            metadata: entry.metadata,
            commitTimestamp: effects.now.epoch,
            expireTimestamp: retention.map { effects.now.epoch &+ $0 }
        )
    }

    private mutating func store(_ commit: PendingCommit, _ request: CommitRequest) {
        let id = commit.groupID
        let records = commit.entries.map {
            CoordinatorRecord(
                key: OffsetRecord.key(group: id, partition: $0.partition),
                value: OffsetRecord.value($0.committed)
            )
        }
        if request.producer == nil {
            // A member that commits lives.
            groups[id]?.renewSession(request.member.memberID, &effects)
        } else if let producer = request.producer {
            openGroups[producer.id, default: []].insert(id)
        }
        let write = effects.write(group: id, records, producer: request.producer, then: .commit(commit))
        groups[id, default: Group(id: id, now: effects.now)].offsets.begin(commit, write)
    }

    mutating func finish(_ commit: PendingCommit, _ token: WriteToken, _ outcome: WriteOutcome) {
        groups[commit.groupID]?.offsets.finish(commit, token, outcome)
        removeIfVacant(commit.groupID)
        var outcomes = commit.outcomes
        if case .failed(let error) = outcome {
            for index in outcomes.indices where outcomes[index].error == nil {
                outcomes[index].error = error.ofCommitWrite
            }
        }
        effects.reply(commit.token, .commit(outcomes))
    }

    mutating func endTransaction(_ producerID: Int64, _ partition: Int32, _ end: GroupOffsets.End) {
        let ended = (openGroups[producerID] ?? []).filter { self.partition(for: $0) == partition }
        for id in ended.sorted() {
            groups[id]?.offsets.endTransaction(producerID, end)
            removeIfVacant(id)
            if groups[id]?.offsets.isOpen(producerID) != true { openGroups[producerID]?.remove(id) }
        }
        if openGroups[producerID]?.isEmpty == true { openGroups[producerID] = nil }
    }

    /// The answer to OffsetFetch for one group: of the `partitions`, or of all that have an offset if `nil`, sorted.
    ///
    /// A partition without an offset is answered with -1. With `requireStable`, one that has a commit that is not
    /// decided yet is answered UNSTABLE_OFFSET_COMMIT, without offset, so that the consumer asks again.
    package func offsets(
        of groupID: String,
        partitions: [LogPartition]?,
        requireStable: Bool
    ) -> [FetchedOffset] {
        let offsets = groups[groupID]?.offsets ?? GroupOffsets()
        return (partitions ?? offsets.stored.keys.sorted()).map { partition in
            let error: ErrorCode? =
                requireStable && offsets.isUnstable(partition) ? .unstableOffsetCommit : nil
            let committed = error == nil ? offsets.stored[partition]?.committed : nil
            return FetchedOffset(
                partition: partition,
                offset: committed?.offset ?? -1,
                leaderEpoch: committed?.leaderEpoch ?? -1,
                metadata: committed?.metadata ?? "",
                error: error
            )
        }
    }
}

extension ErrorCode {
    /// What a committer is told when the offsets could not be stored, as Kafka translates it.
    fileprivate var ofCommitWrite: ErrorCode {
        switch self {
        case .messageTooLarge: .invalidCommitOffsetSize
        case .kafkaStorageError, .unknownTopicOrPartition, .unknownServerError, .notCoordinator:
            .coordinatorNotAvailable
        default: self
        }
    }
}
