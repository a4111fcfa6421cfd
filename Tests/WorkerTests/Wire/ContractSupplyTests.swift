import ConnectorKit
import Contracts
import Foundation
import Log
import Logging
import Registry
import RegistryClient
import RegistryTesting
import Testing

@testable import Worker

/// What a connector's file asks of the registry when it is built.
@Suite(.timeLimit(.minutes(1)))
struct ContractSupplyTests {
    private static func catalogue(_ encoding: PayloadEncoding?) -> ConnectorCatalogue {
        ConnectorCatalogue(
            sources: [
                SourceType(
                    name: "kafka",
                    kind: .log,
                    doc: "Reads.",
                    fields: [.choice("format", PayloadFormat.json, doc: "How.")],
                    make: { fields, _ in
                        .log(LogSourceSettings(topics: ["in"], format: fields.choice("format")))
                    }
                )
            ],
            sinks: [
                SinkType(name: "kafka", doc: "Writes.", fields: []) { _, _ in .log(EncodingSink(encoding: encoding)) }
            ]
        )
    }

    private struct EncodingSink: LogSink {
        let encoding: PayloadEncoding?
        var topics: [TopicName] { ["out"] }
        func route(_ record: Record) -> LogRoute { LogRoute(topic: "out", keyOf: record) }
    }

    private func build(
        format: String = "json",
        contract: String = "",
        _ encoding: PayloadEncoding?,
        _ cache: ContractCache?
    ) async throws -> ConnectorPlan {
        let file = ConnectorFile(
            "connector: c\nowner: t\n\(contract)\nfrom: { kafka: { format: \(format) } }\nto: { kafka: {} }\n",
            file: "c.yaml",
            catalogue: Self.catalogue(encoding),
            environment: LintEnvironment(fileExists: { _ in true })
        )
        let builder = PlanBuilder(
            contracts: ContractSupply(
                contract: { reference in (try numberContract(), "\(reference)") },
                text: { reference in reference.subject == "text" ? Schemas.text : Schemas.number },
                cache: cache
            ),
            secrets: SecretResolver(environment: { _ in nil }, file: { _ in nil }),
            directory: ".",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await builder.build(try file.usableDefinition()).plan
    }

    @Test func withoutARegistryOnlyAContractOfTheConnectorCanBeMeant() async throws {
        await #expect(throws: DriverError.self) { try await build(format: "confluent-json", nil, nil) }
        await #expect(throws: DriverError.self) { try await build(PayloadEncoding(subject: "out-value"), nil) }
        let plan = try await build(format: "confluent-json", contract: "contract: numbers@v1", nil, nil)
        #expect(plan.format == .confluentJSON && plan.contractVersion == "numbers@v1")
        #expect(try await build(nil, nil).format == .json)
    }

    @Test func theOutputsSchemaIsTheLatestTheVersionOrWhatIsRegistered() async throws {
        let folder = NSTemporaryDirectory() + "busbar-supply-" + UUID().uuidString
        try await Schemas.with(in: folder) { registry in
            let client = try Schemas.client(registry.url)
            _ = try await client.register(SchemaSubmission(Schemas.number), under: "s")
            _ = try await client.register(
                SchemaSubmission(#"{"type":"object","required":["n"],"properties":{"n":{"type":"number"}}}"#),
                under: "s"
            )
            let cache = try Schemas.cache(registry.url)
            let latest = try await build(PayloadEncoding(subject: "s"), cache)
            #expect(latest.routes[0].encoding?.label == "s@v2")
            let first = try await build(PayloadEncoding(subject: "s", version: 1, place: .header), cache)
            #expect(first.routes[0].encoding?.label == "s@v1")
            let new = try await build(PayloadEncoding(subject: "out-value", registered: "text"), cache)
            #expect(new.routes[0].encoding?.label == "out-value@v1")
            #expect(try await client.schema(subject: "out-value", version: .latest).text == Schemas.text)
            // What the registry refuses keeps the connector from starting.
            let refusal = await #expect(throws: ContractCacheError.self) {
                try await build(PayloadEncoding(subject: "out-value", registered: "number"), cache)
            }
            #expect(refusal?.description.contains("incompatible") == true)
            let missing = await #expect(throws: ContractCacheError.self) {
                try await build(PayloadEncoding(subject: "nobody"), cache)
            }
            #expect(missing?.description.contains("nobody") == true)
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
