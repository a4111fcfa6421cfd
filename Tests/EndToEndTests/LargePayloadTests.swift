import Dev
import Foundation
import Kafka
import LocalStack
import Log
import TestKit
import Testing

/// Payloads of 10 MB pass, and break a contract, like any other.
@Suite(.serialized, .timeLimit(.minutes(4)))
struct LargePayloadTests {
    private static let size = 10_000_000

    /// A JSON object of exactly ``size`` bytes with strings, numbers and nesting.
    private static func payload(_ number: String) -> [UInt8] {
        let head = #"{"n":\#(number),"items":["#
        let item = #"{"name":"é\u0000\\","price":-12.50e1,"tags":[true,null,{}]},"#
        let tail = #"],"text":""#
        let count = (size / 2 - head.utf8.count) / item.utf8.count
        var bytes = Array(head.utf8) + Array(String(repeating: item, count: count).utf8.dropLast()) + Array(tail.utf8)
        bytes += [UInt8](repeating: UInt8(ascii: "x"), count: size - bytes.count - 2)
        return bytes + Array(#""}"#.utf8)
    }

    private static let contract = #"{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}"#

    private func connector(_ name: String, to sink: String, in bench: Bench) throws -> String {
        try bench.write(
            """
            connector: \(name)
            description: Of a test.
            owner: tests
            from:
              kafka: { topic: large }
            contract: large
            to:
              \(sink)
            delivery: { dead_letter: \(name).dlq, timeout: 30s }
            """,
            to: "\(name).yaml"
        )
    }

    @Test func tenMegabytesPassOrAreDeadLetteredWhole() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            // Kafka's own default is 1 MB for every topic, that of dead letters included.
            let room = ["max.message.bytes": "12000000"]
            try await bench.log.createTopics(
                ["large", "copy", "send.dlq", "copy.dlq"].map {
                    TopicSpecification(TopicName($0), partitions: 1, settings: room)
                }
            )
            try bench.addContract("large", Self.contract)
            let connectors = [
                try connector("send", to: "http: { url: \(target.url), idempotency_key: true }", in: bench),
                try connector("copy", to: "kafka: { topic: copy }", in: bench),
            ]
            let good = Self.payload("1")
            let bad = Self.payload(#""one""#)
            #expect(good.count == 10_000_000 && bad.count == 10_000_000)
            try await bench.produce([(nil, good), (nil, bad), (nil, Array(#"{"n":2}"#.utf8))], to: "large")
            let worker = try await bench.worker(connectors: connectors).start()
            try await worker.ready()
            for name in ["send", "copy"] {
                let report = try await worker.settled(name, consumed: 3)
                #expect(report.delivered == 2 && report.deadLettered == ["schema": 1], "\(name)")
                #expect(report.residue == 0, "\(name)")
                let letters = try await bench.records(of: "\(name).dlq")
                #expect(letters.count == 1)
                #expect(letters.first?.value == bad, "\(name): the dead letter is not the payload byte for byte")
                #expect(letters.first?.origin == "large/0/1")
            }
            let sent = target.effects.map(\.body)
            #expect(sent.count == 2 && sent.contains { Array($0) == good }, "the target has other bytes")
            let copies = try await bench.records(of: "copy").map(\.value)
            #expect(copies.count == 2 && copies.first == good, "the copy has other bytes")
            #expect(try await worker.stop() == 0)
            try await target.stop()
        }
    }
}
