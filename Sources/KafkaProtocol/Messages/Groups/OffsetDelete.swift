/// Deletes a group's offsets (KIP-496). Version 0.
package struct OffsetDeleteRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.offsetDelete

    package var groupID: String
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        topics = try reader.array(of: Topic.self, version)
    }
}

extension OffsetDeleteRequest {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireReadable, Equatable {
        package var partitionIndex: Int32

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partitionIndex = try reader.int32()
        }
    }
}

/// Answers `OffsetDeleteRequest`.
package struct OffsetDeleteResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.offsetDelete

    package var errorCode: ErrorCode
    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var topics: [Topic]

    package init(errorCode: ErrorCode = .noError, throttleTimeMs: Int32 = 0, topics: [Topic]) {
        self.errorCode = errorCode
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.error(errorCode)
        writer.int32(throttleTimeMs)
        writer.array(topics, version)
    }
}

extension OffsetDeleteResponse {
    package typealias Topic = PerTopic<Partition>

    package typealias Partition = PartitionResult
}
