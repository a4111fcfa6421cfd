/// What an access rule is about. Source: KIP-140 and `org.apache.kafka.common.resource.ResourceType`.
package enum ACLResourceType: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters.
    case any = 1
    case topic = 2
    case group = 3
    case cluster = 4
    case transactionalID = 5
    case delegationToken = 6
    case user = 7
}

/// How a rule's resource name is compared (KIP-290).
package enum ACLPatternType: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters: every pattern type.
    case any = 1
    /// In filters: all rules that hold for the name, be they literal, prefixed or `*`.
    case match = 2
    case literal = 3
    case prefixed = 4
}

/// What a rule allows or denies; the raw value is also the bit in "authorized operations" (KIP-430).
package enum ACLOperation: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters.
    case any = 1
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
}

/// Which way a rule decides.
package enum ACLPermissionType: Int8, Sendable, CaseIterable {
    case unknown = 0
    /// In filters.
    case any = 1
    case deny = 2
    case allow = 3
}
