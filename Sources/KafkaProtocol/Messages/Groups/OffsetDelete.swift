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
    package struct Topic: WireReadable, Equatable {
        package var name: String
        package var partitions: [Partition]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            partitions = try reader.array(of: Partition.self, version)
        }
    }

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
    package struct Topic: WireWritable, Equatable {
        package var name: String
        package var partitions: [Partition]

        package init(name: String, partitions: [Partition]) {
            self.name = name
            self.partitions = partitions
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.array(partitions, version)
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        package var errorCode: ErrorCode

        package init(partitionIndex: Int32, errorCode: ErrorCode = .noError) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.error(errorCode)
        }
    }
}
