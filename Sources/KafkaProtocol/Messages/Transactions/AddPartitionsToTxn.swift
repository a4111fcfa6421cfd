/// Says which partitions a transaction writes to. Versions 0-3, flexible from 3.
package struct AddPartitionsToTxnRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.addPartitionsToTxn

    package var transactionalID: String
    package var producerID: Int64
    package var producerEpoch: Int16
    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension AddPartitionsToTxnRequest {
    package struct Topic: WireReadable, Equatable {
        package var name: String
        package var partitions: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            partitions = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}

/// Answers `AddPartitionsToTxnRequest`.
package struct AddPartitionsToTxnResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.addPartitionsToTxn

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var resultsByTopic: [Topic]

    package init(throttleTimeMs: Int32 = 0, resultsByTopic: [Topic]) {
        self.throttleTimeMs = throttleTimeMs
        self.resultsByTopic = resultsByTopic
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(resultsByTopic, version)
        writer.taggedFields()
    }
}

extension AddPartitionsToTxnResponse {
    package struct Topic: WireWritable, Equatable {
        package var name: String
        package var resultsByPartition: [Partition]

        package init(name: String, resultsByPartition: [Partition]) {
            self.name = name
            self.resultsByPartition = resultsByPartition
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.array(resultsByPartition, version)
            writer.taggedFields()
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        package var partitionErrorCode: ErrorCode

        package init(partitionIndex: Int32, partitionErrorCode: ErrorCode = .noError) {
            self.partitionIndex = partitionIndex
            self.partitionErrorCode = partitionErrorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.error(partitionErrorCode)
            writer.taggedFields()
        }
    }
}
