/// Says that a transaction commits offsets of a group. Versions 0-3, flexible from 3.
package struct AddOffsetsToTxnRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.addOffsetsToTxn

    package var transactionalID: String
    package var producerID: Int64
    package var producerEpoch: Int16
    package var groupID: String

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        transactionalID = try reader.string()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        groupID = try reader.string()
        try reader.taggedFields()
    }
}

/// Answers `AddOffsetsToTxnRequest`.
package struct AddOffsetsToTxnResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.addOffsetsToTxn

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode

    package init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .noError) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.taggedFields()
    }
}
