import ConnectorKit
import Delivery
import Log
import Logging
import Testing

@Suite struct ConnectorFileTests {
    private static let everythingExists = LintEnvironment(fileExists: { _ in true })

    private func good() throws -> ConnectorDefinition {
        let file = CatalogueFixture.read(GoodConnector.text, environment: Self.everythingExists)
        #expect(file.diagnostics.isEmpty)
        return try file.usableDefinition()
    }

    @Test func decodesEveryKey() throws {
        let connector = try good()
        #expect(connector.name == "github-incident-to-ticket")
        #expect(connector.group == "busbar.github-incident-to-ticket")
        #expect(connector.description == #"Opens a ticket when an issue is labelled "incident"."#)
        #expect(connector.owner == "platform-integrations")
        #expect(connector.runbook == "docs/runbooks/github-incident-to-ticket.md")
        #expect(connector.source.type.name == "kafka")
        #expect(connector.source.fields.choice("start", of: LogSourceSettings.Start.self) == .latest)
        #expect(connector.contract == SubjectReference("github.issues@v2"))
        #expect(connector.contract?.version == 2)
        #expect(connector.dedupe == DedupeSettings(key: .header("ce_id"), window: .seconds(86_400)))
        #expect(connector.objectives == ServiceObjectives(success: 0.999, latencyP95: .milliseconds(500)))
    }

    @Test func decodesStepsAndRoutesInTheirOrder() throws {
        let connector = try good()
        #expect(connector.steps.map(\.program.location.line) == [14, 15])
        guard case .filter(let filter)? = connector.steps.first else { throw Missing() }
        #expect(filter.text == #".action == "labeled" and .label.name == "incident""#)
        #expect(connector.routes.map(\.type.name) == ["http", "kafka"])
        #expect(connector.routes.map(\.when?.text) == [#".severity == "high""#, nil])
        let http = connector.routes[0].fields
        #expect(http.string("method") == "PUT")
        #expect(!http.bool("idempotency_key"))
        #expect(http.object("batch").int("max") == 100)
        #expect(http.object("batch").duration("within") == .seconds(1))
        #expect(connector.programs.map(\.location.line) == [14, 15, 18, 25])
    }

    @Test func decodesDelivery() throws {
        let delivery = try good().delivery
        #expect(delivery.order == .partition)
        #expect(delivery.inFlight == 1)
        #expect(delivery.retry.attempts == 3)
        #expect(delivery.retry.initial == .seconds(1))
        #expect(delivery.retry.max == .seconds(2))
        #expect(!delivery.retry.hasJitter)
        #expect(delivery.retry.within == .seconds(3600))
        #expect(delivery.timeout == .milliseconds(250))
        #expect(delivery.rateLimit == Rate(50, per: .seconds(60)))
        #expect(delivery.deadLetter == nil, "`none` was written out")
    }

    @Test func decodesTests() throws {
        let test = try #require(try good().tests.first)
        #expect(test.name == "a labelled incident becomes one ticket")
        #expect(
            test.inputs.map(\.payload) == [
                .file("fixtures/issue-labeled.json"), .bytes([0x68, 0x69]), .tombstone,
                .text(#"{"id":12345678901234567890,"ok":"yes"}"#),
            ]
        )
        #expect(test.inputs.map(\.times) == [2, 1, 1, 1])
        #expect(test.inputs.map(\.key) == ["k", nil, nil, nil])
        #expect(test.inputs[0].headers.map(\.key) == ["ce_id"])
        #expect(
            test.faults == [
                .init(kind: .status(503), times: 2, retryAfter: .seconds(5)),
                .init(kind: .hang, times: 1, retryAfter: nil),
            ]
        )
        #expect(test.expect.delivered == 1)
        #expect(test.expect.rejected == nil)
        #expect(test.expect.deadLettered == .byReason([.decode: 1, .target4xx: 1]))
        #expect(test.expect.requests.map(\.jsonContains) == [#"{"severity":"high"}"#])
        #expect(test.expect.requests[0].headers.map(\.value) == ["a"])
        #expect(test.expect.records.map(\.topic) == ["low"])
        #expect(test.expect.records.map(\.jsonEquals) == ["[1,null]"])
    }

    @Test func whatIsLeftOutHasTheDocumentedDefault() throws {
        let text =
            "connector: a\nowner: t\nfrom: { kafka: { topic: [ in, '^x' ] } }\nto: { http: { url: http://x } }\ndedupe: {}\n"
        let connector = try CatalogueFixture.read(text).usableDefinition()
        #expect(connector.onViolation == .deadLetter)
        #expect(connector.contract == nil)
        #expect(connector.dedupe == DedupeSettings(key: .cloudEvent, window: .seconds(7 * 86_400)))
        #expect(connector.steps.isEmpty)
        #expect(connector.tests.isEmpty)
        #expect(connector.objectives == ServiceObjectives())
        #expect(connector.source.fields.choice("start", of: LogSourceSettings.Start.self) == .earliest)
        #expect(connector.source.fields.strings("topic") == ["in", "^x"])
        let http = connector.routes[0].fields
        #expect(http.string("method") == "POST")
        #expect(http.bool("idempotency_key"))
        #expect(http.optionalObject("batch") == nil)
        #expect(http.stringMap("headers").isEmpty)
        let delivery = connector.delivery
        #expect(delivery.order == .key)
        #expect(delivery.inFlight == 64)
        #expect(delivery.retry.attempts == 8)
        #expect(delivery.retry.initial == .milliseconds(200))
        #expect(delivery.retry.max == .seconds(30))
        #expect(delivery.retry.hasJitter)
        #expect(delivery.retry.within == .seconds(600))
        #expect(delivery.timeout == .seconds(10))
        #expect(delivery.rateLimit == nil)
        #expect(delivery.deadLetter == "a.dlq")
    }

    @Test func sectionsWithEverythingCommentedOutAreEmpty() throws {
        let text =
            "connector: a\nowner: t\nfrom: { kafka: { topic: in } }\nto: { file: { path: f } }\nsteps:\ndelivery:\ntests: # none\n"
        let connector = try CatalogueFixture.read(text).usableDefinition()
        #expect(connector.steps.isEmpty)
        #expect(connector.tests.isEmpty)
        #expect(connector.delivery.inFlight == 64)
    }

    @Test func asksTheEnvironmentAboutContractsAndPrograms() {
        let environment = LintEnvironment(
            fileExists: { _ in true },
            contract: { .init("there is no contract `\($0.subject)`", fix: "Write it.") },
            compile: { $0.hasPrefix("{") ? .init("syntax error", fix: "Correct it.") : nil }
        )
        let findings = CatalogueFixture.read(GoodConnector.text, environment: environment).diagnostics
        #expect(findings.map(\.code) == [.unknownContract, .invalidExpression])
        #expect(findings.map(\.location.line) == [9, 15])
        #expect(findings[0].message == "`contract` is `github.issues@v2`: there is no contract `github.issues`")
    }

    @Test func findsFilesBesideTheConnectorFirst() {
        let both = LintEnvironment(fileExists: { ["connectors/x", "x", "y"].contains($0) })
        #expect(both.locate("x", besides: "connectors/a.yaml") == "connectors/x")
        #expect(both.locate("y", besides: "connectors/a.yaml") == "y")
        #expect(both.locate("/y", besides: "connectors/a.yaml") == nil)
    }

    @Test func twoConnectorsOfOneNameAreFound() throws {
        let connector = try good()
        let findings = ConnectorFile.findings(across: [connector, connector])
        #expect(findings.map(\.code) == [.duplicateConnector])
        #expect(ConnectorFile.findings(across: [connector]).isEmpty)
    }

    @Test func factoriesGetResolvedFields() throws {
        let text = "connector: a\nowner: t\nfrom: { kafka: { topic: '${env:IN}' } }\nto: { file: { path: x } }\n"
        let resolver = SecretResolver(environment: { ["IN": "github.issues"][$0] }, file: { _ in nil })
        let connector = try CatalogueFixture.read(text).usableDefinition()
            .resolved(by: resolver, catalogue: CatalogueFixture.catalogue)
        let context = ConnectorContext(connector: "a", logger: Logger(label: "t"), secrets: resolver) { _ in
            { _ in [] }
        }
        guard case .log(let settings) = try connector.source.type.make(connector.source.fields, context)
        else { throw Missing() }
        #expect(settings == LogSourceSettings(topics: ["github.issues"], start: .earliest))
    }

    private struct Missing: Error {}
}
