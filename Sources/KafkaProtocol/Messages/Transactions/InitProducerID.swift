/// Asks for a producer id, or for a new epoch of one's own (KIP-98, KIP-360). Versions 0-4, flexible from 2.
package struct InitProducerIDRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.initProducerID

    /// Nil for idempotence alone.
    package var transactionalID: String?
    /// Milliseconds after which a transaction is aborted.
    package var transactionTimeoutMs: Int32
    /// The one whose epoch is to go up (KIP-360); -1 for a new one.
    package var producerID: Int64
    package var producerEpoch: Int16

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.nullableString()
        transactionTimeoutMs = try reader.int32()
        producerID = try version >= 3 ? reader.int64() : -1
        producerEpoch = try version >= 3 ? reader.int16() : -1
        try reader.taggedFields()
    }
}

/// Answers `InitProducerIDRequest`.
package struct InitProducerIDResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.initProducerID

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    /// -1 with an error.
    package var producerID: Int64
    package var producerEpoch: Int16

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        producerID: Int64 = -1,
        producerEpoch: Int16
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.producerID = producerID
        self.producerEpoch = producerEpoch
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.int64(producerID)
        writer.int16(producerEpoch)
        writer.taggedFields()
    }
}
