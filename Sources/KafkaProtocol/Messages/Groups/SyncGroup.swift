package import NIOCore

/// Hands over the leader's assignment and waits for one's own. Versions 0-5, flexible from 4.
package struct SyncGroupRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.syncGroup

    package var groupID: String
    package var generationID: Int32
    package var memberID: String
    /// Names a static member (KIP-345); nil for a dynamic one.
    package var groupInstanceID: String?
    package var protocolType: String?
    package var protocolName: String?
    /// Empty from all but the leader.
    package var assignments: [Assignment]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        generationID = try reader.int32()
        memberID = try reader.string()
        groupInstanceID = try version >= 3 ? reader.nullableString() : nil
        protocolType = try version >= 5 ? reader.nullableString() : nil
        protocolName = try version >= 5 ? reader.nullableString() : nil
        assignments = try reader.array(of: Assignment.self, version)
        try reader.taggedFields()
    }
}

extension SyncGroupRequest {
    package struct Assignment: WireReadable, Equatable {
        package var memberID: String
        package var assignment: ByteBuffer

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            memberID = try reader.string()
            assignment = try reader.bytes()
            try reader.taggedFields()
        }
    }
}

/// Answers `SyncGroupRequest`.
package struct SyncGroupResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.syncGroup

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var protocolType: String?
    package var protocolName: String?
    package var assignment: ByteBuffer

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        protocolType: String? = nil,
        protocolName: String? = nil,
        assignment: ByteBuffer
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.assignment = assignment
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        if version >= 5 { writer.nullableString(protocolType) }
        if version >= 5 { writer.nullableString(protocolName) }
        writer.bytes(assignment)
        writer.taggedFields()
    }
}
