internal import KafkaProtocol
internal import LogStorage

extension RequestDispatcher {
    /// Fetch. Sessions (KIP-227) are declined: the answer's session id is 0, and clients go on without one.
    func fetch(_ request: FetchRequest, _ call: Call) {
        guard request.sessionID == 0 else {
            return call.answer(FetchResponse(errorCode: .fetchSessionIDNotFound, responses: []))
        }
        let asked = FetchPlan(
            topics: request.topics.map { plan($0, call) },
            isolation: request.isolationLevel == .readCommitted ? .committed : .uncommitted,
            maxBytes: min(Int(request.maxBytes), node.configuration.limits.fetchBytes)
        )
        FetchOperation(
            asked,
            minBytes: Int(request.minBytes),
            maxWait: Int64(request.maxWaitMs),
            node: node,
            call: call
        ).start()
    }

    private func plan(_ topic: FetchRequest.Topic, _ call: Call) -> FetchPlan.Topic {
        let byID = call.version >= 13
        let known = byID ? node.catalogue.topic(topic.topicID) : node.catalogue.topic(named: topic.topic)
        let name = known?.name ?? topic.topic
        let refusal: ErrorCode? =
            if known == nil {
                byID ? .unknownTopicID : .unknownTopicOrPartition
            } else if !node.allows(call, .read, .topic, name) {
                .topicAuthorizationFailed
            } else {
                nil
            }
        let entries = topic.partitions.map { partition in
            FetchPlan.Entry(
                index: partition.partition,
                offset: partition.fetchOffset,
                maxBytes: Int(partition.partitionMaxBytes),
                source: source(of: name, partition, refusal)
            )
        }
        return FetchPlan.Topic(name: name, id: topic.topicID, entries: entries)
    }

    private func source(
        of topic: String,
        _ partition: FetchRequest.Partition,
        _ refusal: ErrorCode?
    ) -> FetchPlan.Source {
        if let refusal { return .refused(refusal) }
        if let stale = staleness(of: partition.currentLeaderEpoch) { return .refused(stale) }
        return node.partitions[topic, partition.partition].map { .partition($0) } ?? .refused(.unknownTopicOrPartition)
    }

    /// Why a client's leader epoch is not this broker's, which is always 0 (KIP-320); -1 is not checked.
    func staleness(of leaderEpoch: Int32) -> ErrorCode? {
        leaderEpoch > Partition.leaderEpoch ? .unknownLeaderEpoch : nil
    }
}
