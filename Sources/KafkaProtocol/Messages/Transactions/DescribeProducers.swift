/// Asks which producers wrote to partitions lately (KIP-664). Version 0, flexible.
package struct DescribeProducersRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeProducers

    package var topics: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        topics = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension DescribeProducersRequest {
    package struct Topic: WireReadable, Equatable {
        package var name: String
        package var partitionIndexes: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            partitionIndexes = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}

/// Answers `DescribeProducersRequest`.
package struct DescribeProducersResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeProducers

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

extension DescribeProducersResponse {
    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var activeProducers: [Producer]

        package init(
            partitionIndex: Int32,
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil,
            activeProducers: [Producer]
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.activeProducers = activeProducers
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.array(activeProducers, version)
            writer.taggedFields()
        }
    }

    package struct Producer: WireWritable, Equatable {
        package var producerID: Int64
        package var producerEpoch: Int32
        package var lastSequence: Int32
        /// Milliseconds since 1970.
        package var lastTimestamp: Int64
        package var coordinatorEpoch: Int32
        /// -1 without an open transaction.
        package var currentTxnStartOffset: Int64

        package init(
            producerID: Int64,
            producerEpoch: Int32,
            lastSequence: Int32 = -1,
            lastTimestamp: Int64 = -1,
            coordinatorEpoch: Int32,
            currentTxnStartOffset: Int64 = -1
        ) {
            self.producerID = producerID
            self.producerEpoch = producerEpoch
            self.lastSequence = lastSequence
            self.lastTimestamp = lastTimestamp
            self.coordinatorEpoch = coordinatorEpoch
            self.currentTxnStartOffset = currentTxnStartOffset
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int64(producerID)
            writer.int32(producerEpoch)
            writer.int32(lastSequence)
            writer.int64(lastTimestamp)
            writer.int32(coordinatorEpoch)
            writer.int64(currentTxnStartOffset)
            writer.taggedFields()
        }
    }
}
