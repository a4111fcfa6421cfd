/// Keeps a member in its group. Versions 0-4, flexible from 4.
package struct HeartbeatRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.heartbeat

    package var groupID: String
    package var generationID: Int32
    package var memberID: String
    /// Names a static member (KIP-345); nil for a dynamic one.
    package var groupInstanceID: String?

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        generationID = try reader.int32()
        memberID = try reader.string()
        groupInstanceID = try version >= 3 ? reader.nullableString() : nil
        try reader.taggedFields()
    }
}

/// Answers `HeartbeatRequest`.
package struct HeartbeatResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.heartbeat

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode

    package init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .noError) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.taggedFields()
    }
}
