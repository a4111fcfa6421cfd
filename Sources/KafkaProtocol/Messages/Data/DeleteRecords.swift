/// Drops the records of partitions below an offset. Versions 0-2, flexible from 2.
package struct DeleteRecordsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.deleteRecords

    package var topics: [Topic]
    /// Milliseconds that the client is willing to wait.
    package var timeoutMs: Int32

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array(of: Topic.self, version)
        timeoutMs = try reader.int32()
        try reader.taggedFields()
    }
}

extension DeleteRecordsRequest {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireReadable, Equatable {
        package var partitionIndex: Int32
        /// The first to keep; -1 for the high watermark.
        package var offset: Int64

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            partitionIndex = try reader.int32()
            offset = try reader.int64()
            try reader.taggedFields()
        }
    }
}

/// Answers `DeleteRecordsRequest`.
package struct DeleteRecordsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.deleteRecords

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

extension DeleteRecordsResponse {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        /// The first offset that is left; -1 with an error.
        package var lowWatermark: Int64
        package var errorCode: ErrorCode

        package init(partitionIndex: Int32, lowWatermark: Int64, errorCode: ErrorCode = .noError) {
            self.partitionIndex = partitionIndex
            self.lowWatermark = lowWatermark
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.int64(lowWatermark)
            writer.error(errorCode)
            writer.taggedFields()
        }
    }
}
