/// What has a configuration (KIP-133).
package enum ConfigResourceType: Int8, Sendable, CaseIterable {
    case unknown = 0
    case topic = 2
    case broker = 4
    case brokerLogger = 8
    case clientMetrics = 16
    case group = 32
}

/// Where a configuration's value comes from (KIP-226).
package enum ConfigSource: Int8, Sendable, CaseIterable {
    case unknown = 0
    case topic = 1
    case dynamicBroker = 2
    case dynamicDefaultBroker = 3
    case staticBroker = 4
    case builtIn = 5
    case dynamicBrokerLogger = 6
}

/// How a configuration's value is written (KIP-569).
package enum ConfigType: Int8, Sendable, CaseIterable {
    case unknown = 0
    case boolean = 1
    case string = 2
    case int = 3
    case short = 4
    case long = 5
    case double = 6
    case list = 7
    case `class` = 8
    case password = 9
}

/// What happens to a configuration's key (KIP-339).
package enum ConfigOperation: Int8, Sendable, CaseIterable {
    case set = 0
    case delete = 1
    /// To a list.
    case append = 2
    /// From a list.
    case subtract = 3
}
