import ConnectorKit
import Log
import Testing

@testable import Connectors

@Suite struct KafkaSinkTests {
    @Test func recordsKeepTheirKeyAndThePartitionIsChosenByIt() throws {
        let sink = KafkaSink(try KafkaSinkSettings(topic: "out"))
        #expect(sink.topics == ["out"])
        #expect(sink.route(record("1", "1", key: "k")) == LogRoute(topic: "out", key: Array("k".utf8)))
        #expect(sink.route(record("1", "1")) == LogRoute(topic: "out", key: nil))
    }

    @Test func aKeyProgramReplacesTheKeyEvenWithNone() throws {
        let sink = KafkaSink(try KafkaSinkSettings(topic: "out", key: { $0.id == "1" ? Array("x".utf8) : nil }))
        #expect(sink.route(record("1", "1", key: "k")).key == Array("x".utf8))
        #expect(sink.route(record("2", "1", key: "k")).key == nil)
    }

    @Test(arguments: ["", "a b", "..", "a/b", String(repeating: "x", count: 250)])
    func badTopicNamesAreRefused(_ name: String) {
        #expect(throws: ConnectorError.self) { try KafkaSinkSettings(topic: TopicName(name)) }
    }
}
