import Kafka
import KafkaTesting
import Log
import Synchronization
import Testing

/// Reading by `for try await`.
@Suite(.timeLimit(.minutes(2))) struct ConsumerSequenceTests {
    private func start(_ cluster: MockCluster, count: Int) async throws -> Consumer {
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: count)
        return try await fixture.consumer("t", maxBatch: 10)
    }

    @Test func loopsThatBreakLoseNothing() async throws {
        let cluster = try MockCluster()
        let consumer = try await start(cluster, count: 500)
        var values: [Int] = []
        while values.count < 500 {
            for try await batch in consumer.batches {
                batch.forEach { values.append($0.number ?? -1) }
                break
            }
        }
        #expect(values == Array(0..<500))
        await consumer.close()
        for try await _ in consumer.batches { Issue.record("a closed consumer has batches") }
    }

    @Test func loopsOverMessagesGoOnInsideABatch() async throws {
        let cluster = try MockCluster()
        let consumer = try await start(cluster, count: 100)
        var values: [Int] = []
        while values.count < 100 {
            var left = 3
            for try await message in consumer.messages {
                values.append(message.number ?? -1)
                left -= 1
                if left == 0 || values.count == 100 { break }
            }
        }
        #expect(values == Array(0..<100))
        await consumer.close()
    }

    @Test func cancellationEndsALoopAtOnceAndTheNextOneGoesOn() async throws {
        let cluster = try MockCluster()
        let consumer = try await start(cluster, count: 50)
        let fixture = KafkaFixture(client: cluster.configuration())
        let seen = Mutex<[Int]>([])
        let (progress, reached) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
        let loop = Task {
            for try await batch in consumer.batches {
                batch.forEach { message in seen.withLock { $0.append(message.number ?? -1) } }
                reached.yield(seen.withLock { $0.count })
            }
        }
        for await count in progress where count >= 50 { break }
        // It waits for more now, for up to a minute.
        let clock = ContinuousClock()
        loop.cancel()
        let took = try await clock.measure { try await loop.value }
        #expect(took < .seconds(5), "the cancelled loop took \(took)")
        try await fixture.fill("t", count: 50, from: 50)
        var values = seen.withLock { $0 }
        for try await batch in consumer.batches {
            batch.forEach { values.append($0.number ?? -1) }
            if values.count >= 100 { break }
        }
        #expect(values == Array(0..<100))
        await consumer.close()
    }

    @Test func aHandlerSaysWhereToStart() async throws {
        let cluster = try MockCluster()
        let consumer = try await start(cluster, count: 50)
        let partition = TopicPartition("t", 0)
        let batches = consumer.batches { (rebalance) throws(LogError) in
            #expect(rebalance.change == .assign)
            return [partition: 45]
        }
        var values: [Int] = []
        for try await batch in batches {
            batch.forEach { values.append($0.number ?? -1) }
            if values.count >= 5 { break }
        }
        #expect(values == Array(45..<50))
        await consumer.close()
    }

    @Test func whatTheHandlerThrowsEndsTheLoop() async throws {
        let cluster = try MockCluster()
        let consumer = try await start(cluster, count: 1)
        let refusal = LogError(.other, name: "TEST", message: "no")
        let batches = consumer.batches { (_) throws(LogError) in throw refusal }
        let error = await #expect(throws: LogError.self) {
            for try await _ in batches { Issue.record("a batch without an assignment") }
        }
        #expect(error == refusal)
        await consumer.close()
    }
}
