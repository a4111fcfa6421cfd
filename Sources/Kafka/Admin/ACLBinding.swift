/// What an access rule is about, by kind and name (KIP-11, KIP-290).
public struct ACLResource: Sendable, Hashable {
    /// What kind of thing.
    public var type: ResourceType
    /// Of the topic, group or transactional id; `*` with a literal pattern is all of them; `kafka-cluster` for the cluster.
    public var name: String
    /// How ``name`` is meant.
    public var pattern: Pattern

    /// A resource by its own name, unless `pattern` says otherwise.
    public init(_ type: ResourceType, _ name: String, pattern: Pattern = .literal) {
        self.type = type
        self.name = name
        self.pattern = pattern
    }

    /// The cluster itself.
    public static let cluster = ACLResource(.cluster, "kafka-cluster")

    /// Kinds of resources.
    public enum ResourceType: String, Sendable, CaseIterable {
        case topic, group, cluster
        /// Not known to librdkafka before 2.3, which refuses it.
        case transactionalID
        /// Only in answers: one that librdkafka does not know.
        case unknown
    }

    /// How a rule's name stands for names.
    public enum Pattern: String, Sendable, CaseIterable {
        /// For itself, or `*` for all.
        case literal
        /// For all that begin with it.
        case prefixed
        /// Only in answers: one that librdkafka does not know.
        case unknown
    }
}

/// What a rule lets somebody do, or forbids (KIP-11).
public enum ACLOperation: String, Sendable, CaseIterable {
    case all, read, write, create, delete, alter, describe, clusterAction, describeConfigs, alterConfigs
    case idempotentWrite
    /// Only in answers: one that librdkafka does not know.
    case unknown
}

/// Whether a rule allows or forbids. What one rule forbids, no other allows.
public enum ACLPermission: String, Sendable, CaseIterable {
    case allow, deny
    /// Only in answers: one that librdkafka does not know.
    case unknown
}

/// One access rule: who may, or may not, do what with which resource from where.
public struct ACLBinding: Sendable, Hashable, CustomStringConvertible {
    /// With what.
    public var resource: ACLResource
    /// For example `User:alice`; `User:*` is everybody.
    public var principal: String
    /// An address; `*` is every one.
    public var host: String
    /// Doing what.
    public var operation: ACLOperation
    /// Allowed or forbidden.
    public var permission: ACLPermission

    /// A rule that reads as a sentence: `ACLBinding(.allow, "User:alice", to: .read, ACLResource(.topic, "orders"))`.
    public init(
        _ permission: ACLPermission,
        _ principal: String,
        to operation: ACLOperation,
        _ resource: ACLResource,
        from host: String = "*"
    ) {
        self.resource = resource
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    public var description: String {
        "\(permission) \(principal) to \(operation) \(resource.pattern) \(resource.type) \(resource.name) from \(host)"
    }
}

/// Which access rules are meant; what is `nil` matches everything.
public struct ACLFilter: Sendable, Hashable, CustomStringConvertible {
    /// Rules about this kind of thing.
    public var type: ACLResource.ResourceType?
    /// Rules about this name, by ``pattern``.
    public var name: String?
    /// How ``name`` is compared with the rules' names.
    public var pattern: PatternMatch
    /// Rules for exactly this principal.
    public var principal: String?
    /// Rules for exactly this address.
    public var host: String?
    /// Rules about exactly this operation.
    public var operation: ACLOperation?
    /// Rules that allow, or rules that forbid.
    public var permission: ACLPermission?

    /// Which patterns match a filter's name.
    public enum PatternMatch: String, Sendable, CaseIterable {
        /// Rules with this name, whatever their pattern.
        case any
        /// Rules that apply to this name: literal ones, `*`, and prefixes of it.
        case applying
        /// Literal rules with this name.
        case literal
        /// Prefixed rules with this name.
        case prefixed
    }

    /// Every rule, as far as nothing is said.
    public init(
        type: ACLResource.ResourceType? = nil,
        name: String? = nil,
        pattern: PatternMatch = .any,
        principal: String? = nil,
        host: String? = nil,
        operation: ACLOperation? = nil,
        permission: ACLPermission? = nil
    ) {
        self.type = type
        self.name = name
        self.pattern = pattern
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    public var description: String {
        let type = type?.rawValue ?? "any resource"
        let operation = operation?.rawValue ?? "any operation"
        let permission = permission?.rawValue ?? "any permission"
        return
            "\(permission) for \(principal ?? "anybody") to \(operation) on \(pattern) \(type) \(name ?? "of any name")"
            + " from \(host ?? "anywhere")"
    }
}
