package import NIOCore

/// Asks for state and members of groups. Versions 0-5, flexible from 5.
package struct DescribeGroupsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeGroups

    package var groups: [String]
    package var includeAuthorizedOperations: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groups = try reader.stringArray()
        includeAuthorizedOperations = try version >= 3 ? reader.bool() : false
        try reader.taggedFields()
    }
}

/// Answers `DescribeGroupsRequest`.
package struct DescribeGroupsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeGroups

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var groups: [Group]

    package init(throttleTimeMs: Int32 = 0, groups: [Group]) {
        self.throttleTimeMs = throttleTimeMs
        self.groups = groups
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.array(groups, version)
        writer.taggedFields()
    }
}

extension DescribeGroupsResponse {
    package struct Group: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var groupID: String
        /// `Stable`, `Empty`, `Dead`, `PreparingRebalance` or `CompletingRebalance`.
        package var groupState: String
        package var protocolType: String
        /// The name of the chosen protocol; empty without.
        package var protocolData: String
        package var members: [Member]
        /// A bit for each `ACLOperation`; `Int32.min` when nobody asked.
        package var authorizedOperations: Int32

        package init(
            errorCode: ErrorCode = .noError,
            groupID: String,
            groupState: String,
            protocolType: String,
            protocolData: String,
            members: [Member],
            authorizedOperations: Int32 = .min
        ) {
            self.errorCode = errorCode
            self.groupID = groupID
            self.groupState = groupState
            self.protocolType = protocolType
            self.protocolData = protocolData
            self.members = members
            self.authorizedOperations = authorizedOperations
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.string(groupID)
            writer.string(groupState)
            writer.string(protocolType)
            writer.string(protocolData)
            writer.array(members, version)
            if version >= 3 { writer.int32(authorizedOperations) }
            writer.taggedFields()
        }
    }

    package struct Member: WireWritable, Equatable {
        package var memberID: String
        /// Names a static member (KIP-345); nil for a dynamic one.
        package var groupInstanceID: String?
        package var clientID: String
        package var clientHost: String
        package var memberMetadata: ByteBuffer
        package var memberAssignment: ByteBuffer

        package init(
            memberID: String,
            groupInstanceID: String? = nil,
            clientID: String,
            clientHost: String,
            memberMetadata: ByteBuffer,
            memberAssignment: ByteBuffer
        ) {
            self.memberID = memberID
            self.groupInstanceID = groupInstanceID
            self.clientID = clientID
            self.clientHost = clientHost
            self.memberMetadata = memberMetadata
            self.memberAssignment = memberAssignment
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(memberID)
            if version >= 4 { writer.nullableString(groupInstanceID) }
            writer.string(clientID)
            writer.string(clientHost)
            writer.bytes(memberMetadata)
            writer.bytes(memberAssignment)
            writer.taggedFields()
        }
    }
}
