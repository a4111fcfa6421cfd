/// Asks for the access rules that match a filter (KIP-140, KIP-290). Versions 1-3, flexible from 2.
package struct DescribeACLsRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.describeAcls

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

/// Answers `DescribeACLsRequest`.
package struct DescribeACLsResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.describeAcls

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var errorCode: ErrorCode
    package var errorMessage: String?
    package var resources: [Resource]

    package init(
        throttleTimeMs: Int32 = 0,
        errorCode: ErrorCode = .noError,
        errorMessage: String? = nil,
        resources: [Resource]
    ) {
        self.throttleTimeMs = throttleTimeMs
        self.errorCode = errorCode
        self.errorMessage = errorMessage
        self.resources = resources
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        writer.int32(throttleTimeMs)
        writer.error(errorCode)
        writer.nullableString(errorMessage)
        writer.array(resources, version)
        writer.taggedFields()
    }
}

extension DescribeACLsResponse {
    package struct Resource: WireWritable, Equatable {
        package var resourceType: ACLResourceType
        package var resourceName: String
        package var patternType: ACLPatternType
        package var acls: [ACL]

        package init(
            resourceType: ACLResourceType,
            resourceName: String,
            patternType: ACLPatternType = .literal,
            acls: [ACL]
        ) {
            self.resourceType = resourceType
            self.resourceName = resourceName
            self.patternType = patternType
            self.acls = acls
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int8(resourceType.rawValue)
            writer.string(resourceName)
            writer.int8(patternType.rawValue)
            writer.array(acls, version)
            writer.taggedFields()
        }
    }

    package struct ACL: WireWritable, Equatable {
        /// `User:name`.
        package var principal: String
        package var host: String
        package var operation: ACLOperation
        package var permissionType: ACLPermissionType

        package init(principal: String, host: String, operation: ACLOperation, permissionType: ACLPermissionType) {
            self.principal = principal
            self.host = host
            self.operation = operation
            self.permissionType = permissionType
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(principal)
            writer.string(host)
            writer.int8(operation.rawValue)
            writer.int8(permissionType.rawValue)
            writer.taggedFields()
        }
    }
}
