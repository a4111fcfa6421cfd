/// Asks where a leader epoch ended (KIP-101, KIP-320). Versions 2-4, flexible from 4.
package struct OffsetForLeaderEpochRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.offsetForLeaderEpoch

    /// -1 for a consumer, -2 where it is not said.
    package var replicaID: Int32
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        replicaID = try version >= 3 ? reader.int32() : -2
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension OffsetForLeaderEpochRequest {
    package struct Topic: WireReadable, Equatable {
        package var topic: String
        package var partitions: [Partition]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            topic = try reader.string()
            partitions = try reader.array(of: Partition.self, version)
            try reader.taggedFields()
        }
    }

    package struct Partition: WireReadable, Equatable {
        package var partition: Int32
        /// What the client knows, to be fenced when it is out of date (KIP-320); -1 without.
        package var currentLeaderEpoch: Int32
        package var leaderEpoch: Int32

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partition = try reader.int32()
            currentLeaderEpoch = try reader.int32()
            leaderEpoch = try reader.int32()
            try reader.taggedFields()
        }
    }
}

/// Answers `OffsetForLeaderEpochRequest`.
package struct OffsetForLeaderEpochResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.offsetForLeaderEpoch

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

extension OffsetForLeaderEpochResponse {
    package struct Topic: WireWritable, Equatable {
        package var topic: String
        package var partitions: [Partition]

        package init(topic: String, partitions: [Partition]) {
            self.topic = topic
            self.partitions = partitions
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(topic)
            writer.array(partitions, version)
            writer.taggedFields()
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var partition: Int32
        package var leaderEpoch: Int32
        /// The offset behind the epoch's last record; -1 when the epoch is not known.
        package var endOffset: Int64

        package init(
            errorCode: ErrorCode = .noError,
            partition: Int32,
            leaderEpoch: Int32 = -1,
            endOffset: Int64 = -1
        ) {
            self.errorCode = errorCode
            self.partition = partition
            self.leaderEpoch = leaderEpoch
            self.endOffset = endOffset
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.int32(partition)
            writer.int32(leaderEpoch)
            writer.int64(endOffset)
            writer.taggedFields()
        }
    }
}
