internal import CLibrdkafka
internal import Log

/// How to reach a cluster: the brokers, and any librdkafka property as it stands in its CONFIGURATION.md.
///
/// Properties are checked when a client is opened; one that librdkafka does not know, or a value that it refuses, is a
/// ``Log/LogError/Code/configuration`` error with librdkafka's own sentence. Properties that carry a client's promises
/// (`group.id`, `enable.auto.commit`, `transactional.id`, …; see ``reserved``) cannot be set here.
public struct ClientConfiguration: Sendable, Hashable, CustomStringConvertible {
    /// `host:port`, one or more; a few of a large cluster are enough.
    public var brokers: [String]
    /// librdkafka properties by name, for example `security.protocol: sasl_ssl`. They win over busbar's defaults.
    public var properties: [String: String]

    public init(brokers: [String], properties: [String: String] = [:]) {
        self.brokers = brokers
        self.properties = properties
    }

    /// Names of the brokers and of the properties; never a property's value, which may be a secret.
    public var description: String {
        "brokers \(brokers.joined(separator: ",")), properties \(properties.keys.sorted().joined(separator: ","))"
    }

    /// Properties that busbar sets itself because its guarantees rest on them.
    public static let reserved: Set<String> = [
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "enable.auto.commit",
        "enable.auto.offset.store", "enable.partition.eof", "auto.offset.reset", "isolation.level",
        "enable.idempotence", "acks", "request.required.acks", "transactional.id", "transaction.timeout.ms",
        "produce.offset.report", "log.queue", "enabled_events",
    ]

    /// Refuses what cannot work before a thread or a socket exists.
    func validate() throws(LogError) {
        guard !brokers.isEmpty, brokers.allSatisfy({ !$0.isEmpty }) else {
            throw LogError.configuration("no broker is configured; give at least one as host:port")
        }
        if let name = properties.keys.sorted().first(where: Self.reserved.contains) {
            throw LogError.configuration("property \(name) is set by busbar itself; remove it from `kafka:`")
        }
    }

    /// Whether a property's value must not appear in a message: librdkafka's refusals quote the value.
    static func isSecret(_ property: String) -> Bool {
        let words = [
            "password", "secret", "key.pem", "certificate.pem", "oauthbearer.config", "sasl.username", "token",
        ]
        return words.contains { property.contains($0) }
    }
}

extension LogError {
    static func configuration(_ message: String) -> LogError {
        LogError(.configuration, name: "_INVALID_ARG", message: message)
    }
}
