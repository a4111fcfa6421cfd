/// Asks what the broker's directories hold (KIP-113). Versions 1-4, flexible from 2.
package struct DescribeLogDirsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeLogDirs

    /// Nil asks for all.
    package var topics: [Topic]?

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.nullableArray(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension DescribeLogDirsRequest {
    package struct Topic: WireReadable, Equatable {
        package var topic: String
        package var partitions: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            topic = try reader.string()
            partitions = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}

/// Answers `DescribeLogDirsRequest`.
package struct DescribeLogDirsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeLogDirs

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var results: [Result]

    package init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .noError, results: [Result]) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.results = results
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        if version >= 3 { writer.error(errorCode) }
        writer.array(results, version)
        writer.taggedFields()
    }
}

extension DescribeLogDirsResponse {
    package struct Result: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var logDir: String
        package var topics: [Topic]
        /// Of the volume; -1 when not known.
        package var totalBytes: Int64
        /// Free on the volume; -1 when not known.
        package var usableBytes: Int64

        package init(
            errorCode: ErrorCode = .noError,
            logDir: String,
            topics: [Topic],
            totalBytes: Int64 = -1,
            usableBytes: Int64 = -1
        ) {
            self.errorCode = errorCode
            self.logDir = logDir
            self.topics = topics
            self.totalBytes = totalBytes
            self.usableBytes = usableBytes
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.string(logDir)
            writer.array(topics, version)
            if version >= 4 { writer.int64(totalBytes) }
            if version >= 4 { writer.int64(usableBytes) }
            writer.taggedFields()
        }
    }

    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        /// Bytes of all segments.
        package var partitionSize: Int64
        /// Records that a replica is behind; 0 on a leader.
        package var offsetLag: Int64
        /// Whether the partition is on its way into another directory.
        package var isFutureKey: Bool

        package init(partitionIndex: Int32, partitionSize: Int64, offsetLag: Int64, isFutureKey: Bool) {
            self.partitionIndex = partitionIndex
            self.partitionSize = partitionSize
            self.offsetLag = offsetLag
            self.isFutureKey = isFutureKey
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.int64(partitionSize)
            writer.int64(offsetLag)
            writer.bool(isFutureKey)
            writer.taggedFields()
        }
    }
}
