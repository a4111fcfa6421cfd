import AsyncHTTPClient
import Dev
import Foundation
import Kafka
import LocalStack
import Log
import NIOCore
import NIOHTTP1
import TestKit
import Testing

/// Payloads that nobody should send. Each has the right outcome, and the worker stays up.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct HostilePayloadTests {
    private struct Case {
        let name: String
        let value: [UInt8]?
        /// The reason of its dead letter; `nil` where it is delivered.
        let reason: String?
    }

    private static let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    private static let large = #"{"n":1,"text":""# + String(repeating: "x", count: 800_000) + #""}"#

    private static let cases: [Case] = [
        Case(name: "empty", value: [], reason: "decode"),
        Case(name: "not JSON", value: Array("hello".utf8), reason: "decode"),
        Case(name: "NaN", value: Array(#"{"n":NaN}"#.utf8), reason: "decode"),
        Case(name: "depth 10,000", value: Array(deep.utf8), reason: "decode"),
        Case(name: "deep member", value: Array(#"{"n":1,"a":\#(deep)}"#.utf8), reason: "decode"),
        Case(
            name: "invalid UTF-8",
            value: Array(#"{"n":1,"a":""#.utf8) + [0xFF, 0xC0] + Array(#""}"#.utf8),
            reason: "decode"
        ),
        Case(name: "lone surrogate", value: Array(#"{"n":1,"a":"\ud800"}"#.utf8), reason: "decode"),
        Case(name: "breaks the contract", value: Array(#"{"n":"one"}"#.utf8), reason: "schema"),
        Case(name: "a loop", value: Array(#"{"n":2,"loop":true}"#.utf8), reason: "expression"),
        Case(name: "an explosion", value: Array(#"{"n":3,"explode":true}"#.utf8), reason: "expression"),
        Case(name: "800 KB", value: Array(large.utf8), reason: nil),
        Case(name: "good", value: Array(#"{"n":1}"#.utf8), reason: nil),
    ]

    private static let contract = #"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}"#
    private static let steps = """
        steps:
          - filter: 'if .loop then ([range(1000000000)] | length) > 0 else true end'
          - map: 'if .explode then [range(100000000)] else . end'
        """

    @Test func payloadsFromATopicEndAsDeadLettersOrAreDelivered() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            try await bench.createTopics(["hostile"], partitions: 2)
            try bench.addContract("hostile", Self.contract)
            let connector = try bench.write(
                """
                connector: hostile
                description: Of a test.
                owner: tests
                from:
                  kafka: { topic: hostile }
                contract: hostile
                \(Self.steps)
                to:
                  http: { url: \(target.url), idempotency_key: true }
                """,
                to: "hostile.yaml"
            )
            let worker = try await bench.worker(connectors: [connector]).start()
            try await worker.ready()
            // A tombstone has no body to send.
            let cases = Self.cases + [Case(name: "null value", value: nil, reason: "policy")]
            try await bench.produce(cases.map { (key: nil, value: $0.value) }, to: "hostile")
            try await bench.produce([(key: [0xFF, 0x00], value: Array(#"{"n":9}"#.utf8))], to: "hostile")
            let report = try await worker.settled("hostile", consumed: cases.count + 1)
            let expected = Dictionary(grouping: cases.compactMap(\.reason), by: \.self).mapValues(\.count)
            #expect(report.deadLettered == expected)
            #expect(report.delivered == cases.count { $0.reason == nil } + 1)
            #expect(report.residue == 0)
            #expect(target.effects.count == report.delivered)
            let letters = try await bench.records(of: "hostile.dlq")
            let values = Set(letters.map(\.value))
            #expect(letters.count == report.deadLetters)
            for hostile in cases where hostile.reason != nil {
                #expect(values.contains(hostile.value), "\(hostile.name) is not in the dead letters byte for byte")
            }
            #expect(worker.process.isRunning)
            #expect(try await worker.stop() == 0)
            try await target.stop()
        }
    }

    @Test func payloadsAtTheWebhookAreAnsweredAndAccountedFor() async throws {
        try await Bench.run { bench in
            try bench.addContract("hostile", Self.contract)
            let port = try LoopbackPort.free()
            let connector = try bench.write(
                """
                connector: door
                description: Of a test.
                owner: tests
                from:
                  webhook: { listen: "127.0.0.1:\(port)", path: /in, profile: none, max_body: 900KiB }
                contract: hostile
                \(Self.steps)
                to:
                  kafka: { topic: door.out }
                """,
                to: "door.yaml"
            )
            let worker = try await bench.worker(connectors: [connector]).start()
            try await worker.ready()
            let url = "http://127.0.0.1:\(port)/in"
            for hostile in Self.cases {
                #expect(try await post(hostile.value ?? [], to: url) == 202, "\(hostile.name)")
            }
            let tooLarge = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20)
            #expect(try await post(tooLarge, to: url) == 413)
            #expect(try await post(Array("{}".utf8), to: url, type: "text/plain") == 415)
            let report = try await worker.settled("door", consumed: Self.cases.count)
            #expect(report.consumed == Self.cases.count)
            #expect(
                report.deadLettered
                    == Dictionary(grouping: Self.cases.compactMap(\.reason), by: \.self).mapValues(\.count)
            )
            #expect(report.residue == 0)
            #expect(try await bench.records(of: "door.out").count == report.delivered)
            #expect(try await bench.records(of: "door.dlq").count == report.deadLetters)
            #expect(try await worker.stop() == 0)
        }
    }
}

/// Sends a body to a webhook and returns the answer's status.
///
/// The rest of the answer is not read: where it comes before the body has been sent, as with 413, the client closes the
/// connection at the answer's end, and its own write that fails then would be thrown in place of the answer.
func post(
    _ body: [UInt8],
    to url: String,
    type: String = "application/json",
    headers: [(String, String)] = []
) async throws -> Int {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: type)
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    request.body = .bytes(body, length: .known(Int64(body.count)))
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    return Int(response.status.code)
}

extension Bench {
    /// Writes records in order.
    func produce(_ records: [(key: [UInt8]?, value: [UInt8]?)], to topic: String) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        var batch = ProduceBatch()
        for record in records { batch.append(topic: TopicName(topic), key: record.key, value: record.value) }
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .seconds(10))
    }
}
