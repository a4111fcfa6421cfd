package import ConnectorKit

/// Everything a broker can be told. `init()` is what an embedded broker of a test or of `busbar dev` uses: loopback, a
/// free port, no authentication.
package struct BrokerConfiguration: Sendable {
    /// An address to listen on or to be reached at.
    package typealias Address = WorkerSettings.ListenAddress

    /// Folder of everything the broker keeps; created where it is missing.
    package var dataDirectory: String
    /// Where Kafka clients connect; port 0 takes a free one.
    package var host: String
    /// 0 takes a free port.
    package var port: Int
    /// What Metadata tells clients to connect to; `nil`: the address that is listened on.
    package var advertised: Address?
    /// Where `/metrics` and `/healthz` are served; `nil`: nowhere.
    package var http: Address?
    /// The id of the one node, 0 to 2^31-1.
    package var nodeID: Int32
    /// Lets the broker listen on other addresses than loopback without asking who connects.
    package var allowsUnauthenticated: Bool
    /// New topics.
    package var topics: TopicDefaults
    /// When records count as written.
    package var durability: Durability
    /// What clients may use up.
    package var limits: ConnectionLimits
    /// Consumer groups.
    package var groups: GroupLimits
    /// Transactions.
    package var transactions: TransactionLimits
    /// `nil`: plain TCP.
    package var tls: TLSConfiguration?
    /// `nil`: nobody is asked who they are.
    package var sasl: SASLSettings?
    /// `nil`: everybody may do everything.
    package var authorization: AuthorizationSettings?

    /// A broker on 127.0.0.1 and a free port, without authentication, with defaults for the rest.
    package init(dataDirectory: String) {
        self.dataDirectory = dataDirectory
        host = "127.0.0.1"
        port = 0
        advertised = nil
        http = nil
        nodeID = 1
        allowsUnauthenticated = false
        topics = TopicDefaults()
        durability = .groupCommit(within: .milliseconds(2))
        limits = ConnectionLimits()
        groups = GroupLimits()
        transactions = TransactionLimits()
        tls = nil
        sasl = nil
        authorization = nil
    }

    /// When records are synced to disk.
    package enum Durability: Sendable, Hashable {
        /// Appends of all partitions are gathered for at most this long, 0 to 5 ms, then synced together; only then are
        /// they acknowledged and shown to consumers.
        case groupCommit(within: Duration)
        /// Appends are acknowledged at once and synced this often, 10 ms to 1 h: a power loss takes back that much. A
        /// killed process loses nothing.
        case interval(Duration)
    }

    /// What a topic gets that is created without saying otherwise.
    package struct TopicDefaults: Sendable {
        /// Whether Metadata for a topic that does not exist creates it.
        package var autoCreate = true
        /// Partitions, 1 to 10000.
        package var partitions: Int32 = 1
        /// Partitions of all topics together; more are refused.
        package var partitionLimit = 10_000
        /// Values of topic settings by Kafka's names (`retention.ms`), in place of Kafka's defaults.
        package var settings: [String: String] = [:]

        /// Kafka's defaults.
        package init() {}
    }

    /// What clients may use up, each and together.
    package struct ConnectionLimits: Sendable {
        /// Connections at a time; further ones are closed at once.
        package var connections = 2_000
        /// Largest request in bytes, checked before anything is kept of it.
        package var requestBytes = 100 << 20
        /// Largest request before the client has authenticated.
        package var unauthenticatedRequestBytes = 512 << 10
        /// Requests that wait for their answer on one connection; reading stops at the limit.
        package var inFlight = 64
        /// Bytes of requests that one connection may hold before reading stops; a single larger request still passes.
        package var connectionBytes = 16 << 20
        /// Bytes of requests held for all connections; reading stops at the limit.
        package var totalBytes = 256 << 20
        /// Largest Fetch answer in bytes; a single larger batch still passes.
        package var fetchBytes = 55 << 20
        /// A connection without a request for so long is closed.
        package var idle = Duration.seconds(600)
        /// A request that has begun to arrive must be complete within this.
        package var requestArrival = Duration.seconds(30)
        /// Event loops, 1 to 64.
        package var eventLoops = 2
        /// Threads that work on requests, 1 to 64.
        package var requestThreads = 4

        /// Defaults for one small machine.
        package init() {}
    }

    /// Bounds of consumer groups, as Kafka's `group.*` and `offsets.*`.
    package struct GroupLimits: Sendable {
        /// How long a new group waits for more members.
        package var initialRebalanceDelay = Duration.milliseconds(50)
        /// Shortest session timeout a member may ask for.
        package var minimumSession = Duration.seconds(1)
        /// Longest session timeout a member may ask for.
        package var maximumSession = Duration.seconds(1_800)
        /// Members of one group.
        package var members = 1_000
        /// Offsets of a group without members are dropped after this.
        package var offsetsRetention = Duration.seconds(604_800)
        /// Whether the members of before a restart are waited for. Not where they end with the broker, as the connectors
        /// of a worker do whose own log this is: their partitions would stand still for a session timeout.
        package var keepsMembers = true

        /// Kafka's defaults, but for the delay of new groups (50 ms instead of 3 s) and the shortest session (1 s).
        package init() {}
    }

    /// Bounds of transactions, as Kafka's `transaction.*`.
    package struct TransactionLimits: Sendable {
        /// Longest timeout a producer may ask for.
        package var maximumTimeout = Duration.seconds(900)
        /// A transactional id that was not used for so long is dropped.
        package var idExpiration = Duration.seconds(604_800)

        /// Kafka's defaults.
        package init() {}
    }

    /// Certificate and key of the server.
    package struct TLSConfiguration: Sendable, Hashable {
        /// PEM file with the certificate and its chain.
        package var certificate: String
        /// PEM file with the private key.
        package var key: String
        /// PEM file with the authorities whose client certificates are demanded; `nil`: none are. Without SASL the
        /// subject of the certificate is the client's principal (``DistinguishedName``).
        package var clientAuthority: String?

        /// Paths of PEM files.
        package init(certificate: String, key: String, clientAuthority: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }
    }

    /// Who may connect.
    package struct SASLSettings: Sendable {
        /// In the order of preference.
        package var mechanisms: [SASLMechanism]
        /// Users of the file; those made with AlterUserScramCredentials come on top.
        package var users: [(name: String, password: SecretString)]
        /// Whose tokens are taken; with OAUTHBEARER, and only with it.
        package var tokens: TokenSettings?

        /// Mechanisms, users and tokens.
        package init(
            mechanisms: [SASLMechanism],
            users: [(name: String, password: SecretString)],
            tokens: TokenSettings? = nil
        ) {
            self.mechanisms = mechanisms
            self.users = users
            self.tokens = tokens
        }
    }

    /// Which tokens OAUTHBEARER takes.
    package struct TokenSettings: Sendable {
        /// Path of a JSON Web Key Set (RFC 7517).
        package var keySet: String
        /// Who must have issued them (`iss`).
        package var issuer: String
        /// Whom they must be for (`aud`): one of these.
        package var audience: Set<String>
        /// The claim that names the principal.
        package var principalClaim: String

        /// Keys, issuer, audience and the principal's claim.
        package init(keySet: String, issuer: String, audience: Set<String>, principalClaim: String = "sub") {
            self.keySet = keySet
            self.issuer = issuer
            self.audience = audience
            self.principalClaim = principalClaim
        }
    }

    /// Who may do what.
    package struct AuthorizationSettings: Sendable {
        /// Principals (`User:admin`) that may do everything.
        package var superUsers: Set<String>
        /// Whether a resource that no rule names is open to all.
        package var allowsWithoutRule: Bool

        /// Super users and the answer for what no rule names.
        package init(superUsers: Set<String>, allowsWithoutRule: Bool) {
            self.superUsers = superUsers
            self.allowsWithoutRule = allowsWithoutRule
        }
    }
}
