/// What an access rule is about, by kind and name (KIP-11, KIP-290).
public struct ACLResource: Sendable, Hashable {
    /// Of what kind the named things are.
    public var type: ResourceType
    /// Of the topic, group or transactional id; `*` with a literal pattern is all of them; `kafka-cluster` for the cluster.
    public var name: String
    /// How the name stands for names.
    public var pattern: Pattern

    /// What has this name, unless another pattern is given.
    public init(_ type: ResourceType, _ name: String, pattern: Pattern = .literal) {
        self.type = type
        self.name = name
        self.pattern = pattern
    }

    /// The cluster itself.
    public static let cluster = ACLResource(.cluster, "kafka-cluster")

    /// Kinds of resources.
    public enum ResourceType: String, Sendable, CaseIterable {
        /// Things with a name, and the cluster itself.
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
    /// As Kafka names them; `all` is every one of them.
    case all, read, write, create, delete, alter, describe, clusterAction, describeConfigs, alterConfigs
    /// Of a producer without a transactional id; implied by `write` since Kafka 2.8 (KIP-679).
    case idempotentWrite
    /// Only in answers: one that librdkafka does not know.
    case unknown
}

/// Whether a rule allows or forbids. What one rule forbids, no other allows.
public enum ACLPermission: String, Sendable, CaseIterable {
    /// A rule does one or the other.
    case allow, deny
    /// Only in answers: one that librdkafka does not know.
    case unknown
}

/// One access rule: who may, or may not, do what with which resource from where.
public struct ACLBinding: Sendable, Hashable, CustomStringConvertible {
    /// What it is about.
    public var resource: ACLResource
    /// For example `User:alice`; `User:*` is everybody.
    public var principal: String
    /// An address; `*` is every one.
    public var host: String
    /// What is allowed or forbidden.
    public var operation: ACLOperation
    /// Which of both.
    public var permission: ACLPermission

    /// Reads like a sentence: allow `User:alice` to `read` a topic from everywhere.
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

    /// The same sentence, for messages.
    public var description: String {
        "\(permission) \(principal) to \(operation) \(resource.pattern) \(resource.type) \(resource.name) from \(host)"
    }
}

/// Which access rules are meant; what is `nil` matches everything.
public struct ACLFilter: Sendable, Hashable, CustomStringConvertible {
    /// Kind of the resource.
    public var type: ACLResource.ResourceType?
    /// Name of the resource, as `pattern` takes it.
    public var name: String?
    /// How `name` is compared.
    public var pattern: PatternMatch
    /// For example `User:alice`.
    public var principal: String?
    /// The rule's own text: `*` matches only rules for every address.
    public var host: String?
    /// Exactly this one: `all` matches only rules for all.
    public var operation: ACLOperation?
    /// Allowing or forbidding rules.
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

    /// In words, for messages.
    public var description: String {
        let type = type?.rawValue ?? "any resource"
        let operation = operation?.rawValue ?? "any operation"
        let permission = permission?.rawValue ?? "any permission"
        return
            "\(permission) for \(principal ?? "anybody") to \(operation) on \(pattern) \(type) \(name ?? "of any name")"
            + " from \(host ?? "anywhere")"
    }
}
