internal import ConnectorKit
internal import Logging

extension SourceType {
    static func webhook(_ environment: ConnectorEnvironment) -> SourceType {
        SourceType(
            name: "webhook",
            kind: .push,
            doc: "Takes events over HTTP; each sender is answered 2xx only when its event is stored.",
            fields: webhookFields,
            check: { fields in webhookFindings(fields) },
            make: { fields, context in
                let settings = try WebhookSettings(fields, context, environment)
                return .external(WebhookSource(settings, listeners: environment.listeners, now: environment.now))
            }
        )
    }

    private static let webhookFields: [FieldSpec] = [
        FieldSpec(
            "listen",
            .string,
            .byDefault("127.0.0.1:8088"),
            doc: "Address and port; connectors of one worker can share it. Port 0 is any free one."
        ),
        FieldSpec(
            "path",
            .string,
            .required,
            doc: "The path, from `/`; the query is not looked at.",
            example: "/github"
        ),
        FieldSpec(
            "profile",
            .choice(["github", "none"]),
            .required,
            doc:
                "Who may send: `github` checks `X-Hub-Signature-256`; `none` takes everything that reaches the listener."
        ),
        FieldSpec("secret", .secret, doc: "The secret of the sender's signature.", example: "${secret:github-webhook}"),
        FieldSpec("previous_secret", .secret, doc: "Also taken, for as long as a rotation lasts."),
        FieldSpec(
            "max_body",
            .size(1...(25 << 20)),
            doc: "Larger bodies are answered 413. 25MiB for `github`, else 1MiB."
        ),
        FieldSpec(
            "content_types",
            .list(.string, count: 1...20),
            doc: "Media types; others are answered 415. `application/json` unless given."
        ),
        FieldSpec(
            "body_timeout",
            .duration(.milliseconds(100) ... .seconds(300)),
            .byDefault("30s"),
            doc: "How long a body may take; then 408."
        ),
        FieldSpec(
            "min_rate",
            .size(1...(1 << 20)),
            .byDefault("1KiB"),
            doc: "Bytes per second that a body must bring after its first 5 seconds; else 408."
        ),
        FieldSpec("key", .jq, doc: "The record's key, from the payload.", example: ".repository.full_name"),
    ]

    private static func webhookFindings(_ fields: Fields) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        let isSigned = fields.string("profile") == "github"
        if isSigned, !fields.isSet("secret") {
            findings.append(
                Diagnostic(
                    .missingKey,
                    at: fields.location,
                    "`profile: github` needs `secret`",
                    fix: "Write `secret: ${secret:NAME}`."
                )
            )
        }
        if !isSigned, fields.isSet("secret") || fields.isSet("previous_secret") {
            findings.append(
                Diagnostic(
                    .contradiction,
                    at: fields.location(of: "profile"),
                    "`profile: none` checks no signature, so that the secret protects nothing",
                    fix: "Write `profile: github`, or remove the secret."
                )
            )
        }
        return findings + addressFindings(fields)
    }

    private static func addressFindings(_ fields: Fields) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        do throws(ConnectorError) {
            if !fields.string("listen").contains("${") { _ = try ListenAddress(fields.string("listen")) }
        } catch {
            findings.append(error.diagnostic(at: fields.location(of: "listen")))
        }
        do throws(ConnectorError) {
            if !fields.string("path").contains("${") {
                _ = try WebhookSettings(path: fields.string("path"), profile: .none)
            }
        } catch {
            findings.append(error.diagnostic(at: fields.location(of: "path")))
        }
        return findings
    }
}

extension WebhookSettings {
    fileprivate init(_ fields: Fields, _ context: ConnectorContext, _ environment: ConnectorEnvironment) throws {
        let connector = context.connector
        let contentTypes = fields.strings("content_types")
        try self.init(
            address: ListenAddress(fields.string("listen")),
            path: fields.string("path"),
            profile: Self.profile(fields, context),
            maxBody: fields.optionalSize("max_body"),
            contentTypes: contentTypes.isEmpty ? ["application/json"] : contentTypes,
            bodyTimeout: fields.duration("body_timeout"),
            minRate: fields.size("min_rate"),
            key: try fields.optionalString("key").map { try Self.key($0, context) },
            onResponse: { environment.onAnswer(connector, $0) },
            onListening: { environment.onListening(connector, $0) }
        )
    }

    private static func profile(_ fields: Fields, _ context: ConnectorContext) throws -> Profile {
        guard fields.string("profile") == "github" else { return .none }
        let secrets = ["secret", "previous_secret"].compactMap { name in
            fields.optionalSecret(name).map {
                RefreshingSecret(fields.secretSource(name), initially: $0, logger: context.logger)
            }
        }
        guard !secrets.isEmpty else {
            throw ConnectorError.invalid("secret", "profile: github needs it; write secret: ${secret:NAME}.")
        }
        return .github(secrets: { secrets.map(\.bytes) })
    }

    /// A text result is the key without its quotes, null is no key, and anything else is its JSON text. Where the program
    /// fails or puts out nothing or several things, the record has no key: it goes on, and its contract says what is wrong
    /// with it.
    private static func key(
        _ program: String,
        _ context: ConnectorContext
    ) throws -> @Sendable (Record) -> [UInt8]? {
        let expression = try context.compile(program)
        return { [logger = context.logger] record in
            do {
                let results = try expression(record)
                guard results.count == 1, let result = results.first else { return nil }
                return RecordKey.bytes(ofJSON: result)
            } catch {
                logger.info("key expression failed", metadata: ["busbar.record": "\(record.id)"])
                return nil
            }
        }
    }
}
