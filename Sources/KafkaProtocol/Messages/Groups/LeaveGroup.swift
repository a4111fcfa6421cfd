/// Leaves a group. Versions 0-5, flexible from 4.
///
/// Before version 3 (KIP-345) there is one member, and it is the only element here.
package struct LeaveGroupRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.leaveGroup

    package var groupID: String
    package var members: [Member]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupID = try reader.string()
        members = try version >= 3 ? reader.array(of: Member.self, version) : [Member(memberID: reader.string())]
        try reader.taggedFields()
    }
}

extension LeaveGroupRequest {
    package struct Member: WireReadable, Equatable {
        /// Empty where a static member is removed by its instance id.
        package var memberID: String
        /// Names a static member (KIP-345); nil for a dynamic one.
        package var groupInstanceID: String?
        /// Why, for the log (KIP-800).
        package var reason: String?

        fileprivate init(memberID: String) { self.memberID = memberID }

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            memberID = try reader.string()
            groupInstanceID = try reader.nullableString()
            reason = try version >= 5 ? reader.nullableString() : nil
            try reader.taggedFields()
        }
    }
}

/// Answers `LeaveGroupRequest`. Before version 3, the first member's error is sent as the request's.
package struct LeaveGroupResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.leaveGroup

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var members: [Member]

    package init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .noError, members: [Member] = []) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.members = members
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(version <= 2 && errorCode == .noError ? members.first?.errorCode ?? .noError : errorCode)
        if version >= 3 { writer.array(members, version) }
        writer.taggedFields()
    }
}

extension LeaveGroupResponse {
    package struct Member: WireWritable, Equatable {
        package var memberID: String
        /// Names a static member (KIP-345); nil for a dynamic one.
        package var groupInstanceID: String?
        package var errorCode: ErrorCode

        package init(memberID: String, groupInstanceID: String? = nil, errorCode: ErrorCode = .noError) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(memberID)
            writer.nullableString(groupInstanceID)
            writer.error(errorCode)
            writer.taggedFields()
        }
    }
}
