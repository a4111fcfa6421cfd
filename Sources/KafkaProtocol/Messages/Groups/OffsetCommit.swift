/// Commits a group's offsets. Versions 2-9, flexible from 8.
package struct OffsetCommitRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.offsetCommit

    package var groupID: String
    /// -1 from a client that is in no group.
    package var generationIDOrMemberEpoch: Int32
    package var memberID: String
    /// Names a static member (KIP-345); nil for a dynamic one.
    package var groupInstanceID: String?
    /// Milliseconds; -1 takes the broker's.
    package var retentionTimeMs: Int64
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        generationIDOrMemberEpoch = try reader.int32()
        memberID = try reader.string()
        groupInstanceID = try version >= 7 ? reader.nullableString() : nil
        retentionTimeMs = try version <= 4 ? reader.int64() : -1
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension OffsetCommitRequest {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireReadable, Equatable {
        package var partitionIndex: Int32
        package var committedOffset: Int64
        /// -1 when not known.
        package var committedLeaderEpoch: Int32
        /// The client's own text.
        package var committedMetadata: String?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partitionIndex = try reader.int32()
            committedOffset = try reader.int64()
            committedLeaderEpoch = try version >= 6 ? reader.int32() : -1
            committedMetadata = try reader.nullableString()
            try reader.taggedFields()
        }
    }
}

/// Answers `OffsetCommitRequest`.
package struct OffsetCommitResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.offsetCommit

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var topics: [Topic]

    package init(throttleTimeMs: Int32 = 0, topics: [Topic]) {
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        writer.array(topics, version)
        writer.taggedFields()
    }
}

extension OffsetCommitResponse {
    package typealias Topic = PerTopic<Partition>

    package typealias Partition = PartitionResult
}
