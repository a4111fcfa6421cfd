internal import Log

/// How to reach a cluster: the brokers, who the client is, and any librdkafka property as it stands in its
/// CONFIGURATION.md.
///
/// What is typed here needs no property, and a property that says the same thing again is refused, so that there is one
/// place to look. Everything else is a property. All of it is checked when a client is opened, by librdkafka; what it does
/// not know or does not accept is a ``Log/LogError/Code/configuration`` error with its own sentence, without the values of
/// secrets. Properties that carry a client's promises (`group.id`, `enable.auto.commit`, `transactional.id`, …; see
/// ``reserved``) cannot be set here.
public struct ClientConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    /// `host:port`, one or more; a few of a large cluster are enough.
    public var brokers: [String]
    /// What brokers call the client in their logs and quotas (`client.id`); `nil` is librdkafka's `rdkafka`.
    public var clientID: String?
    /// Encryption and login. `nil` leaves both to the properties, and without any to librdkafka: plain text.
    public var security: Security?
    /// Fetches tokens for a login that the properties choose (`sasl.mechanism: OAUTHBEARER`). With ``security``, the
    /// provider stands in ``SASL/oauthBearer(_:)``.
    public var tokenProvider: OAuthTokenProvider?
    /// Of what producers write; `nil` is `none`. Other clients ignore it.
    public var compression: Compression?
    /// How long a connection may take, TLS and login included, 1 s or more (`socket.connection.setup.timeout.ms`); `nil` is
    /// librdkafka's 30 s.
    public var connectTimeout: Duration?
    /// How long a broker may take for one answer, 10 ms to 5 min (`socket.timeout.ms`); `nil` is librdkafka's 60 s. Transactional
    /// producers lower it to the transaction's timeout.
    public var requestTimeout: Duration?
    /// Who gets the clients' statistics, and how often; `nil` has librdkafka collect none.
    public var statistics: StatisticsReports?
    /// librdkafka properties by name, for example `fetch.min.bytes: 65536`. They win over this module's defaults.
    public var properties: [String: String]

    /// - Parameters:
    ///   - brokers: `host:port`, one or more.
    ///   - clientID: what brokers call the client.
    ///   - security: encryption and login; `nil` leaves both to the properties.
    ///   - properties: librdkafka properties by name.
    public init(
        brokers: [String],
        clientID: String? = nil,
        security: Security? = nil,
        properties: [String: String] = [:]
    ) {
        self.brokers = brokers
        self.clientID = clientID
        self.security = security
        self.properties = properties
    }

    /// Names of the brokers and of the properties; never a property's value, which may be a secret.
    public var description: String {
        "brokers \(brokers.joined(separator: ",")), properties \(properties.keys.sorted().joined(separator: ","))"
    }

    /// Shows what ``description`` does: `dump` and mirrors would show the values of properties, too.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }

    /// Properties that clients set themselves because their promises rest on them.
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
        for name in properties.keys.sorted() {
            if Self.reserved.contains(name) {
                throw LogError.configuration("property \(name) is set by the client itself; remove it")
            }
            if let field = typedField(for: name) {
                throw LogError.configuration(
                    "property \(name) says again what `\(field)` of the configuration says; remove one of the two"
                )
            }
        }
        if let interval = statistics?.interval, interval < .milliseconds(1) {
            // 0 ms, as librdkafka would get it, means never.
            throw .configuration("statistics cannot be reported every \(interval); give 1 ms or more")
        }
        try validateTokens()
    }

    /// The field that has been given and that decides what a property would.
    private func typedField(for property: String) -> String? {
        if security != nil, Security.covers(property) { return "security" }
        return switch property {
        case "client.id" where clientID != nil: "clientID"
        case "compression.codec" where compression != nil, "compression.type" where compression != nil: "compression"
        case "socket.connection.setup.timeout.ms" where connectTimeout != nil: "connectTimeout"
        case "socket.timeout.ms" where requestTimeout != nil: "requestTimeout"
        case "statistics.interval.ms" where statistics != nil: "statistics"
        default: nil
        }
    }

    private func validateTokens() throws(LogError) {
        guard tokenProvider != nil else { return }
        guard security == nil else {
            throw .configuration(
                "`tokenProvider` is for logins by properties; with `security`, give it to .oauthBearer"
            )
        }
        let mechanism = properties["sasl.mechanism"] ?? properties["sasl.mechanisms"]
        guard mechanism?.uppercased() == "OAUTHBEARER" else {
            throw .configuration("a token provider is of no use without property sasl.mechanism: OAUTHBEARER")
        }
    }

    /// What the typed fields come to, for a client of one kind.
    func typedProperties(for role: ClientSettings.Role) -> [String: String] {
        var typed = security?.properties ?? [:]
        typed["client.id"] = clientID
        typed["socket.connection.setup.timeout.ms"] = connectTimeout.map { String($0.milliseconds) }
        typed["socket.timeout.ms"] = requestTimeout.map { String($0.milliseconds) }
        typed["statistics.interval.ms"] = statistics.map { String($0.interval.milliseconds) }
        if case .producer = role { typed["compression.codec"] = compression?.rawValue }
        return typed
    }

    /// Whether a property's value must not appear in a message: librdkafka's refusals quote the value.
    static func isSecret(_ property: String) -> Bool {
        let words = [
            "password", "secret", "key.pem", "certificate.pem", "oauthbearer.config", "sasl.username", "token",
            "ca.pem",
            "assertion",
        ]
        return words.contains { property.contains($0) }
    }
}

extension LogError {
    static func configuration(_ message: String) -> LogError {
        LogError(.configuration, name: "_INVALID_ARG", message: message)
    }
}
