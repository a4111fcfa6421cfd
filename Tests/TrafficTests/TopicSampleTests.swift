import Log
import Testing

@testable import Traffic

@Suite(.timeLimit(.minutes(2))) struct TopicSampleTests {
    struct Division: Sendable, CustomTestStringConvertible {
        let total: Int
        let available: [Int]
        let shares: [Int]

        var testDescription: String { "\(total) among \(available)" }
    }

    @Test(arguments: [
        Division(total: 9, available: [10, 10, 10], shares: [3, 3, 3]),
        Division(total: 10, available: [10, 10, 10], shares: [4, 3, 3]),
        Division(total: 10, available: [1, 20, 4], shares: [1, 5, 4]),
        Division(total: 100, available: [1, 2, 3], shares: [1, 2, 3]),
        Division(total: 1, available: [0, 5], shares: [0, 1]),
        Division(total: 0, available: [5], shares: [0]),
        Division(total: 5, available: [], shares: []),
    ])
    func everyPartitionGivesTheSameAndThoseThatHaveLessGiveWhatTheyHave(_ division: Division) {
        #expect(TopicSample.shares(of: division.total, among: division.available) == division.shares)
    }

    private func sample(_ last: Int, of topic: FilledTopic) async throws -> (values: [String], [TopicSample.Part]) {
        var values: [String] = []
        let partitions = try await topic.log.partitions(of: topic.topic)
        let parts = try await TopicSample(topic: topic.topic, last: last).read(from: topic.log, partitions: partitions)
        {
            values.append($0.value.map { String(decoding: $0, as: UTF8.self) } ?? "-")
        }
        return (values, parts)
    }

    @Test(arguments: LogKind.allCases)
    func theLastRecordsOfEachPartitionAreRead(kind: LogKind) async throws {
        try await kind.with(partitions: 3) { topic in
            try await topic.add((0..<10).map { "a\($0)" }, to: 0)
            try await topic.add(["b0"], to: 1)
            try await topic.add((0..<10).map { "c\($0)" }, to: 2)
            let (values, parts) = try await sample(7, of: topic)
            #expect(values.sorted() == ["a7", "a8", "a9", "b0", "c7", "c8", "c9"])
            #expect(
                parts == [
                    TopicSample.Part(partition: 0, range: 7..<10, records: 3),
                    TopicSample.Part(partition: 1, range: 0..<1, records: 1),
                    TopicSample.Part(partition: 2, range: 7..<10, records: 3),
                ]
            )
            #expect(try await sample(1_000, of: topic).values.count == 21)
        }
    }

    @Test(arguments: LogKind.allCases)
    func anEmptyTopicHasNothing(kind: LogKind) async throws {
        try await kind.with(partitions: 2) { topic in
            let (values, parts) = try await sample(10, of: topic)
            #expect(values.isEmpty)
            #expect(parts.map(\.records) == [0, 0])
        }
    }

    /// Offsets of aborted records and of transactions' marks hold none: the sample reaches back over them.
    @Test(arguments: LogKind.allCases)
    func offsetsWithoutRecordsAreMadeUpFor(kind: LogKind) async throws {
        try await kind.with { topic in
            try await topic.add(["0", "1", "2", "3"])
            try await topic.add(["x", "y", "z"], transaction: "a") { try await $0.abortTransaction() }
            try await topic.add(["4"], transaction: "b") { try await $0.commitTransaction() }
            #expect(try await sample(3, of: topic).values.sorted() == ["2", "3", "4"])
            #expect(try await sample(100, of: topic).values.sorted() == ["0", "1", "2", "3", "4"])
        }
    }

    @Test(arguments: LogKind.allCases)
    func aTransactionThatIsOpenIsNotWaitedFor(kind: LogKind) async throws {
        try await kind.with { topic in
            try await topic.add(["0", "1"])
            try await topic.add(["open"], transaction: "a") { producer in
                #expect(try await sample(10, of: topic).values == ["0", "1"])
                try await producer.abortTransaction()
            }
        }
    }

    @Test func whatTheBodyThrowsEndsTheSample() async throws {
        struct Stop: Error {}
        try await LogKind.memory.with { topic in
            try await topic.add(["0", "1"])
            await #expect(throws: Stop.self) {
                _ = try await TopicSample(topic: topic.topic, last: 5).read(from: topic.log, partitions: [0]) { _ in
                    throw Stop()
                }
            }
        }
    }
}
