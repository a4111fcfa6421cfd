/// Creates topics. Versions 2-7, flexible from 5.
package struct CreateTopicsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.createTopics

    package var topics: [Topic]
    /// Milliseconds that the client is willing to wait.
    package var timeoutMs: Int32
    /// Whether nothing is to be changed.
    package var validateOnly: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array(of: Topic.self, version)
        timeoutMs = try reader.int32()
        validateOnly = try reader.bool()
        try reader.taggedFields()
    }
}

extension CreateTopicsRequest {
    package struct Topic: WireReadable, Equatable {
        package var name: String
        /// -1 takes the broker's default (KIP-464), or counts the assignments.
        package var numPartitions: Int32
        /// -1 takes the broker's default (KIP-464), or follows the assignments.
        package var replicationFactor: Int16
        /// Empty where the broker assigns.
        package var assignments: [Assignment]
        package var configs: [Config]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            numPartitions = try reader.int32()
            replicationFactor = try reader.int16()
            assignments = try reader.array(of: Assignment.self, version)
            configs = try reader.array(of: Config.self, version)
            try reader.taggedFields()
        }
    }

    package struct Assignment: WireReadable, Equatable {
        package var partitionIndex: Int32
        package var brokerIDs: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partitionIndex = try reader.int32()
            brokerIDs = try reader.int32Array()
            try reader.taggedFields()
        }
    }

    package struct Config: WireReadable, Equatable {
        package var name: String
        package var value: String?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            value = try reader.nullableString()
            try reader.taggedFields()
        }
    }
}

/// Answers `CreateTopicsRequest`.
package struct CreateTopicsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.createTopics

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var topics: [Topic]

    package init(throttleTimeMs: Int32 = 0, topics: [Topic]) {
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(topics, version)
        writer.taggedFields()
    }
}

extension CreateTopicsResponse {
    package struct Topic: WireWritable, Equatable {
        package var name: String
        package var topicID: KafkaUUID
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var numPartitions: Int32
        package var replicationFactor: Int16
        /// Nil when the client may not see them (KIP-525).
        package var configs: [Config]?

        package init(
            name: String,
            topicID: KafkaUUID = .zero,
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil,
            numPartitions: Int32 = -1,
            replicationFactor: Int16 = -1,
            configs: [Config]? = nil
        ) {
            self.name = name
            self.topicID = topicID
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.numPartitions = numPartitions
            self.replicationFactor = replicationFactor
            self.configs = configs
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            if version >= 7 { writer.uuid(topicID) }
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            if version >= 5 { writer.int32(numPartitions) }
            if version >= 5 { writer.int16(replicationFactor) }
            if version >= 5 { writer.nullableArray(configs, version) }
            writer.taggedFields()
        }
    }

    package struct Config: WireWritable, Equatable {
        package var name: String
        package var value: String?
        package var readOnly: Bool
        package var configSource: ConfigSource
        package var isSensitive: Bool

        package init(
            name: String,
            value: String? = nil,
            readOnly: Bool,
            configSource: ConfigSource = .unknown,
            isSensitive: Bool
        ) {
            self.name = name
            self.value = value
            self.readOnly = readOnly
            self.configSource = configSource
            self.isSensitive = isSensitive
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.nullableString(value)
            writer.bool(readOnly)
            writer.int8(configSource.rawValue)
            writer.bool(isSensitive)
            writer.taggedFields()
        }
    }
}
