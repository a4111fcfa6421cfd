/// What a rule is about (Kafka's `ResourceType` and its numbers).
package enum ResourceType: Int8, Sendable, Codable, CaseIterable {
    case topic = 2
    case group = 3
    case cluster = 4
    case transactionalID = 5
    case delegationToken = 6
    case user = 7
}

/// What somebody wants to do (Kafka's `AclOperation` and its numbers).
package enum AccessOperation: Int8, Sendable, Codable, CaseIterable {
    case all = 2
    case read = 3
    case write = 4
    case create = 5
    case delete = 6
    case alter = 7
    case describe = 8
    case clusterAction = 9
    case describeConfigs = 10
    case alterConfigs = 11
    case idempotentWrite = 12
    case createTokens = 13
    case describeTokens = 14

    /// Whether a rule that allows `self` allows `other` too (`AclAuthorizer`: read, write, delete and alter imply
    /// describe; alterConfigs implies describeConfigs).
    func implies(_ other: AccessOperation) -> Bool {
        switch self {
        case .all: true
        case .read, .write, .delete, .alter: other == self || other == .describe
        case .alterConfigs: other == self || other == .describeConfigs
        default: other == self
        }
    }
}

/// How a rule names resources (Kafka's `PatternType` and its numbers).
package enum PatternType: Int8, Sendable, Codable {
    case literal = 3
    case prefixed = 4
}

/// One rule: who may, or may not, do what to which resources from where.
package struct AccessRule: Sendable, Hashable, Codable {
    package var resourceType: ResourceType
    /// A name, a prefix, or `*` for any (literal only).
    package var resourceName: String
    package var patternType: PatternType
    /// `User:<name>`, or `User:*`.
    package var principal: String
    /// An address, or `*`.
    package var host: String
    package var operation: AccessOperation
    package var isAllowed: Bool

    /// Whether the rule is about this resource.
    func covers(_ type: ResourceType, _ name: String) -> Bool {
        guard resourceType == type else { return false }
        return switch patternType {
        case .literal: resourceName == name || resourceName == "*"
        case .prefixed: name.hasPrefix(resourceName)
        }
    }

    /// Whether the rule is about every resource of its type.
    var coversAll: Bool { patternType == .literal && resourceName == "*" }

    /// Whether the rule is about everything that `other` is about. Of one type both.
    func covers(_ other: AccessRule) -> Bool {
        switch patternType {
        case .literal: coversAll || other.patternType == .literal && other.resourceName == resourceName
        case .prefixed: !other.coversAll && other.resourceName.hasPrefix(resourceName)
        }
    }

    /// Whether the rule is about this client.
    func names(_ client: Client) -> Bool {
        (principal == client.principal || principal == "User:*") && (host == "*" || host == client.host)
    }
}

/// Who asks.
package struct Client: Sendable, Hashable {
    /// `User:<name>`; `User:ANONYMOUS` when nobody was asked.
    package var principal: String
    /// The peer's address, without its port.
    package var host: String

    /// Who has not said who they are.
    package static func anonymous(host: String) -> Client { Client(principal: "User:ANONYMOUS", host: host) }
}
