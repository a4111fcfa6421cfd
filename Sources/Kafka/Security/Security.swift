extension ClientConfiguration {
    /// How a connection is protected and how the client says who it is (`security.protocol`).
    public enum Security: Sendable {
        /// Neither encryption nor a login: for brokers on this machine or in a network of their own.
        case plaintext
        /// Encrypted; with a ``TLS/identity`` the client shows a certificate, too.
        case tls(TLS)
        /// A login, over TLS unless the network is trusted.
        case sasl(SASL, over: Transport)

        /// What a login goes over.
        public enum Transport: Sendable {
            /// Everybody on the way can read a PLAIN password or a token; SCRAM shows neither.
            case plaintext
            /// Nobody on the way can read it.
            case tls(TLS)
        }
    }

    /// TLS towards the brokers. The broker's certificate is always verified.
    public struct TLS: Sendable {
        /// Whose certificates are believed.
        public enum Trust: Sendable {
            /// The authorities of this machine.
            case system
            /// A PEM file with one or more authorities (`ssl.ca.location`).
            case file(String)
            /// The text of such a file (`ssl.ca.pem`).
            case pem(String)
        }

        /// Whose certificates are believed.
        public var trust: Trust
        /// What the client shows to a broker that demands a certificate (mTLS).
        public var identity: Identity?
        /// Whether a broker's certificate must be for the host that the client connects to
        /// (`ssl.endpoint.identification.algorithm`). Without it anybody whom the authority has certified can pass for the
        /// broker.
        public var verifiesHostName: Bool

        /// The system's roots, no certificate of one's own, names verified: unless said otherwise.
        public init(trust: Trust = .system, identity: Identity? = nil, verifiesHostName: Bool = true) {
            self.trust = trust
            self.identity = identity
            self.verifiesHostName = verifiesHostName
        }
    }

    /// A client's certificate and its private key, both in PEM.
    public struct Identity: Sendable {
        /// Where the two are.
        public enum Source: Sendable {
            /// Paths of two PEM files (`ssl.certificate.location`, `ssl.key.location`).
            case files(certificate: String, key: String)
            /// The texts of such files (`ssl.certificate.pem`, `ssl.key.pem`).
            case pem(certificate: String, key: Secret)
        }

        /// Where certificate and key come from.
        public var source: Source
        /// Of an encrypted key (`ssl.key.password`).
        public var keyPassword: Secret?

        /// `keyPassword` where the key is encrypted.
        public init(_ source: Source, keyPassword: Secret? = nil) {
            self.source = source
            self.keyPassword = keyPassword
        }
    }

    /// How the client logs in (`sasl.mechanism`).
    public enum SASL: Sendable {
        /// RFC 4616: the broker gets the password itself. Only over TLS.
        case plain(user: String, password: Secret)
        /// RFC 7677: the password is proven, not sent.
        case scramSHA256(user: String, password: Secret)
        /// RFC 5802 with SHA-512: the password is proven, not sent.
        case scramSHA512(user: String, password: Secret)
        /// RFC 7628 (KIP-255): a token that the provider fetches, and fetches again when 80 % of its life is over.
        case oauthBearer(OAuthTokenProvider)
    }

    /// How a producer's batches are compressed (`compression.codec`); consumers read all of them.
    public enum Compression: String, Sendable, CaseIterable {
        /// By Kafka's names; `none` is librdkafka's default.
        case none, gzip, snappy, lz4, zstd
    }
}

extension ClientConfiguration.Security {
    /// librdkafka's properties.
    var properties: [String: String] {
        switch self {
        case .plaintext: ["security.protocol": "plaintext"]
        case .tls(let tls): ["security.protocol": "ssl"].merging(tls.properties) { $1 }
        case .sasl(let sasl, over: .plaintext):
            ["security.protocol": "sasl_plaintext"].merging(sasl.properties) { $1 }
        case .sasl(let sasl, over: .tls(let tls)):
            ["security.protocol": "sasl_ssl"].merging(sasl.properties) { $1 }.merging(tls.properties) { $1 }
        }
    }

    /// Who fetches tokens, where the login is one of tokens.
    var tokenProvider: OAuthTokenProvider? {
        if case .sasl(.oauthBearer(let provider), _) = self { provider } else { nil }
    }

    /// Whether a property is about what a value of this type says, or leaves out on purpose.
    static func covers(_ property: String) -> Bool {
        let names: Set = [
            "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.username", "sasl.password",
            "ssl.endpoint.identification.algorithm", "enable.ssl.certificate.verification",
            "enable.sasl.oauthbearer.unsecure.jwt",
        ]
        let families = ["sasl.oauthbearer.", "ssl.ca.", "ssl.certificate.", "ssl.key.", "ssl.keystore."]
        return names.contains(property) || families.contains { property.hasPrefix($0) }
    }
}

extension ClientConfiguration.TLS {
    fileprivate var properties: [String: String] {
        var properties = [
            "ssl.endpoint.identification.algorithm": verifiesHostName ? "https" : "none",
            "enable.ssl.certificate.verification": "true",
        ]
        switch trust {
        case .system: break
        case .file(let path): properties["ssl.ca.location"] = path
        case .pem(let text): properties["ssl.ca.pem"] = text
        }
        guard let identity else { return properties }
        switch identity.source {
        case .files(let certificate, let key):
            properties["ssl.certificate.location"] = certificate
            properties["ssl.key.location"] = key
        case .pem(let certificate, let key):
            properties["ssl.certificate.pem"] = certificate
            properties["ssl.key.pem"] = key.reveal()
        }
        properties["ssl.key.password"] = identity.keyPassword?.reveal()
        return properties
    }
}

extension ClientConfiguration.SASL {
    fileprivate var properties: [String: String] {
        switch self {
        case .plain(let user, let password): Self.login("PLAIN", user, password)
        case .scramSHA256(let user, let password): Self.login("SCRAM-SHA-256", user, password)
        case .scramSHA512(let user, let password): Self.login("SCRAM-SHA-512", user, password)
        case .oauthBearer: ["sasl.mechanism": "OAUTHBEARER"]
        }
    }

    private static func login(
        _ mechanism: String,
        _ user: String,
        _ password: ClientConfiguration.Secret
    ) -> [String: String] {
        ["sasl.mechanism": mechanism, "sasl.username": user, "sasl.password": password.reveal()]
    }
}
