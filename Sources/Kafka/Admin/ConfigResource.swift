public import Log

/// What has settings of its own.
public enum ConfigResource: Sendable, Hashable, CustomStringConvertible {
    /// By its name.
    case topic(TopicName)
    /// By its id; see ``ClusterDescription``.
    case broker(Int32)

    /// For example `topic orders`.
    public var description: String {
        switch self {
        case .topic(let name): "topic \(name)"
        case .broker(let id): "broker \(id)"
        }
    }
}

/// One setting of a topic or a broker.
public struct ConfigEntry: Sendable, Hashable {
    /// By Kafka's name, for example `retention.ms`.
    public let name: String
    /// `nil` where it is unset or sensitive.
    public let value: String?
    /// Where the value comes from.
    public let source: Source
    /// Whether it is what it would be if nobody had set it on this resource.
    public let isDefault: Bool
    /// Whether it cannot be altered while the broker runs.
    public let isReadOnly: Bool
    /// Whether it is a secret; the broker does not tell its value then.
    public let isSensitive: Bool

    /// Kafka's `ConfigEntry.ConfigSource` (KIP-226).
    public enum Source: String, Sendable, CaseIterable {
        /// Set for the topic.
        case topic
        /// Set for the broker while it runs.
        case broker
        /// Set for all brokers while they run.
        case allBrokers
        /// From the broker's file of settings.
        case file
        /// Built in.
        case builtIn
        /// The broker does not say, or librdkafka does not know it.
        case unknown
    }
}
