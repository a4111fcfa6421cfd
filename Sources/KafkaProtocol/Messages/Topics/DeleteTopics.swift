/// Deletes topics. Versions 1-6, flexible from 4.
package struct DeleteTopicsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.deleteTopics

    package var topics: [Topic]
    /// Milliseconds that the client is willing to wait.
    package var timeoutMs: Int32

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics =
            try version >= 6
            ? reader.array(of: Topic.self, version) : reader.stringArray().map { Topic(name: $0, topicID: .zero) }
        timeoutMs = try reader.int32()
        try reader.taggedFields()
    }
}

extension DeleteTopicsRequest {
    package struct Topic: WireReadable, Equatable {
        /// Nil where the id is given.
        package var name: String?
        /// Zero where the topic is named.
        package var topicID: KafkaUUID

        fileprivate init(name: String, topicID: KafkaUUID) {
            self.name = name
            self.topicID = topicID
        }

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.nullableString()
            topicID = try reader.uuid()
            try reader.taggedFields()
        }
    }
}

/// Answers `DeleteTopicsRequest`.
package struct DeleteTopicsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.deleteTopics

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var responses: [Topic]

    package init(throttleTimeMs: Int32 = 0, responses: [Topic]) {
        self.throttleTimeMs = throttleTimeMs
        self.responses = responses
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(responses, version)
        writer.taggedFields()
    }
}

extension DeleteTopicsResponse {
    package struct Topic: WireWritable, Equatable {
        /// Nil, from version 6, for an id that is not known.
        package var name: String?
        package var topicID: KafkaUUID
        package var errorCode: ErrorCode
        package var errorMessage: String?

        package init(
            name: String?,
            topicID: KafkaUUID = .zero,
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil
        ) {
            self.name = name
            self.topicID = topicID
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.nullableString(version >= 6 ? name : name ?? "")
            if version >= 6 { writer.uuid(topicID) }
            writer.error(errorCode)
            if version >= 5 { writer.nullableString(errorMessage) }
            writer.taggedFields()
        }
    }
}
