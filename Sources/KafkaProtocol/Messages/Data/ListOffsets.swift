/// Asks for the offset of a time, or for the ends of partitions. Versions 0-7, flexible from 6.
///
/// Version 0 is the one that Burrow asks with. Kafka answered it with as many segments' first offsets as were asked for;
/// here it is answered with the offset itself, which is at most one.
package struct ListOffsetsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.listOffsets

    /// -1 for a consumer.
    package var replicaID: Int32
    package var isolationLevel: IsolationLevel
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        replicaID = try reader.int32()
        isolationLevel = try version >= 2 ? reader.choice() : .readUncommitted
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension ListOffsetsRequest {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireReadable, Equatable {
        package var partitionIndex: Int32
        /// What the client knows, to be fenced when it is out of date (KIP-320); -1 without.
        package var currentLeaderEpoch: Int32
        /// Milliseconds since 1970; -1 latest, -2 earliest, -3 the offset of the greatest timestamp (7+).
        package var timestamp: Int64
        /// The most offsets that are wanted (0 only).
        package var maxOffsets: Int32

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partitionIndex = try reader.int32()
            currentLeaderEpoch = try version >= 4 ? reader.int32() : -1
            timestamp = try reader.int64()
            maxOffsets = try version == 0 ? reader.int32() : 1
            try reader.taggedFields()
        }
    }
}

/// Answers `ListOffsetsRequest`.
package struct ListOffsetsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.listOffsets

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var topics: [Topic]

    package init(throttleTimeMs: Int32 = 0, topics: [Topic]) {
        self.throttleTimeMs = throttleTimeMs
        self.topics = topics
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 { writer.int32(throttleTimeMs) }
        writer.array(topics, version)
        writer.taggedFields()
    }
}

extension ListOffsetsResponse {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        package var errorCode: ErrorCode
        /// Of the record found; -1 for the ends of the log and when there is none.
        package var timestamp: Int64
        /// -1 when no record is that late.
        package var offset: Int64
        package var leaderEpoch: Int32

        package init(
            partitionIndex: Int32,
            errorCode: ErrorCode = .noError,
            timestamp: Int64 = -1,
            offset: Int64 = -1,
            leaderEpoch: Int32 = -1
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.timestamp = timestamp
            self.offset = offset
            self.leaderEpoch = leaderEpoch
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.error(errorCode)
            if version == 0 {
                writer.int32(offset >= 0 ? 1 : 0)
                if offset >= 0 { writer.int64(offset) }
                return
            }
            writer.int64(timestamp)
            writer.int64(offset)
            if version >= 4 { writer.int32(leaderEpoch) }
            writer.taggedFields()
        }
    }
}
