/// Deletes the access rules that match any of the filters (KIP-140, KIP-290). Versions 1-3, flexible from 2.
package struct DeleteACLsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.deleteAcls

    package var filters: [Filter]

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        filters = try reader.array(of: Filter.self, version)
        try reader.taggedFields()
    }
}

extension DeleteACLsRequest {
    package struct Filter: WireReadable, Equatable {
        package var resourceTypeFilter: ACLResourceType
        /// Nil matches every name.
        package var resourceNameFilter: String?
        package var patternTypeFilter: ACLPatternType
        /// Nil matches everybody.
        package var principalFilter: String?
        /// Nil matches every host.
        package var hostFilter: String?
        package var operation: ACLOperation
        package var permissionType: ACLPermissionType

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            resourceTypeFilter = try reader.choice()
            resourceNameFilter = try reader.nullableString()
            patternTypeFilter = try reader.choice()
            principalFilter = try reader.nullableString()
            hostFilter = try reader.nullableString()
            operation = try reader.choice()
            permissionType = try reader.choice()
            try reader.taggedFields()
        }
    }
}

/// Answers `DeleteACLsRequest`.
package struct DeleteACLsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.deleteAcls

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var filterResults: [FilterResult]

    package init(throttleTimeMs: Int32 = 0, filterResults: [FilterResult]) {
        self.throttleTimeMs = throttleTimeMs
        self.filterResults = filterResults
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.array(filterResults, version)
        writer.taggedFields()
    }
}

extension DeleteACLsResponse {
    package struct FilterResult: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var matchingAcls: [MatchingACL]

        package init(errorCode: ErrorCode = .noError, errorMessage: String? = nil, matchingAcls: [MatchingACL]) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.matchingAcls = matchingAcls
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.array(matchingAcls, version)
            writer.taggedFields()
        }
    }

    package struct MatchingACL: WireWritable, Equatable {
        package var errorCode: ErrorCode
        package var errorMessage: String?
        package var resourceType: ACLResourceType
        package var resourceName: String
        package var patternType: ACLPatternType
        /// `User:name`.
        package var principal: String
        package var host: String
        package var operation: ACLOperation
        package var permissionType: ACLPermissionType

        package init(
            errorCode: ErrorCode = .noError,
            errorMessage: String? = nil,
            resourceType: ACLResourceType,
            resourceName: String,
            patternType: ACLPatternType = .literal,
            principal: String,
            host: String,
            operation: ACLOperation,
            permissionType: ACLPermissionType
        ) {
            self.errorCode = errorCode
            self.errorMessage = errorMessage
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.patternType = patternType
            self.principal = principal
            self.host = host
            self.operation = operation
            self.permissionType = permissionType
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.error(errorCode)
            writer.nullableString(errorMessage)
            writer.int8(resourceType.rawValue)
            writer.string(resourceName)
            writer.int8(patternType.rawValue)
            writer.string(principal)
            writer.string(host)
            writer.int8(operation.rawValue)
            writer.int8(permissionType.rawValue)
            writer.taggedFields()
        }
    }
}
