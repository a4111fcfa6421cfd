import ConnectorKit
import Contracts
import Delivery
import Expressions
import Foundation
import Log
import Registry
import RegistryClient
import RegistryTesting
import Testing

@testable import Worker

/// Payloads that come and go with the ids of their schemas, through the drivers, with a registry of busbar's.
@Suite(.timeLimit(.minutes(1)))
struct WireFormatTests {
    @Test func theSinkSeesThePayloadAlone() async throws {
        let rig = Rig()
        try await rig.createInput()
        try await Schemas.with(in: rig.directory) { registry in
            let client = try Schemas.client(registry.url)
            let number = try await client.register(SchemaSubmission(Schemas.number), under: "in-value")
            let id = try #require(number.id)
            let guid = try #require(try await client.schema(id: id).guid)
            let sink = ScriptedSink()
            let running = try await rig.deliver(.unwrapping(to: sink, Schemas.cache(registry.url)))
            try await rig.produce([Schemas.marked(id, #"{"n":1}"#), nil])
            try await rig.produce([Array(#"{"n":2}"#.utf8)], headers: [Schemas.header(guid), Header("kept", "yes")])
            try await eventually("all is committed") { rig.committed()?.offset == 3 }
            try await running.stop()
            #expect(sink.values.sorted() == ["", #"{"n":1}"#, #"{"n":2}"#])
            #expect(rig.log.records(in: "tickets.dlq").isEmpty)
        }
    }

    @Test func aDeadLetterHasTheBytesAsTheyCame() async throws {
        let rig = Rig()
        try await rig.createInput()
        try await Schemas.with(in: rig.directory) { registry in
            let client = try Schemas.client(registry.url)
            _ = try await client.register(SchemaSubmission(Schemas.number), under: "in-value")
            let sink = ScriptedSink()
            let running = try await rig.deliver(.unwrapping(to: sink, Schemas.cache(registry.url)))
            let values: [[UInt8]] = [
                Schemas.marked(1, #"{"n":"x"}"#), Schemas.marked(99, #"{"n":1}"#), [0, 0, 0, 1],
                Array(#"{"n":1}"#.utf8), Schemas.marked(1, "{"), [],
            ]
            try await rig.produce(values)
            let letters = try await rig.waitForRecords(values.count, in: "tickets.dlq")
            try await eventually("all is committed") { rig.committed()?.offset == Offset(Int64(values.count)) }
            try await running.stop()
            #expect(sink.values.isEmpty)
            var reasons: [[UInt8]: String] = [:]
            for letter in letters { reasons[letter.value ?? []] = letter.header("busbar-dlq-reason") }
            #expect(values.map { reasons[$0] } == ["schema", "schema", "decode", "decode", "decode", "decode"])
            let broken = try #require(letters.first { $0.value == values[0] })
            #expect(broken.header("busbar-dlq-version") == "schema id 1")
            #expect(broken.header("busbar-dlq-pointer") == "/n")
            let unknown = try #require(letters.first { $0.value == values[1] })
            #expect(
                unknown.header("__connect.errors.exception.message")?.contains("40403") == true
                    || unknown.header("__connect.errors.exception.message")?.contains("not found") == true
            )
            let bare = try #require(letters.first { $0.value == values[3] })
            #expect(bare.header("__connect.errors.exception.message")?.contains("begins with byte 123") == true)
        }
    }

    @Test func aContractOfTheConnectorNeedsNoRegistry() async throws {
        let rig = Rig()
        try await rig.createInput()
        let sink = ScriptedSink()
        let running = try await rig.deliver(.unwrapping(to: sink, nil, contract: try numberContract()))
        try await rig.produce([Schemas.marked(5, #"{"n":1}"#), Schemas.marked(6, #"{"t":"a"}"#)])
        try await eventually("all is committed") { rig.committed()?.offset == 2 }
        try await running.stop()
        #expect(sink.values == [#"{"n":1}"#])
        #expect(rig.log.records(in: "tickets.dlq").map(\.value) == [Schemas.marked(6, #"{"t":"a"}"#)])
    }

    @Test func whatIsComputedOfThePayloadSeesThePayload() async throws {
        let rig = Rig()
        try await rig.createInput()
        var plan = ConnectorPlan.unwrapping(to: ScriptedSink(), nil, contract: try numberContract())
        let sink = ScriptedSink()
        plan.routes = [PlannedRoute(condition: try Program(".n > 1"), target: .external(sink))]
        plan.dedupe = DedupePlan(key: .program(try Program(".n")), window: .seconds(600))
        let running = try await rig.deliver(plan)
        try await rig.produce([2, 2, 3].map { Schemas.marked(5, "{\"n\":\($0)}") })
        try await eventually("all is committed") { rig.committed()?.offset == 3 }
        try await running.stop()
        #expect(sink.values.sorted() == [#"{"n":2}"#, #"{"n":3}"#])
        #expect(rig.accounting.settled[.duplicate] == 1)
    }

    @Test(arguments: PayloadEncoding.Place.allCases)
    func aCopyIsWrittenWithTheOutputsSchema(_ place: PayloadEncoding.Place) async throws {
        let rig = Rig()
        try await rig.createInput()
        try await Schemas.with(in: rig.directory) { registry in
            let client = try Schemas.client(registry.url)
            _ = try await client.register(SchemaSubmission(Schemas.number), under: "in-value")
            let out = try await client.register(SchemaSubmission(Schemas.text), under: "out-value")
            let id = try #require(out.id)
            let guid = try #require(try await client.schema(id: id).guid)
            let cache = try Schemas.cache(registry.url)
            let encoding = try PlannedEncoding(try await cache.contract(.latest(subject: "out-value")), place)
            var plan = ConnectorPlan.recoding(cache, encoding)
            plan.steps = [.map(try Program("if .n == 1 then {t: \"one\"} else {t: .n} end"))]
            let running = try await rig.transact(plan)
            // One of them says its own schema in a header, which must not go on to the output.
            let own = try #require(try await client.schema(id: 1).guid)
            try await rig.produce([Array(#"{"n":1}"#.utf8)], headers: [Schemas.header(own)])
            try await rig.produce([Schemas.marked(1, #"{"n":2}"#), nil])
            try await eventually("all is committed") { rig.committed()?.offset == 3 }
            try await running.stop()
            let records = rig.log.records(in: "out")
            let marks = records.map { $0.headers.filter { $0.name == "__value_schema_id" } }
            switch place {
            case .prefix:
                #expect(records.map(\.value) == [Schemas.marked(id, #"{"t":"one"}"#), nil])
                #expect(marks == [[], []])
            case .header:
                #expect(records.map(\.value) == [Array(#"{"t":"one"}"#.utf8), nil])
                #expect(marks == [[Schemas.header(guid)], []])
            }
            let letter = try #require(rig.log.records(in: "tickets.dlq").first)
            #expect(letter.value == Schemas.marked(1, #"{"n":2}"#))
            #expect(letter.header("busbar-dlq-reason") == "schema")
            #expect(letter.header("busbar-dlq-version") == "out-value@v1")
        }
    }

    @Test func plainOutputHasNoMark() async throws {
        let rig = Rig()
        try await rig.createInput()
        var plan = ConnectorPlan.recoding(nil, nil)
        plan.contract = try numberContract()
        let running = try await rig.transact(plan)
        try await rig.produce([Schemas.marked(1, #"{"n":1}"#)])
        let guid = "01020304-0506-0708-090a-0b0c0d0e0f10"
        try await rig.produce([Array(#"{"n":2}"#.utf8)], headers: [Schemas.header(guid), Header("kept", "yes")])
        try await eventually("all is committed") { rig.committed()?.offset == 2 }
        try await running.stop()
        let records = rig.log.records(in: "out")
        #expect(records.map(\.text) == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(records.map { $0.headers.map(\.name) } == [[], ["kept"]])
    }
}
