internal import ConnectorKit
internal import KafkaProtocol
internal import Logging
internal import Synchronization
internal import Telemetry

extension RequestDispatcher {
    /// ApiVersions: what is served.
    func apiVersions(_ request: APIVersionsRequest, _ call: Call) {
        call.answer(APIVersionsResponse())
    }

    /// Metadata: the one broker, and topics, created where that is asked and allowed.
    func metadata(_ request: MetadataRequest, _ call: Call) {
        let topics: [MetadataResponse.Topic] =
            if let asked = request.topics {
                asked.map { describe($0, request, call) }
            } else {
                node.catalogue.all.filter { node.allows(call, .describe, .topic, $0.name) }
                    .map { describe($0, request, call) }
            }
        let address = node.advertisedAddress
        call.answer(
            MetadataResponse(
                brokers: [.init(nodeID: node.configuration.nodeID, host: address.host, port: address.port)],
                clusterID: node.catalogue.clusterID,
                controllerID: node.configuration.nodeID,
                topics: topics,
                clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
                    ? authorizedOperations(call, .cluster, "kafka-cluster") : .min
            )
        )
    }

    private func describe(
        _ asked: MetadataRequest.Topic,
        _ request: MetadataRequest,
        _ call: Call
    ) -> MetadataResponse.Topic {
        guard let name = asked.name else {
            let topic = node.catalogue.topic(asked.topicID)
            guard let topic, node.allows(call, .describe, .topic, topic.name) else {
                return .init(errorCode: .unknownTopicID, topicID: asked.topicID, partitions: [])
            }
            return describe(topic, request, call)
        }
        guard node.allows(call, .describe, .topic, name) else {
            return .init(errorCode: .topicAuthorizationFailed, name: name, partitions: [])
        }
        if let topic = node.catalogue.topic(named: name) { return describe(topic, request, call) }
        guard request.allowAutoTopicCreation, node.configuration.topics.autoCreate else {
            let code: ErrorCode =
                TopicNaming.problem(with: name) == nil ? .unknownTopicOrPartition : .invalidTopicException
            return .init(errorCode: code, name: name, partitions: [])
        }
        return create(name, request, call)
    }

    private func create(_ name: String, _ request: MetadataRequest, _ call: Call) -> MetadataResponse.Topic {
        guard node.allowsCluster(call, .create) || node.allows(call, .create, .topic, name) else {
            return .init(errorCode: .topicAuthorizationFailed, name: name, partitions: [])
        }
        do {
            return describe(
                try node.topics.create(name, partitions: nil, settings: [:], dryRun: false),
                request,
                call
            )
        } catch let refusal as TopicAdministration.Refusal {
            // Another connection was faster.
            if refusal.code == .topicAlreadyExists, let topic = node.catalogue.topic(named: name) {
                return describe(topic, request, call)
            }
            return .init(errorCode: refusal.code, name: name, partitions: [])
        } catch {
            reportStorage(error)
            return .init(errorCode: .kafkaStorageError, name: name, partitions: [])
        }
    }

    private func describe(_ topic: Topic, _ request: MetadataRequest, _ call: Call) -> MetadataResponse.Topic {
        let id = node.configuration.nodeID
        return MetadataResponse.Topic(
            name: topic.name,
            topicID: topic.id,
            isInternal: topic.isInternal,
            partitions: (0..<topic.partitions).map { index in
                .init(
                    partitionIndex: index,
                    leaderID: id,
                    leaderEpoch: Partition.leaderEpoch,
                    replicaNodes: [id],
                    isrNodes: [id]
                )
            },
            topicAuthorizedOperations: request.includeTopicAuthorizedOperations
                ? authorizedOperations(call, .topic, topic.name) : .min
        )
    }

    /// DescribeCluster.
    func describeCluster(_ request: DescribeClusterRequest, _ call: Call) {
        guard node.allowsCluster(call, .describe) else {
            return call.answer(
                DescribeClusterResponse(
                    errorCode: .clusterAuthorizationFailed,
                    clusterID: node.catalogue.clusterID,
                    brokers: []
                )
            )
        }
        let address = node.advertisedAddress
        call.answer(
            DescribeClusterResponse(
                clusterID: node.catalogue.clusterID,
                controllerID: node.configuration.nodeID,
                brokers: [.init(brokerID: node.configuration.nodeID, host: address.host, port: address.port)],
                clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
                    ? authorizedOperations(call, .cluster, "kafka-cluster") : .min
            )
        )
    }

    /// The operations the client may do to a resource, a bit for each (KIP-430).
    func authorizedOperations(_ call: Call, _ type: ResourceType, _ name: String) -> Int32 {
        type.operations.reduce(into: Int32(0)) { bits, operation in
            if node.allows(call, operation, type, name) { bits |= 1 << Int32(operation.rawValue) }
        }
    }

    /// Notes that the disk failed a change of the broker's own files.
    func reportStorage(_ error: any Error) {
        node.metrics.storageFailed("catalogue")
        node.logger.info("the disk failed a change", metadata: Logger.Metadata([.error: "\(error)"]))
    }
}

extension Node {
    /// Where clients are told to connect.
    var advertisedAddress: (host: String, port: Int32) {
        let address = address.withLock { $0 }
        return (address?.host ?? configuration.host, Int32(address?.port ?? configuration.port))
    }
}

extension ResourceType {
    /// The operations that mean something for resources of the type (`AclEntry.supportedOperations`).
    var operations: [AccessOperation] {
        switch self {
        case .topic: [.read, .write, .create, .delete, .alter, .describe, .describeConfigs, .alterConfigs]
        case .group: [.read, .describe, .delete]
        case .cluster:
            [.create, .alter, .describe, .clusterAction, .describeConfigs, .alterConfigs, .idempotentWrite]
        case .transactionalID: [.describe, .write]
        case .delegationToken: [.describe]
        case .user: [.createTokens, .describeTokens]
        }
    }
}
