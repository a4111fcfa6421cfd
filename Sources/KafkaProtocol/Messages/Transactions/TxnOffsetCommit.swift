/// Commits a group's offsets within a transaction (KIP-98, KIP-447). Versions 0-3, flexible from 3.
package struct TxnOffsetCommitRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.txnOffsetCommit

    package var transactionalID: String
    package var groupID: String
    package var producerID: Int64
    package var producerEpoch: Int16
    /// -1 when not said: then the group does not check it (KIP-447).
    package var generationID: Int32
    package var memberID: String
    /// Names a static member (KIP-345); nil for a dynamic one.
    package var groupInstanceID: String?
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        groupID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        generationID = try version >= 3 ? reader.int32() : -1
        memberID = try version >= 3 ? reader.string() : ""
        groupInstanceID = try version >= 3 ? reader.nullableString() : nil
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension TxnOffsetCommitRequest {
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
            committedLeaderEpoch = try version >= 2 ? reader.int32() : -1
            committedMetadata = try reader.nullableString()
            try reader.taggedFields()
        }
    }
}

/// Answers `TxnOffsetCommitRequest`.
package struct TxnOffsetCommitResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.txnOffsetCommit

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

extension TxnOffsetCommitResponse {
    package typealias Topic = PerTopic<Partition>

    package typealias Partition = PartitionResult
}
