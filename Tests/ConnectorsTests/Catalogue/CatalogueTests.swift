import ConnectorKit
import Log
import Logging
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(1)))
struct CatalogueTests {
    private let resolver = SecretResolver(
        environment: { ["HOST": "tickets.example", "BUSBAR_SECRET_TOKEN": "t0ken"][$0] },
        file: { _ in nil }
    )

    private var context: ConnectorContext {
        ConnectorContext(
            connector: "test",
            logger: Logger(label: "test"),
            secrets: resolver,
            directory: "/work-folder",
            compile: { program in { _ in [Array("\"\(program)\"".utf8)] } }
        )
    }

    private func check(from: String = "kafka: { topic: in }", to: String = "kafka: { topic: out }") -> ConnectorFile {
        let text = """
            connector: test
            owner: me
            from:
              \(from)
            to:
              \(to)
            """
        return ConnectorFile(
            text,
            file: "test.yaml",
            catalogue: .builtin,
            environment: LintEnvironment(fileExists: { _ in true })
        )
    }

    private func source(_ from: String) throws -> SourceType.Instance {
        let use = try check(from: from).usableDefinition().source
        return try use.type.make(use.fields.resolved(by: resolver), context)
    }

    private func sink(_ to: String) throws -> SinkType.Instance {
        let route = try #require(try check(to: to).usableDefinition().routes.first)
        return try route.type.make(route.fields.resolved(by: resolver), context)
    }

    @Test func everyTypeIsInTheCatalogue() {
        #expect(ConnectorCatalogue.builtin.sources.map(\.name) == ["file", "kafka", "mirror", "webhook"])
        #expect(ConnectorCatalogue.builtin.sinks.map(\.name) == ["file", "http", "kafka", "mirror"])
    }

    @Test func sourcesAreMadeFromTheirFields() throws {
        guard
            case .log(let one) = try source("kafka: { topic: ^github, start: latest }"),
            case .log(let two) = try source("kafka: { topics: [a, b] }"),
            case .external(let file) = try source("file: { path: in.ndjson, follow: false }"),
            case .external(let webhook) = try source(
                "webhook: { listen: '127.0.0.1:0', path: /github, profile: github, secret: '${secret:TOKEN}', key: .id }"
            )
        else {
            Issue.record("another kind of source")
            return
        }
        #expect(one == LogSourceSettings(topics: ["^github"], start: .latest))
        #expect(two == LogSourceSettings(topics: ["a", "b"], start: .earliest))
        guard case .log(let marked) = try source("kafka: { topic: a, format: confluent-json }") else {
            Issue.record("another kind of source")
            return
        }
        #expect(marked.format == .confluentJSON && one.format == .json)
        #expect(file is FileSource)
        #expect(webhook is WebhookSource)
    }

    @Test(arguments: [
        ("kafka: { topic: out }", nil),
        ("kafka: { topic: out, format: confluent-json }", PayloadEncoding(subject: "out-value")),
        (
            "kafka: { topic: out, format: confluent-json, subject: lines@v3, schema_id: header }",
            PayloadEncoding(subject: "lines", version: 3, place: .header)
        ),
        (
            "kafka: { topic: out, format: confluent-json, register: lines@v2 }",
            PayloadEncoding(subject: "out-value", registered: "lines@v2")
        ),
    ])
    func aKafkaSinkWritesTheIDThatItsFieldsSay(_ to: String, _ encoding: PayloadEncoding?) throws {
        guard case .log(let kafka) = try sink(to) else {
            Issue.record("another kind of sink")
            return
        }
        #expect(kafka.encoding == encoding)
    }

    @Test(arguments: [
        "kafka: { topic: out, subject: lines }", "kafka: { topic: out, format: json, schema_id: header }",
        "kafka: { topic: out, format: confluent-json, subject: lines@v3, register: lines }",
    ])
    func whatIsSaidOfIDsMustHoldTogether(_ to: String) {
        #expect(check(to: to).diagnostics.map(\.code) == [.contradiction])
    }

    @Test func sinksAreMadeFromTheirFields() async throws {
        guard
            case .log(let kafka) = try sink("kafka: { topic: out }"),
            case .external(let file) = try sink("file: { path: 'a/{topic}.ndjson', batch: { max: 7 } }"),
            case .external(let http) = try sink(
                """
                http:
                    url: https://${env:HOST}/api
                    headers: { Authorization: "Bearer ${secret:TOKEN}" }
                    batch: { max: 5, within: 1s, format: json_array }
                """
            )
        else {
            Issue.record("another kind of sink")
            return
        }
        #expect(kafka.topics == ["out"])
        #expect(file.batching == BatchPolicy(max: 7, within: .milliseconds(20)))
        #expect(http.batching == BatchPolicy(max: 5, within: .seconds(1)))
        await http.close()
    }

    @Test func aWebhookTakesItsSecretAndKeyFromTheFile() async throws {
        let address = Observed<ListenAddress?>(nil)
        let statuses = Observed<[Int]>([])
        let environment = ConnectorEnvironment(
            listeners: WebhookListeners(logger: Logger(label: "test")),
            now: { testTime },
            onListening: { _, bound in address.update { $0 = bound } },
            onAnswer: { connector, status in statuses.update { $0.append(connector == "test" ? status : 0) } }
        )
        let text =
            "webhook: { listen: '127.0.0.1:0', path: /github, profile: github, secret: '${secret:TOKEN}', key: .id }"
        let use = try check(from: text).usableDefinition().source
        let type = try #require(ConnectorCatalogue.builtin(environment).source("webhook"))
        guard case .external(let source) = try type.make(use.fields.resolved(by: resolver), context) else {
            Issue.record("another kind of source")
            return
        }
        let intake = RecordingIntake()
        let run = Task { try await source.run(into: intake) }
        let bound = try #require(try await address.value(when: { $0 != nil }))
        let bench = WebhookBench(intake: intake, address: bound, path: "/github")
        #expect(try await bench.send("{}", WebhookBench.headers("{}", secret: "t0ken")).status == 202)
        #expect(intake.records.first?.key == Array(".id".utf8))
        #expect(try await bench.send("{}", WebhookBench.headers("{}", secret: "other")).status == 401)
        run.cancel()
        try await run.value
        #expect(statuses.value == [202, 401])
    }

    @Test(arguments: [
        ("kafka: { start: latest }", "`topic` or `topics`"),
        ("kafka: { topic: a, topics: [b] }", "`topic` or `topics`"),
        ("webhook: { path: /x, profile: github }", "needs `secret`"),
        ("webhook: { path: /x, profile: none, secret: '${secret:TOKEN}' }", "checks no signature"),
        ("webhook: { path: x, profile: none }", "no plain path"),
        ("webhook: { path: /x, profile: none, listen: nowhere }", "is not host:port"),
        ("webhook: { path: /x }", "profile"), ("file: { path: x, max_line: 1GiB }", "max_line"),
        ("mirror: { brokers: 'a:1', topics: [__consumer_offsets] }", "the brokers' own"),
        ("mirror: { brokers: 'a:1', topics: [a], kafka: { isolation.level: read_uncommitted } }", "set by busbar"),
        ("mirror: { brokers: 'a:1', topics: [] }", "topics"), ("mirror: { topics: [a] }", "brokers"),
    ])
    func wrongSourcesAreFoundOffline(_ from: String, _ words: String) {
        let messages = check(from: from).diagnostics.map(\.message)
        #expect(messages.contains { $0.contains(words) }, "\(messages)")
    }

    @Test(arguments: [
        ("http: { url: 'http://user:pw@host/' }", "user name or password"),
        ("http: { url: 'http://host/', headers: { Host: x } }", "set by the HTTP client"),
        ("http: { url: 'http://host/', batch: { format: xml } }", "format"),
        ("file: { path: 'x/{hour}' }", "unknown placeholder {hour}"), ("kafka: {}", "topic"),
        ("mirror: {}", "the source `kafka` does not read another cluster"),
    ])
    func wrongSinksAreFoundOffline(_ to: String, _ words: String) {
        let findings = check(to: to).diagnostics.map { "\($0.message)" }
        #expect(findings.contains { $0.contains(words) }, "\(findings)")
        #expect(!findings.contains { $0.contains("pw@") })
    }

    @Test func aMirrorsTopicsAreAnotherClustersAndMakeNoLoop() {
        let mirror = check(from: "mirror: { brokers: 'a:1', topics: ['^.'] }", to: "mirror: {}")
        #expect(mirror.diagnostics.isEmpty && mirror.definition?.inputTopics == [])
        #expect(check(from: "mirror: { brokers: 'a:1', topics: [out] }").isUsable)
    }

    @Test func aMirrorRunsInAWorkerOnly() throws {
        #expect(throws: ConnectorError.self) { try source("mirror: { brokers: 'a:1', topics: [a] }") }
        let log = InMemoryLog()
        let opened = Observed<[String]>([])
        var environment = ConnectorEnvironment(listeners: WebhookListeners(logger: Logger(label: "test")))
        environment.logs = LogAccess(own: log) { brokers, properties in
            opened.update { $0 += brokers + properties.map { "\($0.key)=\($0.value.reveal())" } }
            return log
        }
        let text = "mirror: { brokers: 'a:1, b:2', topics: [a], kafka: { sasl.password: '${secret:TOKEN}' } }"
        let use = try check(from: text).usableDefinition().source
        let type = try #require(ConnectorCatalogue.builtin(environment).source("mirror"))
        guard case .external(let source) = try type.make(use.fields.resolved(by: resolver), context) else {
            Issue.record("another kind of source")
            return
        }
        #expect(source is MirrorSource)
        #expect(opened.value == ["a:1", "b:2", "sasl.password=t0ken"])
    }

    @Test func aReferenceInAPathIsNoPlaceholder() throws {
        #expect(check(to: "file: { path: '${env:HOST}/{topic}/{date}.ndjson' }").isUsable)
        #expect(!check(to: "file: { path: '${env:HOST}/{hour}.ndjson' }").isUsable)
    }

    @Test func relativePathsCountFromTheFolderOfTheContext() {
        #expect(context.absolute("a/b") == "/work-folder/a/b")
        #expect(context.absolute("/a/b") == "/a/b")
    }
}
