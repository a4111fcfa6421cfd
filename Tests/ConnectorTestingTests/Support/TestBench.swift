import ConnectorKit
import ConnectorTesting
import Contracts
import Delivery
import Log

/// Runs the tests of connector files written into the test code, over a small catalogue.
struct TestBench {
    /// Names a file of the connector wants that is not there.
    struct Unusable: Error, CustomStringConvertible {
        let description: String
    }

    /// Reports of every test of the file, in order.
    static func reports(_ yaml: String) async throws -> [TestReport] {
        let environment = LintEnvironment(fileExists: { _ in false })
        let file = ConnectorFile(yaml, file: "t.yaml", catalogue: catalogue, environment: environment)
        guard let definition = file.definition else {
            throw Unusable(description: file.diagnostics.map(\.rendered).joined(separator: "\n"))
        }
        let runner = ConnectorTestRunner(catalogue: catalogue, contract: contract, environment: environment)
        var reports: [TestReport] = []
        for test in definition.tests { reports.append(await runner.run(test, of: definition)) }
        return reports
    }

    /// The mismatches of the file's only test, as text.
    static func mismatches(_ yaml: String) async throws -> [String] {
        try await reports(yaml).flatMap(\.mismatches).map { mismatch in
            ([mismatch.subject + ": " + mismatch.message] + mismatch.details).joined(separator: " | ")
        }
    }

    /// Orders have a whole number as `id`.
    private static func contract(_ reference: SubjectReference) throws -> (contract: Contract, label: String) {
        let schema = #"{"type":"object","required":["id"],"properties":{"id":{"type":"integer"}}}"#
        return (try Contract(compiling: Array(schema.utf8)), "\(reference.subject)@v1")
    }

    static let catalogue = ConnectorCatalogue(
        sources: [
            SourceType(
                name: "log",
                kind: .log,
                doc: "",
                fields: [FieldSpec("topic", .topicPattern, .required, doc: "")]
            ) {
                fields,
                _ in .log(LogSourceSettings(topics: [fields.topic("topic")]))
            },
            SourceType(name: "push", kind: .push, doc: "", fields: [FieldSpec("key", .jq, doc: "")]) { _, _ in
                .external(NeverSource())
            },
            SourceType(name: "pull", kind: .pull, doc: "", fields: []) { _, _ in .external(NeverSource()) },
        ],
        sinks: [
            SinkType(name: "topic", doc: "", fields: [FieldSpec("name", .topic, .required, doc: "")]) { fields, _ in
                .log(OneTopicSink(topic: fields.topic("name")))
            },
            SinkType(name: "lines", doc: "", fields: []) { _, _ in .external(NeverSink(batching: nil)) },
            SinkType(name: "http", doc: "", fields: httpFields) { fields, _ in
                let batch = fields.optionalObject("batch").map {
                    BatchPolicy(max: $0.int("max"), within: .milliseconds(50))
                }
                return .external(NeverSink(batching: batch))
            },
        ]
    )

    private static let httpFields = [
        FieldSpec("url", .url, .required, doc: ""),
        FieldSpec("method", .choice(["POST", "PUT"]), .byDefault("POST"), doc: ""),
        FieldSpec("headers", .map(.string), .byDefault("{}"), doc: ""),
        FieldSpec("idempotency_key", .bool, .byDefault("false"), doc: ""),
        FieldSpec(
            "batch",
            .object([
                FieldSpec("max", .int(1...100), .byDefault("10"), doc: ""),
                FieldSpec("format", .choice(["ndjson", "json_array"]), .byDefault("ndjson"), doc: ""),
            ]),
            doc: ""
        ),
    ]
}

/// Fails the test that asks it: tests must not reach the real source.
private struct NeverSource: Source {
    func run(into intake: any Intake) async throws {
        throw TestBench.Unusable(description: "the real source was run")
    }
}

private struct NeverSink: Sink {
    let batching: BatchPolicy?

    func deliver(_ records: [Record]) async -> [SinkResult] {
        records.map { _ in .fatal(detail: "the real sink was asked to deliver") }
    }

    func close() async {}
}

private struct OneTopicSink: LogSink {
    let topic: TopicName
    var topics: [TopicName] { [topic] }

    func route(_ record: Record) -> LogRoute { LogRoute(topic: topic, key: record.key) }
}
