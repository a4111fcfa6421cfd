internal import KafkaProtocol

/// Which rules DescribeAcls and DeleteAcls are about (`AclBindingFilter`): `nil` and `any` match everything.
struct AccessRuleFilter: Sendable {
    var type: ACLResourceType
    var name: String?
    var pattern: ACLPatternType
    var principal: String?
    var host: String?
    var operation: ACLOperation
    var permission: ACLPermissionType

    func matches(_ rule: AccessRule) -> Bool {
        (type == .any || type == rule.wireType)
            && (principal == nil || principal == rule.principal)
            && (host == nil || host == rule.host)
            && (operation == .any || operation == rule.wireOperation)
            && (permission == .any || permission == rule.wirePermission)
            && matchesName(rule)
    }

    private func matchesName(_ rule: AccessRule) -> Bool {
        switch pattern {
        case .any: return name == nil || name == rule.resourceName
        case .match: return name.map { rule.covers(rule.resourceType, $0) } ?? true
        default: return pattern == rule.wirePattern && (name == nil || name == rule.resourceName)
        }
    }
}

extension AccessRule {
    var wireType: ACLResourceType { ACLResourceType(rawValue: resourceType.rawValue) ?? .unknown }
    var wirePattern: ACLPatternType { ACLPatternType(rawValue: patternType.rawValue) ?? .unknown }
    var wireOperation: ACLOperation { ACLOperation(rawValue: operation.rawValue) ?? .unknown }
    var wirePermission: ACLPermissionType { isAllowed ? .allow : .deny }

    /// The only name of a cluster (Kafka's `Resource.CLUSTER_NAME`).
    static let cluster = "kafka-cluster"

    /// `nil` unless the rule is about one type, one pattern, one operation and one permission.
    init?(_ creation: CreateACLsRequest.Creation) {
        guard let type = ResourceType(rawValue: creation.resourceType.rawValue),
            let pattern = PatternType(rawValue: creation.resourcePatternType.rawValue),
            let operation = AccessOperation(rawValue: creation.operation.rawValue),
            creation.permissionType == .allow || creation.permissionType == .deny,
            !creation.resourceName.isEmpty, type != .cluster || creation.resourceName == Self.cluster,
            !creation.host.isEmpty, creation.principal.hasPrefix("User:")
        else { return nil }
        self.init(
            resourceType: type,
            resourceName: creation.resourceName,
            patternType: pattern,
            principal: creation.principal,
            host: creation.host,
            operation: operation,
            isAllowed: creation.permissionType == .allow
        )
    }
}

extension DeleteACLsResponse.MatchingACL {
    init(_ rule: AccessRule) {
        self.init(
            resourceType: rule.wireType,
            resourceName: rule.resourceName,
            patternType: rule.wirePattern,
            principal: rule.principal,
            host: rule.host,
            operation: rule.wireOperation,
            permissionType: rule.wirePermission
        )
    }
}
