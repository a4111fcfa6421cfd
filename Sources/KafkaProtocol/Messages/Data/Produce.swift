package import NIOCore

/// Appends record batches to partitions. Versions 3-10, flexible from 9.
package struct ProduceRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.produce

    /// Nil outside a transaction.
    package var transactionalID: String?
    /// 0 wants no response, 1 the leader's, -1 that of all replicas in sync.
    package var acks: Int16
    /// Milliseconds that the client is willing to wait.
    package var timeoutMs: Int32
    package var topicData: [Topic]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.nullableString()
        acks = try reader.int16()
        timeoutMs = try reader.int32()
        topicData = try reader.array(of: Topic.self, version)
        try reader.taggedFields()
    }
}

extension ProduceRequest {
    package struct Topic: WireReadable, Equatable {
        package var name: String
        package var partitionData: [Partition]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            partitionData = try reader.array(of: Partition.self, version)
            try reader.taggedFields()
        }
    }

    package struct Partition: WireReadable, Equatable {
        package var index: Int32
        /// One record batch of magic 2; other numbers and magics are the log's to refuse. Not copied.
        package var records: ByteBuffer?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            index = try reader.int32()
            records = try reader.nullableBytes()
            try reader.taggedFields()
        }
    }
}

/// Answers `ProduceRequest`.
package struct ProduceResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.produce

    package var responses: [Topic]
    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32

    package init(responses: [Topic], throttleTimeMs: Int32 = 0) {
        self.responses = responses
        self.throttleTimeMs = throttleTimeMs
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.array(responses, version)
        writer.int32(throttleTimeMs)
        writer.taggedFields()
    }
}

extension ProduceResponse {
    package struct Topic: WireWritable, Equatable {
        package var name: String
        package var partitionResponses: [Partition]

        package init(name: String, partitionResponses: [Partition]) {
            self.name = name
            self.partitionResponses = partitionResponses
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(name)
            writer.array(partitionResponses, version)
            writer.taggedFields()
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var index: Int32
        package var errorCode: ErrorCode
        /// -1 with an error.
        package var baseOffset: Int64
        /// Milliseconds since 1970, -1 where the records keep their own time.
        package var logAppendTimeMs: Int64
        package var logStartOffset: Int64
        /// Empty where the batch as a whole is at fault.
        package var recordErrors: [RecordError]
        package var errorMessage: String?

        package init(
            index: Int32,
            errorCode: ErrorCode = .noError,
            baseOffset: Int64,
            logAppendTimeMs: Int64 = -1,
            logStartOffset: Int64 = -1,
            recordErrors: [RecordError] = [],
            errorMessage: String? = nil
        ) {
            self.index = index
            self.errorCode = errorCode
            self.baseOffset = baseOffset
            self.logAppendTimeMs = logAppendTimeMs
            self.logStartOffset = logStartOffset
            self.recordErrors = recordErrors
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(index)
            writer.error(errorCode)
            writer.int64(baseOffset)
            writer.int64(logAppendTimeMs)
            if version >= 5 { writer.int64(logStartOffset) }
            if version >= 8 { writer.array(recordErrors, version) }
            if version >= 8 { writer.nullableString(errorMessage) }
            writer.taggedFields()
        }
    }

    /// Why one record of a batch was refused (KIP-467).
    package struct RecordError: WireWritable, Equatable {
        /// From 0, within the batch.
        package var batchIndex: Int32
        package var batchIndexErrorMessage: String?

        package init(batchIndex: Int32, batchIndexErrorMessage: String? = nil) {
            self.batchIndex = batchIndex
            self.batchIndexErrorMessage = batchIndexErrorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(batchIndex)
            writer.nullableString(batchIndexErrorMessage)
            writer.taggedFields()
        }
    }
}
