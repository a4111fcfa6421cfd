/// Creates access rules (KIP-140, KIP-290). Versions 1-3, flexible from 2.
package struct CreateACLsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.createAcls

    package var creations: [Creation]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        creations = try reader.array(of: Creation.self, version)
        try reader.taggedFields()
    }
}

extension CreateACLsRequest {
    package struct Creation: WireReadable, Equatable {
        package var resourceType: ACLResourceType
        package var resourceName: String
        package var resourcePatternType: ACLPatternType
        /// `User:name`.
        package var principal: String
        /// An address, or `*`.
        package var host: String
        package var operation: ACLOperation
        package var permissionType: ACLPermissionType

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            resourceType = try reader.choice()
            resourceName = try reader.string()
            resourcePatternType = try reader.choice()
            principal = try reader.string()
            host = try reader.string()
            operation = try reader.choice()
            permissionType = try reader.choice()
            try reader.taggedFields()
        }
    }
}

/// Answers `CreateACLsRequest`.
package struct CreateACLsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.createAcls

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

extension CreateACLsResponse {
    package struct Result: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var errorMessage: String?

        package init(errorCode: ErrorCode = .noError, errorMessage: String? = nil) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.taggedFields()
        }
    }
}
