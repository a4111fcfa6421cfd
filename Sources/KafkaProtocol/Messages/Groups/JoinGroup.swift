package import NIOCore

/// Joins a group, or joins it again for a new generation. Versions 0-9, flexible from 6.
package struct JoinGroupRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.joinGroup

    package var groupID: String
    /// Milliseconds without a heartbeat after which the member is out.
    package var sessionTimeoutMs: Int32
    /// Milliseconds that members have to join again; -1 takes the session's.
    package var rebalanceTimeoutMs: Int32
    /// Empty when the member joins for the first time.
    package var memberID: String
    /// Names a static member (KIP-345); nil for a dynamic one.
    package var groupInstanceID: String?
    package var protocolType: String
    /// In the order the member prefers them.
    package var protocols: [GroupProtocol]
    /// Why, for the log (KIP-800).
    package var reason: String?

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        sessionTimeoutMs = try reader.int32()
        rebalanceTimeoutMs = try version >= 1 ? reader.int32() : -1
        memberID = try reader.string()
        groupInstanceID = try version >= 5 ? reader.nullableString() : nil
        protocolType = try reader.string()
        protocols = try reader.array(of: GroupProtocol.self, version)
        reason = try version >= 8 ? reader.nullableString() : nil
        try reader.taggedFields()
    }
}

extension JoinGroupRequest {
    package struct GroupProtocol: WireReadable, Equatable {
        package var name: String
        /// The assignor's, not read by the broker. It shares the request's memory: copy it to keep it.
        package var metadata: ByteBuffer

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            metadata = try reader.bytes()
            try reader.taggedFields()
        }
    }
}

/// Answers `JoinGroupRequest`.
package struct JoinGroupResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.joinGroup

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var generationID: Int32
    package var protocolType: String?
    package var protocolName: String?
    package var leader: String
    /// Whether a leader that came back keeps the assignment (KIP-814).
    package var skipAssignment: Bool
    package var memberID: String
    /// Empty for all but the leader.
    package var members: [Member]

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        generationID: Int32 = -1,
        protocolType: String? = nil,
        protocolName: String? = nil,
        leader: String,
        skipAssignment: Bool = false,
        memberID: String,
        members: [Member]
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.generationID = generationID
        self.protocolType = protocolType
        self.protocolName = protocolName
        self.leader = leader
        self.skipAssignment = skipAssignment
        self.memberID = memberID
        self.members = members
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 2 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.int32(generationID)
        if version >= 7 { writer.nullableString(protocolType) }
        writer.nullableString(version >= 7 ? protocolName : protocolName ?? "")
        writer.string(leader)
        if version >= 9 { writer.bool(skipAssignment) }
        writer.string(memberID)
        writer.array(members, version)
        writer.taggedFields()
    }
}

extension JoinGroupResponse {
    package struct Member: WireWritable, Equatable {
        package var memberID: String
        /// Names a static member (KIP-345); nil for a dynamic one.
        package var groupInstanceID: String?
        /// What the member joined with for the chosen protocol.
        package var metadata: ByteBuffer

        package init(memberID: String, groupInstanceID: String? = nil, metadata: ByteBuffer) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.metadata = metadata
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(memberID)
            if version >= 5 { writer.nullableString(groupInstanceID) }
            writer.bytes(metadata)
            writer.taggedFields()
        }
    }
}
