import Log
import LogTesting
import Testing

@Suite struct BatchTests {
    @Test func keepsNullEmptyAndRepeatedParts() {
        var batch = ProduceBatch()
        batch.append(topic: "a", key: [UInt8]?.none, value: [UInt8]?.none)
        batch.append(
            topic: "b",
            partition: 3,
            key: [UInt8](),
            value: [7],
            headers: [Header("h", nil), Header("h", "x")]
        )
        #expect(batch.count == 2)
        #expect(batch.topics == ["a", "b"])
        #expect(batch.bytes == 4)
        batch.withRecord(at: 0) { record in
            #expect(record.topic == "a" && record.key == nil && record.value == nil && record.headerCount == 0)
        }
        batch.withRecord(at: 1) { record in
            #expect(record.partition == 3 && record.key?.count == 0 && record.value.map(Array.init) == [7])
            #expect(record.headers() == [Header("h", nil), Header("h", "x")])
        }
    }

    @Test func appendsAnotherBatchAfterItsOwnRecords() {
        var batch = ProduceBatch(["1"], to: "a", key: "k")
        batch.append(contentsOf: ProduceBatch(["2", "3"], to: "b", partition: 1))
        var seen: [String] = []
        batch.withRecords {
            seen.append("\($0.topic):\(String(decoding: $0.value ?? .init(start: nil, count: 0), as: UTF8.self))")
        }
        #expect(seen == ["a:1", "b:2", "b:3"])
    }

    @Test func isEmptyAfterRemoveAllAndUsableAgain() {
        var batch = ProduceBatch(["1"], to: "a")
        batch.removeAll()
        #expect(batch.isEmpty && batch.bytes == 0 && batch.topics.isEmpty)
        batch.append(contentsOf: ProduceBatch(["2"], to: "b"))
        #expect(batch.topics == ["b"])
    }

    @Test func passesErrorsOfTheBodyOn() {
        struct Stop: Error {}
        var visited = 0
        #expect(throws: Stop.self) {
            try ProduceBatch(["1", "2"], to: "a").withRecords { _ throws(Stop) in
                visited += 1
                throw Stop()
            }
        }
        #expect(visited == 1)
    }

    @Test func viewsKeepTheMemoryAlive() async throws {
        var view: MessageView?
        do {
            let log = InMemoryLog()
            let producer = try await log.producer(ProducerConfiguration())
            _ = try await producer.send(ProduceBatch(["kept"], to: "t", key: "k"))
            let reader = try await log.reader()
            try await reader.assign([TopicPartition("t", 0): 0])
            if case .batch(let batch) = try await reader.next(wait: .zero) { view = batch[0] }
        }
        let record = SeenRecord(try #require(view))
        #expect(record.text == "kept" && record.key == Array("k".utf8))
    }

    @Test func whatIsCommittedAfterABatchIsThePlaceAfterEachPartitionsLastMessage() {
        let partitions = [TopicPartition("a", 0), TopicPartition("b", 7)]
        let slots = [(0, 3), (1, 40), (0, 4), (0, 9)].map { partition, offset in
            MessageBatch.Slot(partition: partition, offset: offset, timestamp: -1, key: nil, value: nil)
        }
        let batch = MessageBatch(partitions: partitions, slots: slots, storage: NoHeaders())
        #expect(batch.nextOffsets == [partitions[0]: CommittedOffset(10), partitions[1]: CommittedOffset(41)])
        #expect(MessageBatch(partitions: [], slots: [], storage: NoHeaders()).nextOffsets.isEmpty)
    }

    private final class NoHeaders: MessageStorage {
        func forEachHeader(
            of index: Int,
            _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
        ) {}
    }

    @Test(arguments: [("a.b_c-1", true), ("", false), (".", false), ("..", false), ("a b", false), ("é", false)])
    func validatesTopicNames(name: String, isValid: Bool) {
        #expect(TopicName(name).isValid == isValid)
    }

    @Test func limitsTopicNamesTo249Bytes() {
        #expect(TopicName(String(repeating: "a", count: 249)).isValid)
        #expect(!TopicName(String(repeating: "a", count: 250)).isValid)
    }
}
