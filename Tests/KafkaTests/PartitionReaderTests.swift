import Kafka
import KafkaTesting
import Log
import Testing

/// Partitions that are read each by itself.
@Suite(.timeLimit(.minutes(2))) struct PartitionReaderTests {
    private let even = TopicPartition("t", 0)
    private let odd = TopicPartition("t", 1)

    /// A consumer and a reader of each of two partitions, filled with 0, 2, 4, … and 1, 3, 5, ….
    private func start(
        _ cluster: MockCluster,
        count: Int,
        with properties: [String: String] = [:],
        fetchBudget: Int = 32 << 20
    ) async throws -> (consumer: Consumer, even: PartitionReader, odd: PartitionReader) {
        try cluster.createTopic("t", partitions: 2)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: count, partitions: 2)
        let consumer = try await fixture.consumer(
            "t",
            maxBatch: 10,
            fetchBudget: fetchBudget,
            options: ConsumerOptions(delivery: .perPartition(expecting: 2)),
            with: properties
        )
        #expect(try await consumer.assignment().count == 2)
        return (consumer, try await consumer.partition(even), try await consumer.partition(odd))
    }

    private func values(_ count: Int, from reader: PartitionReader) async throws -> [Int] {
        var values: [Int] = []
        while values.count < count {
            guard case .batch(let batch) = try await reader.next(wait: .seconds(1)) else { continue }
            #expect((1...10).contains(batch.count))
            batch.forEach { message in
                #expect(message.topicPartition == reader.partition)
                values.append(message.number ?? -1)
            }
        }
        return values
    }

    @Test func aPartitionThatNobodyReadsStopsNoOther() async throws {
        let cluster = try MockCluster()
        let (consumer, evens, odds) = try await start(cluster, count: 4000)
        #expect(try await values(2000, from: odds) == Array(stride(from: 1, to: 4000, by: 2)))
        guard case .idle = try await consumer.next(wait: .milliseconds(50)) else {
            Issue.record("messages came by the consumer itself")
            return
        }
        #expect(try await values(2000, from: evens) == Array(stride(from: 0, to: 4000, by: 2)))
        #expect(try await consumer.position(of: even) == 2000)
        await consumer.close()
        guard case .ended = try await evens.next(wait: .seconds(1)) else {
            Issue.record("the reader of a closed consumer goes on")
            return
        }
    }

    @Test func eachPartitionIsFetchedAheadWithinItsShareOnly() async throws {
        let cluster = try MockCluster()
        // 64 KiB for each; small answers, so that one fetch does not go far beyond.
        let (consumer, evens, odds) = try await start(
            cluster,
            count: 60_000,
            with: ["fetch.message.max.bytes": "16384", "queued.min.messages": "1000000"],
            fetchBudget: 128 << 10
        )
        #expect(try await values(30_000, from: odds).count == 30_000)
        // What the even partition has ready is what its queue holds: it comes without another fetch.
        cluster.goDown()
        var ready = 0
        while case .batch(let batch) = try await evens.next(wait: .milliseconds(200)) {
            batch.forEach { ready += $0.value?.count ?? 0 }
        }
        // All of the partition is 140 kB.
        #expect((1...(96 << 10)).contains(ready), "\(ready) bytes were fetched ahead")
        cluster.comeUp()
        await consumer.close()
    }

    @Test func aPausedPartitionGoesOnWhereItStopped() async throws {
        let cluster = try MockCluster()
        let (consumer, evens, odds) = try await start(cluster, count: 2000)
        var seen = try await values(20, from: evens)
        try await consumer.pause([even])
        guard case .idle = try await evens.next(wait: .milliseconds(200)) else {
            Issue.record("a paused partition was handed out")
            return
        }
        #expect(consumer.pollStatus.paused == [even])
        #expect(try await values(1000, from: odds).count == 1000)
        try await consumer.resume([even])
        seen += try await values(1000 - seen.count, from: evens)
        #expect(seen == Array(stride(from: 0, to: 2000, by: 2)))
        await consumer.close()
    }

    @Test func seekDropsWhatWasReadAhead() async throws {
        let cluster = try MockCluster()
        let (consumer, evens, _) = try await start(cluster, count: 1000)
        _ = try await values(10, from: evens)
        for target in [400, 100, 490] {
            try await consumer.seek(even, to: Offset(Int64(target)))
            #expect(try await consumer.position(of: even) == Offset(Int64(target)))
            #expect(try await values(5, from: evens).prefix(5) == Array((target..<(target + 5)).map { $0 * 2 })[...])
        }
        await consumer.close()
    }

    @Test func theSequenceEndsWithTheConsumer() async throws {
        let cluster = try MockCluster()
        let (consumer, evens, _) = try await start(cluster, count: 200)
        async let seen: [Int] = {
            var values: [Int] = []
            for try await batch in evens.batches { batch.forEach { values.append($0.number ?? -1) } }
            return values
        }()
        while try await consumer.position(of: even) != 100 { _ = try await consumer.next(wait: .milliseconds(20)) }
        await consumer.close()
        #expect(try await seen == Array(stride(from: 0, to: 200, by: 2)))
    }

    @Test func aReaderIsRefusedWhereThereIsNothingToRead() async throws {
        let cluster = try MockCluster()
        let (consumer, _, _) = try await start(cluster, count: 2)
        let missing = await #expect(throws: LogError.self) { try await consumer.partition(TopicPartition("t", 7)) }
        #expect(missing?.message.contains("t/7") == true)
        await consumer.close()
        let together = try await KafkaFixture(client: cluster.configuration()).consumer("t", group: "together")
        _ = try await together.assignment()
        let refused = await #expect(throws: LogError.self) { try await together.partition(even) }
        #expect(refused?.code == .configuration)
        await together.close()
    }

    @Test func anImpossibleShareIsRefused() async throws {
        let fixture = KafkaFixture(client: ClientConfiguration(brokers: ["localhost:1"]))
        await #expect(throws: LogError.self) {
            try await fixture.consumer("t", options: ConsumerOptions(delivery: .perPartition(expecting: 0)))
        }
        await #expect(throws: LogError.self) {
            try await fixture.consumer("t", options: ConsumerOptions(commits: .stored(every: .zero)))
        }
    }
}
