/// Asks for brokers, topics and who leads what. Versions 0-12, flexible from 9.
package struct MetadataRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.metadata

    /// Nil asks for all; so does an empty list in version 0, which is read as nil.
    package var topics: [Topic]?
    package var allowAutoTopicCreation: Bool
    package var includeClusterAuthorizedOperations: Bool
    package var includeTopicAuthorizedOperations: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.nullableArray(of: Topic.self, version)
        allowAutoTopicCreation = try version >= 4 ? reader.bool() : true
        includeClusterAuthorizedOperations = try (8...10).contains(version) ? reader.bool() : false
        includeTopicAuthorizedOperations = try version >= 8 ? reader.bool() : false
        try reader.taggedFields()
        if version == 0, topics?.isEmpty == true { topics = nil }
    }
}

extension MetadataRequest {
    package struct Topic: WireReadable, Equatable {
        /// Zero where the topic is named.
        package var topicID: KafkaUUID
        /// Nil where the id is given.
        package var name: String?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            topicID = try version >= 10 ? reader.uuid() : .zero
            name = try reader.nullableString()
            try reader.taggedFields()
        }
    }
}

/// Answers `MetadataRequest`.
package struct MetadataResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.metadata

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var brokers: [Broker]
    package var clusterID: String?
    package var controllerID: Int32
    package var topics: [Topic]
    /// A bit for each `ACLOperation`; `Int32.min` when nobody asked.
    package var clusterAuthorizedOperations: Int32

    package init(
        throttleTimeMs: Int32 = 0,
        brokers: [Broker],
        clusterID: String? = nil,
        controllerID: Int32 = -1,
        topics: [Topic],
        clusterAuthorizedOperations: Int32 = .min
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.brokers = brokers
        self.clusterID = clusterID
        self.controllerID = controllerID
        self.topics = topics
        self.clusterAuthorizedOperations = clusterAuthorizedOperations
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        writer.array(brokers, version)
        if version >= 2 { writer.nullableString(clusterID) }
        if version >= 1 { writer.int32(controllerID) }
        writer.array(topics, version)
        if (8...10).contains(version) { writer.int32(clusterAuthorizedOperations) }
        writer.taggedFields()
    }
}

extension MetadataResponse {
    package struct Broker: WireWritable, Equatable {
        package var nodeID: Int32
        package var host: String
        package var port: Int32
        package var rack: String?

        package init(nodeID: Int32, host: String, port: Int32, rack: String? = nil) {
            self.nodeID = nodeID
            self.host = host
            self.port = port
            self.rack = rack
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(nodeID)
            writer.string(host)
            writer.int32(port)
            if version >= 1 { writer.nullableString(rack) }
            writer.taggedFields()
        }
    }

    package struct Topic: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var name: String?
        package var topicID: KafkaUUID
        package var isInternal: Bool
        package var partitions: [Partition]
        /// A bit for each `ACLOperation`; `Int32.min` when nobody asked.
        package var topicAuthorizedOperations: Int32

        package init(
            errorCode: ErrorCode = .noError,
            name: String? = nil,
            topicID: KafkaUUID = .zero,
            isInternal: Bool = false,
            partitions: [Partition],
            topicAuthorizedOperations: Int32 = .min
        ) {
            self.errorCode = errorCode
            self.name = name
            self.topicID = topicID
            self.isInternal = isInternal
            self.partitions = partitions
            self.topicAuthorizedOperations = topicAuthorizedOperations
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.nullableString(version >= 12 ? name : name ?? "")
            if version >= 10 { writer.uuid(topicID) }
            if version >= 1 { writer.bool(isInternal) }
            writer.array(partitions, version)
            if version >= 8 { writer.int32(topicAuthorizedOperations) }
            writer.taggedFields()
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var partitionIndex: Int32
        package var leaderID: Int32
        package var leaderEpoch: Int32
        package var replicaNodes: [Int32]
        package var isrNodes: [Int32]
        package var offlineReplicas: [Int32]

        package init(
            errorCode: ErrorCode = .noError,
            partitionIndex: Int32,
            leaderID: Int32,
            leaderEpoch: Int32 = -1,
            replicaNodes: [Int32],
            isrNodes: [Int32],
            offlineReplicas: [Int32] = []
        ) {
            self.errorCode = errorCode
            self.partitionIndex = partitionIndex
            self.leaderID = leaderID
            self.leaderEpoch = leaderEpoch
            self.replicaNodes = replicaNodes
            self.isrNodes = isrNodes
            self.offlineReplicas = offlineReplicas
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.int32(partitionIndex)
            writer.int32(leaderID)
            if version >= 7 { writer.int32(leaderEpoch) }
            writer.int32Array(replicaNodes)
            writer.int32Array(isrNodes)
            if version >= 5 { writer.int32Array(offlineReplicas) }
            writer.taggedFields()
        }
    }
}
