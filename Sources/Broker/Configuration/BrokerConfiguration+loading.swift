package import ConnectorKit
package import Logging

extension BrokerConfiguration {
    /// What reading came to: a configuration unless there are errors.
    package struct Loaded: Sendable {
        /// `nil` when there are errors.
        package let configuration: BrokerConfiguration?
        /// Least severe line that is written.
        package let logLevel: Logger.Level
        /// Errors and warnings in the order of the file.
        package let diagnostics: [Diagnostic]
    }

    /// What the command line says; it has precedence over the file.
    package struct Flags: Sendable {
        /// `--data-dir`.
        package var dataDirectory: String?
        /// `--listen`.
        package var listen: String?
        /// `--http`.
        package var http: String?
        /// `--allow-unauthenticated`.
        package var allowsUnauthenticated: Bool

        /// Flags as given; what is left out was not there.
        package init(
            dataDirectory: String? = nil,
            listen: String? = nil,
            http: String? = nil,
            allowsUnauthenticated: Bool = false
        ) {
            self.dataDirectory = dataDirectory
            self.listen = listen
            self.http = http
            self.allowsUnauthenticated = allowsUnauthenticated
        }
    }

    /// Reads `broker.yaml` and flags.
    ///
    /// - Parameters:
    ///   - text: the file; empty where there is none.
    ///   - file: its path, for messages.
    ///   - flags: the command line.
    ///   - resolver: gives `${env:…}`, `${file:…}` and `${secret:…}` their values.
    /// - Returns: the configuration, unless there are errors, and what was found.
    package static func load(text: String, file: String, flags: Flags, resolver: SecretResolver) -> Loaded {
        let document: ConfigDocument
        do {
            document = try ConfigDocument(text, file: file)
        } catch {
            return Loaded(configuration: nil, logLevel: .info, diagnostics: [error])
        }
        var decoder = FieldDecoder()
        let fields = decoder.decode(document.root, as: BrokerFields.all)
        var findings = decoder.findings
        guard !findings.hasErrors else {
            return Loaded(configuration: nil, logLevel: .info, diagnostics: findings.finished(with: document))
        }
        do {
            let resolved = try fields.resolved(by: resolver)
            let configuration = BrokerConfiguration(resolved, flags, findings: &findings)
            return Loaded(
                configuration: findings.hasErrors ? nil : configuration,
                logLevel: resolved.object("log").choice("level"),
                diagnostics: findings.finished(with: document)
            )
        } catch {
            for finding in error.diagnostics { findings.add(finding) }
            return Loaded(configuration: nil, logLevel: .info, diagnostics: findings.finished(with: document))
        }
    }

    private init(_ fields: Fields, _ flags: Flags, findings: inout FindingCollector) {
        self.init(dataDirectory: flags.dataDirectory ?? fields.optionalString("data_dir") ?? "")
        if dataDirectory.isEmpty {
            findings.error(
                .missingKey,
                at: fields.location,
                "no data directory is given",
                fix: "Pass `--data-dir DIR`, or write `data_dir: DIR`."
            )
        }
        readAddresses(fields, flags, &findings)
        nodeID = Int32(fields.int("node_id"))
        allowsUnauthenticated = flags.allowsUnauthenticated || fields.bool("allow_unauthenticated")
        readTopics(fields, &findings)
        durability = Self.durability(fields.object("durability"))
        limits = Self.limits(fields.object("limits"))
        groups = Self.groups(fields.object("groups"))
        transactions.maximumTimeout = fields.object("transactions").duration("max_timeout")
        transactions.idExpiration = fields.object("transactions").duration("id_expiration")
        readSecurity(fields, &findings)
    }

    private mutating func readAddresses(_ fields: Fields, _ flags: Flags, _ findings: inout FindingCollector) {
        let listen = Self.address(flags.listen ?? fields.string("listen"), "listen", fields, &findings)
        host = listen?.host ?? host
        port = listen?.port ?? port
        if let text = fields.optionalString("advertised") {
            advertised = Self.address(text, "advertised", fields, &findings)
        }
        if let text = flags.http ?? fields.optionalString("http") {
            http = Self.address(text, "http", fields, &findings)
        }
    }

    private static func address(
        _ text: String,
        _ key: String,
        _ fields: Fields,
        _ findings: inout FindingCollector
    ) -> Address? {
        if let address = Address(text) { return address }
        findings.error(
            .invalidValue,
            at: fields.location(of: key),
            "`\(key)` is `\(text)`, which is no address",
            fix: "Write `host:port`, for example `127.0.0.1:9092`."
        )
        return nil
    }

    private mutating func readTopics(_ fields: Fields, _ findings: inout FindingCollector) {
        let section = fields.object("topics")
        topics.autoCreate = section.bool("auto_create")
        topics.partitions = Int32(section.int("partitions"))
        topics.partitionLimit = section.int("partition_limit")
        for entry in section.entries("settings") {
            let value = section.stringMap("settings").first { $0.key == entry.key }?.value ?? ""
            if let problem = TopicSetting.problem(with: value, of: entry.key) {
                findings.error(
                    .invalidValue,
                    at: entry.keyLocation,
                    "`topics.settings.\(entry.key)`: \(problem)",
                    fix: "See Kafka's topic configuration; the settings here are "
                        + TopicSetting.allCases.map(\.rawValue).joined(separator: ", ") + "."
                )
            }
            topics.settings[entry.key] = value
        }
    }

    private static func durability(_ fields: Fields) -> Durability {
        fields.string("policy") == "group"
            ? .groupCommit(within: fields.duration("within")) : .interval(fields.duration("interval"))
    }

    private static func limits(_ fields: Fields) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connections = fields.int("connections")
        limits.requestBytes = fields.size("request")
        limits.inFlight = fields.int("in_flight")
        limits.connectionBytes = fields.size("connection_memory")
        limits.totalBytes = max(fields.size("total_memory"), limits.requestBytes)
        limits.fetchBytes = fields.size("fetch")
        limits.idle = fields.duration("idle")
        limits.eventLoops = fields.int("event_loops")
        limits.requestThreads = fields.int("request_threads")
        return limits
    }

    private static func groups(_ fields: Fields) -> GroupLimits {
        var groups = GroupLimits()
        groups.initialRebalanceDelay = fields.duration("initial_rebalance_delay")
        groups.minimumSession = fields.duration("min_session")
        groups.maximumSession = fields.duration("max_session")
        groups.members = fields.int("members")
        groups.offsetsRetention = fields.duration("offsets_retention")
        return groups
    }

    private mutating func readSecurity(_ fields: Fields, _ findings: inout FindingCollector) {
        if let section = fields.optionalObject("tls") {
            tls = TLSConfiguration(
                certificate: section.string("certificate"),
                key: section.string("key"),
                clientAuthority: section.optionalString("client_ca")
            )
        }
        if let section = fields.optionalObject("sasl") {
            sasl = SASLSettings(
                mechanisms: section.strings("mechanisms").compactMap(SASLMechanism.init),
                users: section.objects("users").map { ($0.string("name"), $0.secret("password")) },
                tokens: section.optionalObject("oauth").map { oauth in
                    TokenSettings(
                        keySet: oauth.string("jwks"),
                        issuer: oauth.string("issuer"),
                        audience: Set(oauth.strings("audience")),
                        principalClaim: oauth.string("principal_claim")
                    )
                }
            )
        }
        if let section = fields.optionalObject("authorization") {
            authorization = AuthorizationSettings(
                superUsers: Set(section.strings("super_users")),
                allowsWithoutRule: section.bool("allow_without_rule")
            )
        }
        if let problem = exposureProblem {
            findings.error(.contradiction, at: fields.location(of: "listen"), problem.message, fix: problem.fix)
        }
        if let problem = tokenProblem {
            findings.error(.contradiction, at: fields.location(of: "sasl"), problem.message, fix: problem.fix)
        }
    }
}
