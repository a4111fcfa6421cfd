package import NIOCore

/// Answers `FetchRequest`. Versions 4-16, flexible from 12.
///
/// The tagged fields tell of other leaders, diverging epochs and snapshots, none of which one node has.
package struct FetchResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.fetch

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    /// 0 when there is no session (KIP-227).
    package var sessionID: Int32
    package var responses: [Topic]

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        sessionID: Int32 = 0,
        responses: [Topic]
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.sessionID = sessionID
        self.responses = responses
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        if version >= 7 { writer.error(errorCode) }
        if version >= 7 { writer.int32(sessionID) }
        writer.array(responses, version)
        writer.taggedFields()
    }
}

extension FetchResponse {
    package struct Topic: WireWritable, Equatable {
        /// Not sent from version 13.
        package var topic: String
        /// Sent from version 13.
        package var topicID: KafkaUUID
        package var partitions: [Partition]

        package init(topic: String, topicID: KafkaUUID = .zero, partitions: [Partition]) {
            self.topic = topic
            self.topicID = topicID
            self.partitions = partitions
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            if version <= 12 { writer.string(topic) }
            if version >= 13 { writer.uuid(topicID) }
            writer.array(partitions, version)
            writer.taggedFields()
        }
    }

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        package var errorCode: ErrorCode
        /// -1 with an error.
        package var highWatermark: Int64
        /// -1 with an error.
        package var lastStableOffset: Int64
        package var logStartOffset: Int64
        /// Those whose records are among `records`, for a client that reads committed records; else nil.
        package var abortedTransactions: [AbortedTransaction]?
        package var preferredReadReplica: Int32
        package var records: Records

        package init(
            partitionIndex: Int32,
            errorCode: ErrorCode = .noError,
            highWatermark: Int64 = -1,
            lastStableOffset: Int64 = -1,
            logStartOffset: Int64 = -1,
            abortedTransactions: [AbortedTransaction]? = nil,
            preferredReadReplica: Int32 = -1,
            records: Records = .inline(ByteBuffer())
        ) {
            self.partitionIndex = partitionIndex
            self.errorCode = errorCode
            self.highWatermark = highWatermark
            self.lastStableOffset = lastStableOffset
            self.logStartOffset = logStartOffset
            self.abortedTransactions = abortedTransactions
            self.preferredReadReplica = preferredReadReplica
            self.records = records
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.error(errorCode)
            writer.int64(highWatermark)
            writer.int64(lastStableOffset)
            if version >= 5 { writer.int64(logStartOffset) }
            writer.nullableArray(abortedTransactions, version)
            if version >= 11 { writer.int32(preferredReadReplica) }
            switch records {
            case .inline(let bytes): writer.bytes(bytes)
            case .external(let count): writer.externalBytes(count: count)
            }
            writer.taggedFields()
        }
    }

    /// Whole record batches. Without any the field is empty, not null: some clients stumble over null.
    package enum Records: Sendable, Equatable {
        case inline(ByteBuffer)
        /// So many bytes that the connection sends from a file: one `WireWriter.Gap` unless 0.
        case external(count: Int)
    }

    package struct AbortedTransaction: WireWritable, Equatable {
        package var producerID: Int64
        /// Of the transaction's first record.
        package var firstOffset: Int64

        package init(producerID: Int64, firstOffset: Int64) {
            self.producerID = producerID
            self.firstOffset = firstOffset
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int64(producerID)
            writer.int64(firstOffset)
            writer.taggedFields()
        }
    }
}
