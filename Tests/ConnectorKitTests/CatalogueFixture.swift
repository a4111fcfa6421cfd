import ConnectorKit
import Delivery
import Log

/// A catalogue of the shapes that real connectors have, without anything behind them.
enum CatalogueFixture {
    static let catalogue = ConnectorCatalogue(sources: [kafka, webhook, file], sinks: [http, kafkaSink, fileSink])

    static let kafka = SourceType(
        name: "kafka",
        kind: .log,
        doc: "Reads topics.",
        fields: [
            FieldSpec(
                "topic",
                .oneOf([.topicPattern, .list(.topicPattern, count: 1...100)]),
                .required,
                doc: "One topic, or several.",
                example: "github.issues"
            ),
            .choice("start", LogSourceSettings.Start.earliest, doc: "Where a new group starts."),
        ],
        make: { fields, _ in
            .log(
                LogSourceSettings(
                    topics: fields.strings("topic").map { TopicName($0) },
                    start: fields.choice("start")
                )
            )
        }
    )

    static let webhook = SourceType(
        name: "webhook",
        kind: .push,
        doc: "Receives signed requests.",
        fields: [
            FieldSpec("path", .string, .required, doc: "Path of the address.", example: "/hooks/github"),
            FieldSpec(
                "secret",
                .secret,
                .required,
                doc: "What the sender signs with.",
                example: "${secret:github-webhook}"
            ),
            FieldSpec("max_body", .size(1...(64 << 20)), .byDefault("1MiB"), doc: "Longest body."),
            FieldSpec("signature", .secret, doc: "The old secret.", deprecated: "Use `secret`."),
        ],
        make: { _, _ in .external(SilentSource()) }
    )

    static let file = SourceType(
        name: "file",
        kind: .pull,
        doc: "Follows NDJSON files.",
        fields: [FieldSpec("path", .path, .required, doc: "The file.", example: "events.ndjson")],
        make: { _, _ in .external(SilentSource()) }
    )

    static let http = SinkType(
        name: "http",
        doc: "Sends requests.",
        fields: [
            FieldSpec("url", .url, .required, doc: "Where to.", example: "${env:TICKETS_URL}/api/tickets"),
            FieldSpec("method", .choice(["POST", "PUT", "PATCH"]), .byDefault("POST"), doc: "How."),
            FieldSpec("headers", .map(.string), .byDefault("{}"), doc: "Headers of the request."),
            FieldSpec("idempotency_key", .bool, .byDefault("true"), doc: "Whether Idempotency-Key is sent."),
            FieldSpec(
                "batch",
                .object([
                    FieldSpec("max", .int(1...1000), .required, doc: "Most records.", example: "100"),
                    FieldSpec("within", .duration(), .byDefault("50ms"), doc: "Longest wait."),
                ]),
                doc: "Many records in one request."
            ),
        ],
        make: { _, _ in .external(SilentSink()) }
    )

    static let kafkaSink = SinkType(
        name: "kafka",
        doc: "Writes a topic, exactly once.",
        fields: [
            FieldSpec("topic", .topic, .required, doc: "The topic.", example: "github.issues"),
            FieldSpec("key", .jq, doc: "The key.", example: "'.id'"),
        ],
        make: { _, _ in .external(SilentSink()) }
    )

    static let fileSink = SinkType(
        name: "file",
        doc: "Writes NDJSON.",
        fields: [FieldSpec("path", .path, .required, doc: "The file.", example: "out.ndjson")],
        make: { _, _ in .external(SilentSink()) }
    )

    /// Nothing exists, everything compiles.
    static let offline = LintEnvironment(fileExists: { _ in false })

    static func read(_ text: String, environment: LintEnvironment = offline) -> ConnectorFile {
        ConnectorFile(text, file: "connectors/a.yaml", catalogue: catalogue, environment: environment)
    }

    /// What `busbar lint` prints.
    static func findings(_ text: String, environment: LintEnvironment = offline) -> String {
        read(text, environment: environment).diagnostics.map(\.rendered).joined(separator: "\n")
    }
}

private struct SilentSource: Source {
    func run(into intake: any Intake) async throws {}
}

private struct SilentSink: Sink {
    var batching: BatchPolicy? { nil }
    func deliver(_ records: [Record]) async -> [SinkResult] { records.map { _ in .delivered } }
    func close() async {}
}
