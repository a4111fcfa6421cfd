import ConnectorKit
import Delivery
import Kafka
import Log
import LogTesting
import Logging
import TestKit
import Testing

@testable import Worker

/// The rules of sources and sinks, held against the `kafka` ones as the worker's drivers run them, on the in-memory log.
@Suite(.timeLimit(.minutes(2)))
struct KafkaConnectorConformanceTests {
    @Test(arguments: PullSourceConformance.allCases, [Order.partition, .key])
    func source(_ check: PullSourceConformance, _ order: Order) async throws {
        try await check.run(on: KafkaSourceBench(InMemoryLog(), order: order))
    }

    @Test(arguments: SinkConformance.allCases, LogWriter.allCases)
    func sink(_ check: SinkConformance, _ writer: LogWriter) async throws {
        try await check.run(on: KafkaSinkBench(InMemoryLog(), writer))
    }

    @Test func aSourceKeepsEverythingOfARecord() async throws {
        try await KafkaSourceBench(InMemoryLog()).checkThatRecordsAreKept()
    }

    @Test(arguments: LogWriter.allCases)
    func aSinkKeepsEverythingOfARecord(_ writer: LogWriter) async throws {
        try await KafkaSinkBench(InMemoryLog(), writer).checkThatRecordsAreKept()
    }

    @Test(arguments: LogWriter.allCases)
    func aRecordThatTheTopicRefusesTakesNoOtherWithIt(_ writer: LogWriter) async throws {
        let bench = try await KafkaSinkBench(InMemoryLog(), writer, limit: 1000)
        let sink = try await bench.makeSink()
        let results = await sink.deliver(
            [1, 5000, 1].map { Record(id: "\($0)", value: .owned([UInt8](repeating: 0x20, count: $0))) }
        )
        await sink.close()
        #expect(results == [.delivered, .reject(.tooLarge, detail: "dead-lettered"), .delivered])
        #expect(try await bench.delivered() == [" ", " "])
    }
}

/// The same against librdkafka and a broker.
@Suite(
    .serialized,
    .timeLimit(.minutes(3))
)
struct KafkaConnectorBrokerConformanceTests {
    @Test(arguments: PullSourceConformance.allCases)
    func source(_ check: PullSourceConformance) async throws {
        try await withBroker { try await check.run(on: KafkaSourceBench($0)) }
    }

    @Test(arguments: SinkConformance.allCases, LogWriter.allCases)
    func sink(_ check: SinkConformance, _ writer: LogWriter) async throws {
        try await withBroker { try await check.run(on: KafkaSinkBench($0, writer)) }
    }

    @Test func aSourceKeepsEverythingOfARecord() async throws {
        try await withBroker { try await KafkaSourceBench($0).checkThatRecordsAreKept() }
    }

    @Test(arguments: LogWriter.allCases)
    func aSinkKeepsEverythingOfARecord(_ writer: LogWriter) async throws {
        try await withBroker { try await KafkaSinkBench($0, writer).checkThatRecordsAreKept() }
    }

    private func withBroker(_ body: (any Log) async throws -> Void) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        try await InProcessBroker.with { try await body(KafkaLog($0.client, logger: logger)) }
    }
}

/// Records that differ in everything that a record may have.
private let diverse: [Record] = [
    Record(id: "", key: nil, value: .owned(Array("{}".utf8))),
    Record(id: "", key: [], value: .owned([])),
    Record(id: "", key: [0xFF, 0x00], value: .null, headers: [Header("null", nil), Header("empty", "")]),
    Record(
        id: "",
        key: Array("k".utf8),
        value: .owned([0x00, 0xFF, 0x0A]),
        headers: [Header("twice", "1"), Header("twice", "2"), Header("bin", [0xFF, 0x0D])]
    ),
]

private struct KafkaSourceBench: PullSourceBench {
    let log: any Log
    let topic: TopicName = "in"
    let order: Order

    init(_ log: any Log, order: Order = .partition) async throws {
        self.log = log
        self.order = order
        try await log.createTopics([TopicSpecification(topic, partitions: 1)])
    }

    private func source(_ reader: String, follows: Bool) -> DrivenSource {
        DrivenSource(log: log, topic: topic, reader: reader, order: order, follows: follows)
    }

    func makeSource(for reader: String) async throws -> any Source { source(reader, follows: false) }
    func makeFollowingSource(for reader: String) async throws -> any Source { source(reader, follows: true) }

    func add(_ payloads: [String]) async throws {
        try await log.sendAll(ProduceBatch(payloads, to: topic, partition: 0, key: "k"))
    }

    /// With a broker, only a member of the group could look, and its joining would move the partitions.
    func hasPosition(in intake: RecordingIntake) async throws -> Bool? {
        guard let log = log as? InMemoryLog else { return nil }
        return log.committedOffsets(of: "busbar.\(intake.reader)")[TopicPartition(topic, 0)].map { $0.offset > 0 }
            ?? false
    }

    func checkThatRecordsAreKept() async throws {
        var batch = ProduceBatch()
        for record in diverse { batch.append(record, to: LogRoute(topic: topic, partition: 0, key: record.key)) }
        try await log.sendAll(batch)
        let intake = RecordingIntake()
        try await makeSource(for: intake.reader).run(into: intake)
        #expect(intake.records.map(\.key) == diverse.map(\.key))
        #expect(intake.records.map { $0.value.bytes() } == diverse.map { $0.value.bytes() })
        #expect(intake.records.map(\.headers) == diverse.map(\.headers))
        #expect(intake.records.map(\.id) == diverse.indices.map { "in/0/\($0)" })
        #expect(intake.records.allSatisfy { $0.timestamp != nil })
    }
}

private struct KafkaSinkBench: SinkBench {
    let log: any Log
    let writer: LogWriter

    /// Makes the topics; the target takes records of up to `limit` bytes.
    init(_ log: any Log, _ writer: LogWriter, limit: Int = 4 << 20) async throws {
        self.log = log
        self.writer = writer
        let room = ["max.message.bytes": String(4 << 20)]
        try await log.createTopics([
            TopicSpecification("in", partitions: 1, settings: room),
            TopicSpecification("out", partitions: 1, settings: ["max.message.bytes": String(limit)]),
            TopicSpecification("out.dlq", partitions: 1, settings: room),
            TopicSpecification(PositionStore.topic, partitions: 1, settings: ["cleanup.policy": "compact"]),
        ])
    }

    func makeSink() async throws -> any Sink {
        try await DrivenSink(writer, log, to: "out", deadLetters: "out.dlq")
    }

    private func records() async throws -> [SeenRecord] {
        try await LogConformance(log).readAll(TopicPartition("out", 0))
    }

    /// A record that was written twice counts once: payloads of these checks differ.
    func delivered() async throws -> [String] {
        var seen: Set<String> = []
        return try await records().map { $0.text ?? "tombstone" }.filter { seen.insert($0).inserted || $0 == " " }
    }

    /// The driver of a source hands a failure on; the others try again by themselves, which tests of their own show.
    func failNext(_ attempts: Int) async throws -> Bool {
        guard writer == .ingest, let log = log as? InMemoryLog else { return false }
        log.failSends(to: "out", with: .transient, times: attempts)
        return true
    }

    func checkThatRecordsAreKept() async throws {
        let sink = try await makeSink()
        let results = await sink.deliver(diverse)
        await sink.close()
        #expect(results == Array(repeating: .delivered, count: diverse.count))
        let records = try await records()
        #expect(records.map(\.key) == diverse.map(\.key))
        #expect(records.map(\.value) == diverse.map { $0.value.bytes() })
        #expect(records.map(\.headers) == diverse.map(\.headers))
    }
}

extension Log {
    /// Writes records in order.
    fileprivate func sendAll(_ batch: ProduceBatch) async throws {
        let producer = try await producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .seconds(5))
    }
}
