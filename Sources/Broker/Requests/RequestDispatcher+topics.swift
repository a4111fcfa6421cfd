internal import KafkaProtocol
internal import LogStorage

extension RequestDispatcher {
    /// CreateTopics: each topic by itself. Topics are there when the answer comes, whatever the timeout says.
    func createTopics(_ request: CreateTopicsRequest, _ call: Call) {
        let names = request.topics.map(\.name)
        let topics = request.topics.map { topic -> CreateTopicsResponse.Topic in
            guard names.count(where: { $0 == topic.name }) == 1 else {
                return .init(name: topic.name, errorCode: .invalidRequest, errorMessage: "the topic is named twice")
            }
            return create(topic, dryRun: request.validateOnly, call)
        }
        call.answer(CreateTopicsResponse(topics: topics))
    }

    private func create(_ topic: CreateTopicsRequest.Topic, dryRun: Bool, _ call: Call) -> CreateTopicsResponse.Topic {
        guard node.allowsCluster(call, .create) || node.allows(call, .create, .topic, topic.name) else {
            return .init(name: topic.name, errorCode: .topicAuthorizationFailed)
        }
        do {
            let count = try partitionCount(of: topic)
            var settings: [String: String] = [:]
            for config in topic.configs { settings[config.name] = config.value }
            let made = try node.topics.create(topic.name, partitions: count, settings: settings, dryRun: dryRun)
            return .init(
                name: made.name,
                topicID: dryRun ? .zero : made.id,
                numPartitions: made.partitions,
                replicationFactor: 1,
                configs: TopicSetting.allCases.map { setting in
                    .init(
                        name: setting.rawValue,
                        value: made.value(of: setting, defaults: node.configuration.topics.settings),
                        readOnly: false,
                        configSource: made.settings[setting.rawValue] == nil ? .builtIn : .topic,
                        isSensitive: false
                    )
                }
            )
        } catch {
            let (code, message) = explain(error)
            return .init(name: topic.name, errorCode: code, errorMessage: message)
        }
    }

    /// `nil` takes the default.
    private func partitionCount(of topic: CreateTopicsRequest.Topic) throws(TopicAdministration.Refusal) -> Int32? {
        if topic.assignments.isEmpty {
            guard [1, -1].contains(topic.replicationFactor) else {
                throw .init(
                    .invalidReplicationFactor,
                    "there is one node, so the replication factor is 1, not \(topic.replicationFactor)"
                )
            }
            return topic.numPartitions == -1 ? nil : topic.numPartitions
        }
        guard topic.numPartitions == -1, topic.replicationFactor == -1 else {
            throw .init(.invalidRequest, "with an assignment, partitions and replication factor must be -1")
        }
        let indexes = topic.assignments.map(\.partitionIndex).sorted()
        guard indexes == Array(0..<Int32(indexes.count)),
            topic.assignments.allSatisfy({ $0.brokerIDs == [node.configuration.nodeID] })
        else {
            throw .init(.invalidReplicaAssignment, "partitions count from 0, each on node \(node.configuration.nodeID)")
        }
        return Int32(indexes.count)
    }

    /// DeleteTopics: files included; gone when the answer comes.
    func deleteTopics(_ request: DeleteTopicsRequest, _ call: Call) {
        let responses = request.topics.map { topic -> DeleteTopicsResponse.Topic in
            let known = topic.name.flatMap { node.catalogue.topic(named: $0) } ?? node.catalogue.topic(topic.topicID)
            guard let name = topic.name ?? known?.name else {
                return .init(name: nil, topicID: topic.topicID, errorCode: .unknownTopicID)
            }
            guard node.allows(call, .delete, .topic, name) else {
                // Who may not see it is not told its name.
                return .init(name: topic.name, topicID: topic.topicID, errorCode: .topicAuthorizationFailed)
            }
            do {
                try node.topics.delete(name)
                let partitions = (0..<(known?.partitions ?? 0)).map { LogPartition(name, $0) }
                node.groups.post(.partitionsDeleted(partitions))
                return .init(name: name, topicID: known?.id ?? .zero)
            } catch {
                let (code, message) = explain(error)
                return .init(name: name, topicID: known?.id ?? .zero, errorCode: code, errorMessage: message)
            }
        }
        call.answer(DeleteTopicsResponse(responses: responses))
    }

    /// CreatePartitions.
    func createPartitions(_ request: CreatePartitionsRequest, _ call: Call) {
        let results = request.topics.map { topic -> CreatePartitionsResponse.Result in
            guard node.allows(call, .alter, .topic, topic.name) else {
                return .init(name: topic.name, errorCode: .topicAuthorizationFailed)
            }
            do {
                try node.topics.grow(topic.name, to: topic.count, dryRun: request.validateOnly)
                return .init(name: topic.name)
            } catch {
                let (code, message) = explain(error)
                return .init(name: topic.name, errorCode: code, errorMessage: message)
            }
        }
        call.answer(CreatePartitionsResponse(results: results))
    }

    /// What a client is told of a change that was refused, or that the disk failed.
    func explain(_ error: any Error) -> (ErrorCode, String) {
        if let refusal = error as? TopicAdministration.Refusal { return (refusal.code, refusal.message) }
        reportStorage(error)
        return (.kafkaStorageError, "the broker's disk failed; look into its log")
    }
}
