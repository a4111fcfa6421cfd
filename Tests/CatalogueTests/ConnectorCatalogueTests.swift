import ConnectorKit
import Connectors
import Contracts
import Demo
import Expressions
import Foundation
import JSON
import Testing

@Suite struct ConnectorCatalogueTests {
    private static let environment = LintEnvironment(
        fileExists: { path in
            let absolute = path.hasPrefix("/") ? path : Repository.root.appending(path: path).path
            return FileManager.default.fileExists(atPath: absolute)
        },
        contract: { reference in
            do {
                let store = try ContractStore(folder: Repository.schemas)
                _ = try store.contract(
                    SchemaReference(subject: SchemaSubject(reference.subject), version: reference.version)
                )
                return nil
            } catch {
                return LintEnvironment.Problem("\(error)", fix: "")
            }
        },
        compile: { program in
            do {
                _ = try Evaluator(Program(program))
                return nil
            } catch {
                return LintEnvironment.Problem("\(error)", fix: "")
            }
        }
    )

    private static func file(_ name: String) throws -> ConnectorFile {
        let path = "\(Repository.connectors)/\(name)"
        let text = String(decoding: try Repository.bytes(path), as: UTF8.self)
        return ConnectorFile(text, file: path, catalogue: .builtin, environment: environment)
    }

    private static func names() throws -> [String] { try Repository.names(in: Repository.connectors, suffix: ".yaml") }

    @Test func everyConnectorFileIsWithoutFindings() throws {
        let names = try Self.names()
        #expect(names.count >= 4)
        var definitions: [ConnectorDefinition] = []
        for name in names {
            let file = try Self.file(name)
            #expect(file.diagnostics.isEmpty, "\(file.diagnostics)")
            let definition = try file.usableDefinition()
            #expect(definition.name + ".yaml" == name)
            #expect(definition.tests.count >= 3 && definition.runbook != nil && definition.description != nil)
            definitions.append(definition)
        }
        #expect(ConnectorFile.findings(across: definitions).isEmpty)
    }

    @Test func everyFixtureIsUsedAndEveryTestAccountsForItsInput() throws {
        var used: Set<String> = []
        for name in try Self.names() {
            for test in try Self.file(name).usableDefinition().tests {
                let count = test.inputs.reduce(0) { $0 + $1.times }
                #expect(test.expect.total == count, "\(name): \(test.name)")
                for case .file(let path) in test.inputs.map(\.payload) { used.insert(path) }
            }
        }
        let fixtures = try Repository.names(in: "\(Repository.connectors)/fixtures").map { "fixtures/\($0)" }
        #expect(used == Set(fixtures))
    }

    @Test func theArchiveReadsEveryTopicThatTheFirstConnectorWrites() throws {
        let events = try Self.file("github-events.yaml").usableDefinition()
        let archive = try Self.file("audit-archive.yaml").usableDefinition()
        let written = Set(events.routes.map { $0.fields.string("topic") })
        #expect(Set(archive.source.fields.strings("topics")) == written)
        #expect(written == Set(GitHubDay(secret: "hush").truth.topics.keys))
    }

    /// The steps of the files over the demo's traffic, against a truth that knows neither jq nor these files.
    @Test(arguments: [
        ("github-incident-to-ticket", "github.issues"), ("ci-failure-to-ticket", "github.workflow-run"),
    ])
    func theStepsTakeAndReportWhatTheTruthSays(connector: String, topic: String) throws {
        let definition = try Self.file(connector + ".yaml").usableDefinition()
        let contract = try ContractStore(folder: Repository.schemas).latest(SchemaSubject(topic))
        let reports = try ContractStore(folder: Repository.schemas).latest(SchemaSubject("tickets.report"))
        let steps = try definition.steps.map { try (step: $0, evaluator: Evaluator(Program($0.program.text))) }
        let closing = try definition.routes.first?.when.map { try Evaluator(Program($0.text)) }
        let day = GitHubDay(secret: "hush", count: 600)
        var board = TicketBoard()
        var delivered = 0
        for delivery in day where delivery.expected == .stored(topic: topic) && !delivery.isRedelivery {
            let bindings = Bindings(headers: [(name: "ce_id", value: delivery.id)])
            let isValid = try JSONDocument(delivery.body).withRoot { contract.isValid($0, using: ValidationScratch()) }
            guard isValid, let report = try Self.run(steps, on: delivery.body, bindings) else { continue }
            delivered += 1
            let isReport = try JSONDocument(report).withRoot { reports.isValid($0, using: ValidationScratch()) }
            #expect(isReport)
            try JSONDocument(report).withRoot { root in
                let key = try #require(root["external_key"]?.string)
                let event = try #require(root["event"]?.string)
                if try closing?.filter(root) ?? true {
                    board.report(key, event: event)
                } else {
                    board.close(key, event: event)
                }
            }
        }
        #expect(delivered > 0 && delivered == day.truth.accounts[connector]?.delivered)
        let prefix = connector.hasPrefix("ci") ? "ci/" : "incident/"
        let expected = day.truth.tickets.filter { $0.externalKey.hasPrefix(prefix) }
        #expect(board.tickets == expected)
    }

    private static func run(
        _ steps: [(step: ConnectorDefinition.Step, evaluator: Evaluator)],
        on body: [UInt8],
        _ bindings: Bindings
    ) throws -> [UInt8]? {
        var payload = body
        for (step, evaluator) in steps {
            let next = try JSONDocument(payload).withRoot { root -> [UInt8]? in
                if case .filter = step { return try evaluator.filter(root, bindings: bindings) ? payload : nil }
                var output: [UInt8] = []
                try evaluator.map(root, bindings: bindings, into: &output)
                return output
            }
            guard let next else { return nil }
            payload = next
        }
        return payload
    }
}
