/// Deletes groups without members (KIP-229). Versions 0-2, flexible from 2.
package struct DeleteGroupsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.deleteGroups

    package var groupsNames: [String]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groupsNames = try reader.stringArray()
        try reader.taggedFields()
    }
}

/// Answers `DeleteGroupsRequest`.
package struct DeleteGroupsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.deleteGroups

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var results: [Result]

    package init(throttleTimeMs: Int32 = 0, results: [Result]) {
        self.throttleTimeMs = throttleTimeMs
        self.results = results
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(results, version)
        writer.taggedFields()
    }
}

extension DeleteGroupsResponse {
    package struct Result: WireWritable, Equatable {
        package var groupID: String
        package var errorCode: ErrorCode

        package init(groupID: String, errorCode: ErrorCode = .noError) {
            self.groupID = groupID
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupID)
            writer.error(errorCode)
            writer.taggedFields()
        }
    }
}
