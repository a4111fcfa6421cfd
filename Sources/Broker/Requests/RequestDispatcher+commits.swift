internal import KafkaProtocol

extension RequestDispatcher {
    /// OffsetCommit: answered when durable.
    func offsetCommit(_ request: OffsetCommitRequest, _ call: Call) {
        let asked = request.topics.flatMap { topic in
            topic.partitions.map {
                CommitRequest.Entry(
                    LogPartition(topic.name, $0.partitionIndex),
                    offset: $0.committedOffset,
                    leaderEpoch: $0.committedLeaderEpoch,
                    metadata: $0.committedMetadata ?? ""
                )
            }
        }
        let member = GroupMember(
            groupID: request.groupID,
            memberID: request.memberID,
            instanceID: request.groupInstanceID,
            generation: request.generationIDOrMemberEpoch
        )
        let retention = request.retentionTimeMs == -1 ? nil : request.retentionTimeMs
        commit(asked, of: request.groupID, call) {
            CommitRequest(member: member, retention: retention, offsets: $0)
        } answer: { outcomes in
            let topics = outcomes.byTopic.map { topic, partitions in
                OffsetCommitResponse.Topic(
                    name: topic,
                    partitions: partitions.map { .init(partitionIndex: $0.partition.partition, errorCode: $0.code) }
                )
            }
            call.answer(OffsetCommitResponse(topics: topics))
        }
    }

    /// TxnOffsetCommit: offsets that count once the producer's transaction is committed.
    func commitOffsets(_ request: TxnOffsetCommitRequest, _ call: Call) {
        let asked = request.topics.flatMap { topic in
            topic.partitions.map {
                CommitRequest.Entry(
                    LogPartition(topic.name, $0.partitionIndex),
                    offset: $0.committedOffset,
                    leaderEpoch: $0.committedLeaderEpoch,
                    metadata: $0.committedMetadata ?? ""
                )
            }
        }
        let answer: @Sendable ([CommitOutcome]) -> Void = { outcomes in
            let topics = outcomes.byTopic.map { topic, partitions in
                TxnOffsetCommitResponse.Topic(
                    name: topic,
                    partitions: partitions.map { .init(partitionIndex: $0.partition.partition, errorCode: $0.code) }
                )
            }
            call.answer(TxnOffsetCommitResponse(topics: topics))
        }
        guard node.allows(call, .write, .transactionalID, request.transactionalID) else {
            return answer(asked.map { CommitOutcome($0.partition, .transactionalIDAuthorizationFailed) })
        }
        let member = GroupMember(
            groupID: request.groupID,
            memberID: request.memberID,
            instanceID: request.groupInstanceID,
            generation: request.generationID
        )
        let producer = ProducerIdentity(id: request.producerID, epoch: request.producerEpoch)
        if let code = verify(producer, of: request.transactionalID, group: request.groupID) {
            return answer(asked.map { CommitOutcome($0.partition, code) })
        }
        commit(asked, of: request.groupID, call) {
            CommitRequest(member: member, offsets: $0, producer: producer)
        } answer: {
            answer($0)
        }
    }

    /// Why offsets must not open a transaction in the group's partition (KIP-890, part 1); `nil` when they may.
    private func verify(_ producer: ProducerIdentity, of id: String, group: String) -> ErrorCode? {
        let partition = node.groups.read { $0.partition(for: group) }
        let place = LogPartition(InternalTopic.offsets.rawValue, partition)
        let producer = TransactionalProducer(transactionalID: id, identity: producer)
        return node.transactions.read { $0.verify(producer, place) }
    }

    private func commit(
        _ asked: [CommitRequest.Entry],
        of group: String,
        _ call: Call,
        request: ([CommitRequest.Entry]) -> CommitRequest,
        answer: @escaping @Sendable ([CommitOutcome]) -> Void
    ) {
        guard node.allows(call, .read, .group, group) else {
            return answer(asked.map { CommitOutcome($0.partition, .groupAuthorizationFailed) })
        }
        var refused: [CommitOutcome] = []
        var accepted: [CommitRequest.Entry] = []
        for entry in asked {
            if let code = commitRefusal(of: entry.partition, call) {
                refused.append(CommitOutcome(entry.partition, code))
            } else {
                accepted.append(entry)
            }
        }
        let request = request(accepted)
        let token = node.groups.token { [refused] reply in
            guard case .commit(let outcomes) = reply else { return }
            answer(outcomes.map { CommitOutcome($0.partition, ErrorCode($0.error)) } + refused)
        }
        node.groups.post(.commit(request, token))
    }

    private func commitRefusal(of partition: LogPartition, _ call: Call) -> ErrorCode? {
        if !node.allows(call, .read, .topic, partition.topic) { return .topicAuthorizationFailed }
        return node.partitions[partition.topic, partition.partition] == nil ? .unknownTopicOrPartition : nil
    }

    /// OffsetFetch.
    func offsetFetch(_ request: OffsetFetchRequest, _ call: Call) {
        let groups = request.groups.map { group -> OffsetFetchResponse.Group in
            guard node.allows(call, .describe, .group, group.groupID) else {
                return .init(groupID: group.groupID, topics: [], errorCode: .groupAuthorizationFailed)
            }
            let asked = group.topics.map { topics in
                topics.flatMap { topic in topic.partitionIndexes.map { LogPartition(topic.name, $0) } }
            }
            let offsets = node.groups.read {
                $0.offsets(of: group.groupID, partitions: asked, requireStable: request.requireStable)
            }
            return .init(
                groupID: group.groupID,
                topics: offsets.byTopic(isListing: asked == nil) {
                    node.allows(call, .describe, .topic, $0)
                }
            )
        }
        call.answer(OffsetFetchResponse(groups: groups))
    }

    /// OffsetDelete (KIP-496).
    func offsetDelete(_ request: OffsetDeleteRequest, _ call: Call) {
        guard node.allows(call, .delete, .group, request.groupID) else {
            return call.answer(OffsetDeleteResponse(errorCode: .groupAuthorizationFailed, topics: []))
        }
        let partitions = request.topics.flatMap { topic in
            topic.partitions.map { LogPartition(topic.name, $0.partitionIndex) }
        }
        let refused = partitions.filter { !node.allows(call, .read, .topic, $0.topic) }
        let token = node.groups.token { reply in
            guard case .deleteOffsets(let error, let outcomes) = reply else { return }
            let answered = outcomes.map { CommitOutcome($0.partition, ErrorCode($0.error)) }
            let refusals = refused.map { CommitOutcome($0, .topicAuthorizationFailed) }
            let topics = (answered + refusals).byTopic.map { topic, all in
                OffsetDeleteResponse.Topic(
                    name: topic,
                    partitions: all.map { .init(partitionIndex: $0.partition.partition, errorCode: $0.code) }
                )
            }
            call.answer(OffsetDeleteResponse(errorCode: ErrorCode(error), topics: topics))
        }
        let allowed = partitions.filter { !refused.contains($0) }
        node.groups.post(.deleteOffsets(groupID: request.groupID, allowed, token))
    }
}

/// What became of one partition of a commit.
struct CommitOutcome: Sendable {
    let partition: LogPartition
    let code: ErrorCode

    init(_ partition: LogPartition, _ code: ErrorCode) {
        self.partition = partition
        self.code = code
    }
}

extension [CommitOutcome] {
    /// Topics in the order in which they first come.
    fileprivate var byTopic: [(topic: String, partitions: [CommitOutcome])] {
        var order: [String] = []
        let groups = Dictionary(grouping: self, by: \.partition.topic)
        for outcome in self where !order.contains(outcome.partition.topic) { order.append(outcome.partition.topic) }
        return order.map { ($0, groups[$0] ?? []) }
    }
}

extension [FetchedOffset] {
    /// As OffsetFetch answers. What the client may not see is left out of a list of all, and an error else.
    fileprivate func byTopic(
        isListing: Bool,
        isVisible: (String) -> Bool
    ) -> [OffsetFetchResponse.Topic] {
        Dictionary(grouping: self, by: \.partition.topic).sorted { $0.key < $1.key }.compactMap { topic, offsets in
            let isVisible = isVisible(topic)
            if isListing, !isVisible { return nil }
            return OffsetFetchResponse.Topic(
                name: topic,
                partitions: offsets.map {
                    .init(
                        partitionIndex: $0.partition.partition,
                        committedOffset: isVisible ? $0.offset : -1,
                        committedLeaderEpoch: isVisible ? $0.leaderEpoch : -1,
                        metadata: isVisible ? $0.metadata : "",
                        errorCode: isVisible ? ErrorCode($0.error) : .topicAuthorizationFailed
                    )
                }
            )
        }
    }
}
