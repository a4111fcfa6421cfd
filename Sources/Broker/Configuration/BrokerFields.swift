package import ConnectorKit
internal import Logging

/// The keys of `broker.yaml`.
package enum BrokerFields {
    /// In the order of the documentation.
    package static var all: [FieldSpec] {
        [
            FieldSpec("data_dir", .path, doc: "Folder of everything the broker keeps; `--data-dir` has precedence."),
            FieldSpec(
                "listen",
                .string,
                .byDefault("127.0.0.1:9092"),
                doc: "Where Kafka clients connect, as `host:port`; port 0 takes a free one."
            ),
            FieldSpec(
                "advertised",
                .string,
                doc: "What clients are told to connect to, when that is not what is listened on.",
                example: "broker.example.com:9092"
            ),
            FieldSpec(
                "http",
                .string,
                doc: "Where /metrics and /healthz are served, as `host:port`; nowhere if left out."
            ),
            FieldSpec("node_id", .int(0...Int(Int32.max)), .byDefault("1"), doc: "Id of the one node."),
            FieldSpec(
                "allow_unauthenticated",
                .bool,
                .byDefault("false"),
                doc: "Lets the broker listen on other addresses than loopback without `sasl` or client certificates."
            ),
            FieldSpec("topics", .object(topics), .byDefault("{}"), doc: "What topics get that do not say otherwise."),
            FieldSpec("durability", .object(durability), .byDefault("{}"), doc: "When records count as written."),
            FieldSpec("limits", .object(limits), .byDefault("{}"), doc: "What clients may use up."),
            FieldSpec("groups", .object(groups), .byDefault("{}"), doc: "Consumer groups."),
            FieldSpec("transactions", .object(transactions), .byDefault("{}"), doc: "Transactions."),
            FieldSpec("tls", .object(tls), doc: "Serves TLS only."),
            FieldSpec("sasl", .object(sasl), doc: "Asks clients who they are."),
            FieldSpec(
                "authorization",
                .object(authorization),
                doc: "Asks whether they may; needs `sasl` or `tls.client_ca`."
            ),
            FieldSpec("log", .object(log), .byDefault("{}"), doc: "Log lines."),
        ]
    }

    private static var topics: [FieldSpec] {
        [
            FieldSpec("auto_create", .bool, .byDefault("true"), doc: "Whether asking for a topic creates it."),
            FieldSpec("partitions", .int(1...10_000), .byDefault("1"), doc: "Partitions of a new topic."),
            FieldSpec(
                "partition_limit",
                .int(1...100_000),
                .byDefault("10000"),
                doc: "Partitions of all topics together."
            ),
            FieldSpec(
                "settings",
                .map(.string),
                .byDefault("{}"),
                doc: "Topic settings by Kafka's names.",
                example: "{ retention.ms: \"86400000\" }"
            ),
        ]
    }

    private static var durability: [FieldSpec] {
        [
            FieldSpec(
                "policy",
                .choice(["group", "interval"]),
                .byDefault("group"),
                doc: "`group` acknowledges what is synced; `interval` acknowledges at once and syncs on a timer."
            ),
            FieldSpec(
                "within",
                .duration(.zero ... .milliseconds(5)),
                .byDefault("2ms"),
                doc: "Longest wait of policy `group` for more records to sync with."
            ),
            FieldSpec(
                "interval",
                .duration(.milliseconds(10) ... .seconds(3_600)),
                .byDefault("1s"),
                doc: "Time between syncs of policy `interval`: what a power loss may take."
            ),
        ]
    }

    private static var limits: [FieldSpec] {
        let bytes = 1_024...(1 << 40)
        return [
            FieldSpec("connections", .int(1...1_000_000), .byDefault("2000"), doc: "Connections at a time."),
            FieldSpec("request", .size(1_024...(1 << 30)), .byDefault("100MiB"), doc: "Largest request."),
            FieldSpec("in_flight", .int(1...10_000), .byDefault("64"), doc: "Unanswered requests of a connection."),
            FieldSpec("connection_memory", .size(bytes), .byDefault("16MiB"), doc: "Requests held for one connection."),
            FieldSpec("total_memory", .size(bytes), .byDefault("256MiB"), doc: "Requests held for all connections."),
            FieldSpec("fetch", .size(1_024...(1 << 30)), .byDefault("55MiB"), doc: "Largest answer to a Fetch."),
            FieldSpec(
                "idle",
                .duration(.seconds(1) ... .seconds(86_400)),
                .byDefault("10m"),
                doc: "A connection without a request for so long is closed."
            ),
            FieldSpec("event_loops", .int(1...64), .byDefault("2"), doc: "Threads of the network."),
            FieldSpec("request_threads", .int(1...64), .byDefault("4"), doc: "Threads that work on requests."),
        ]
    }

    private static var groups: [FieldSpec] {
        let session = Duration.milliseconds(1) ... .seconds(86_400)
        return [
            FieldSpec(
                "initial_rebalance_delay",
                .duration(.zero ... .seconds(60)),
                .byDefault("50ms"),
                doc: "How long a new group waits for more members."
            ),
            FieldSpec("min_session", .duration(session), .byDefault("1s"), doc: "Shortest session timeout."),
            FieldSpec("max_session", .duration(session), .byDefault("30m"), doc: "Longest session timeout."),
            FieldSpec("members", .int(1...100_000), .byDefault("1000"), doc: "Members of one group."),
            FieldSpec(
                "offsets_retention",
                .duration(),
                .byDefault("7d"),
                doc: "Life of the offsets of an empty group."
            ),
        ]
    }

    private static var transactions: [FieldSpec] {
        [
            FieldSpec("max_timeout", .duration(), .byDefault("15m"), doc: "Longest timeout a producer may ask for."),
            FieldSpec("id_expiration", .duration(), .byDefault("7d"), doc: "Life of a transactional id nobody uses."),
        ]
    }

    private static var tls: [FieldSpec] {
        [
            FieldSpec("certificate", .path, .required, doc: "PEM file with the certificate and its chain."),
            FieldSpec("key", .path, .required, doc: "PEM file with the private key."),
            FieldSpec(
                "client_ca",
                .path,
                doc: "PEM file of authorities; clients must show a certificate of one. Without `sasl` its subject is "
                    + "the principal, as in Kafka: `User:CN=alice,O=example`."
            ),
        ]
    }

    private static var sasl: [FieldSpec] {
        let mechanisms = FieldType.list(.choice(SASLMechanism.allCases.map(\.rawValue)), count: 1...4)
        return [
            FieldSpec(
                "mechanisms",
                mechanisms,
                .byDefault("[SCRAM-SHA-512, SCRAM-SHA-256]"),
                doc: "What clients may use."
            ),
            FieldSpec("users", .list(.object(user)), .byDefault("[]"), doc: "Users besides those made by clients."),
            FieldSpec("oauth", .object(oauth), doc: "Whose tokens are taken; for OAUTHBEARER."),
        ]
    }

    private static var oauth: [FieldSpec] {
        [
            FieldSpec(
                "jwks",
                .path,
                .required,
                doc: "JSON Web Key Set (RFC 7517) of the authority: keys for RS, PS, ES or EdDSA signatures, each with "
                    + "`kid` and `alg`."
            ),
            FieldSpec("issuer", .string, .required, doc: "The token's `iss`.", example: "https://login.example.com"),
            FieldSpec(
                "audience",
                .list(.string, count: 1...16),
                .required,
                doc: "The token's `aud` must be, or hold, one of these.",
                example: "[busbar]"
            ),
            FieldSpec(
                "principal_claim",
                .string,
                .byDefault("sub"),
                doc: "The claim that names the principal: `User:<claim>`."
            ),
        ]
    }

    private static var user: [FieldSpec] {
        [
            FieldSpec("name", .string, .required, doc: "The user's name; the principal is `User:<name>`."),
            FieldSpec("password", .secret, .required, doc: "The password.", example: "${secret:broker-admin}"),
        ]
    }

    private static var authorization: [FieldSpec] {
        [
            FieldSpec(
                "super_users",
                .list(.string),
                .byDefault("[]"),
                doc: "Principals that may do everything: `User:<name>`, or a certificate's `User:<subject>`.",
                example: "[User:admin]"
            ),
            FieldSpec("allow_without_rule", .bool, .byDefault("false"), doc: "Opens what no rule names to all."),
        ]
    }

    private static var log: [FieldSpec] {
        [.choice("level", Logger.Level.info, doc: "Least severe line that is written.")]
    }
}
