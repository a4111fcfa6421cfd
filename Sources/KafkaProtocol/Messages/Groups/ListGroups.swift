/// Asks which groups there are. Versions 0-4, flexible from 3.
package struct ListGroupsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.listGroups

    /// Empty for all states.
    package var statesFilter: [String]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        statesFilter = try version >= 4 ? reader.stringArray() : []
        try reader.taggedFields()
    }
}

/// Answers `ListGroupsRequest`.
package struct ListGroupsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.listGroups

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var groups: [Group]

    package init(throttleTimeMs: Int32 = 0, errorCode: ErrorCode = .noError, groups: [Group]) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.groups = groups
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 1 { writer.int32(throttleTimeMs) }
        writer.error(errorCode)
        writer.array(groups, version)
        writer.taggedFields()
    }
}

extension ListGroupsResponse {
    package struct Group: WireWritable, Equatable {
        package var groupID: String
        package var protocolType: String
        /// `Stable`, `Empty`, `Dead`, `PreparingRebalance` or `CompletingRebalance`.
        package var groupState: String

        package init(groupID: String, protocolType: String, groupState: String = "") {
            self.groupID = groupID
            self.protocolType = protocolType
            self.groupState = groupState
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupID)
            writer.string(protocolType)
            if version >= 4 { writer.string(groupState) }
            writer.taggedFields()
        }
    }
}
