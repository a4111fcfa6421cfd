/// Asks for records. Versions 4-16, flexible from 12.
///
/// The tagged fields (cluster id, and from version 15 a follower's replica id and epoch) are of no use to one node and
/// are skipped.
package struct FetchRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.fetch

    /// -1 for a consumer, and always from version 15.
    package var replicaID: Int32
    /// Milliseconds that the answer may wait for `minBytes`.
    package var maxWaitMs: Int32
    package var minBytes: Int32
    /// Of the whole response; a first batch that is larger is sent all the same (KIP-74).
    package var maxBytes: Int32
    package var isolationLevel: IsolationLevel
    /// 0 without a session (KIP-227).
    package var sessionID: Int32
    /// 0 starts a session, -1 ends one or does without.
    package var sessionEpoch: Int32
    package var topics: [Topic]
    /// What a session no longer fetches.
    package var forgottenTopicsData: [ForgottenTopic]
    package var rackID: String

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        replicaID = try version <= 14 ? reader.int32() : -1
        maxWaitMs = try reader.int32()
        minBytes = try reader.int32()
        maxBytes = try reader.int32()
        isolationLevel = try reader.choice()
        sessionID = try version >= 7 ? reader.int32() : 0
        sessionEpoch = try version >= 7 ? reader.int32() : -1
        topics = try reader.array(of: Topic.self, version)
        forgottenTopicsData = try version >= 7 ? reader.array(of: ForgottenTopic.self, version) : []
        rackID = try version >= 11 ? reader.string() : ""
        try reader.taggedFields()
    }
}

extension FetchRequest {
    package struct Topic: WireReadable, Equatable {
        /// Empty from version 13.
        package var topic: String
        /// Zero before version 13.
        package var topicID: KafkaUUID
        package var partitions: [Partition]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            topic = try version <= 12 ? reader.string() : ""
            topicID = try version >= 13 ? reader.uuid() : .zero
            partitions = try reader.array(of: Partition.self, version)
            try reader.taggedFields()
        }
    }

    package struct Partition: WireReadable, Equatable {
        package var partition: Int32
        /// What the client knows, to be fenced when it is out of date (KIP-320); -1 without.
        package var currentLeaderEpoch: Int32
        package var fetchOffset: Int64
        /// A follower's; -1 from a consumer.
        package var lastFetchedEpoch: Int32
        /// A follower's; -1 from a consumer.
        package var logStartOffset: Int64
        /// Of this partition; a first batch that is larger is sent all the same (KIP-74).
        package var partitionMaxBytes: Int32

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partition = try reader.int32()
            currentLeaderEpoch = try version >= 9 ? reader.int32() : -1
            fetchOffset = try reader.int64()
            lastFetchedEpoch = try version >= 12 ? reader.int32() : -1
            logStartOffset = try version >= 5 ? reader.int64() : -1
            partitionMaxBytes = try reader.int32()
            try reader.taggedFields()
        }
    }

    package struct ForgottenTopic: WireReadable, Equatable {
        /// Empty from version 13.
        package var topic: String
        /// Zero before version 13.
        package var topicID: KafkaUUID
        package var partitions: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            topic = try version <= 12 ? reader.string() : ""
            topicID = try version >= 13 ? reader.uuid() : .zero
            partitions = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}
