import KafkaTesting
import Log
import Testing

@testable import Kafka

/// What ends a client is said by its next call and by every later one, as an error that `isFatal`.
@Suite(.timeLimit(.minutes(1))) struct FatalErrorTests {
    private func consumer(_ cluster: MockCluster) async throws -> Consumer {
        try await Consumer.open(
            ConsumerConfiguration(group: "g", topics: ["t"], instanceID: "one", sessionTimeout: .seconds(6)),
            client: cluster.configuration(["heartbeat.interval.ms": "200"]),
            logger: KafkaFixture.silent
        )
    }

    @Test(arguments: [MockCluster.Request.heartbeat, .joinGroup])
    func aMemberWhoseInstanceHasBeenTakenOverIsToldSo(_ request: MockCluster.Request) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        if request == .joinGroup { cluster.fail(request, with: [.fencedInstanceID]) }
        let consumer = try await consumer(cluster)
        if request == .heartbeat {
            _ = try await consumer.assignment()
            cluster.fail(request, with: [.fencedInstanceID])
        }
        let error = await #expect(throws: LogError.self) {
            while true {
                if case .rebalance(let rebalance) = try await consumer.next(wait: .seconds(1)) {
                    try await consumer.complete(rebalance, from: [:])
                }
            }
        }
        #expect(error?.isFatal == true && error?.code == .fenced, "\(error as Any)")
        for _ in 0..<3 {
            #expect(await Self.error { _ = try await consumer.next(wait: .zero) } == error)
        }
        await consumer.close()
        // From here on the consumer is closed, and nothing else.
        guard case .closed = try await consumer.next(wait: .zero) else { throw error ?? .closedClient }
    }

    @Test func aConsumerThatHasEndedHandsOutNothingElse() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 100)
        let consumer = try await fixture.consumer("t", maxBatch: 10)
        // Ninety are left, of which ten are ready.
        #expect(try await consumer.values(10).count == 10)
        KafkaFixture.end(consumer.loop.handle.pointer, with: .unknownMember)
        let first = try await Self.fatal { _ = try await consumer.next(wait: .milliseconds(100)) }
        #expect(first.message.contains("by the test") && !first.isRetriable, "\(first)")
        var batches = consumer.batches.makeAsyncIterator()
        var messages = consumer.messages.makeAsyncIterator()
        for _ in 0..<3 {
            #expect(await Self.error { _ = try await consumer.next(wait: .seconds(1)) } == first)
            #expect(await Self.error { _ = try await batches.next() } == first)
            #expect(await Self.error { _ = try await messages.next() } == first)
        }
        await consumer.close()
    }

    @Test func theReadersOfItsPartitionsSayWhatHasEndedAConsumer() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let fixture = KafkaFixture(client: cluster.configuration())
        let options = ConsumerOptions(delivery: .perPartition(expecting: 2))
        let consumer = try await fixture.consumer("t", options: options)
        let assigned = try await consumer.assignment()
        #expect(assigned.count == 2)
        let readers = [try await consumer.partition(assigned[0]), try await consumer.partition(assigned[1])]
        KafkaFixture.end(consumer.loop.handle.pointer, with: .unknownMember)
        let first = try await Self.fatal { _ = try await consumer.next(wait: .milliseconds(100)) }
        for reader in readers + readers {
            #expect(await Self.error { _ = try await reader.next(wait: .seconds(1)) } == first)
        }
        await consumer.close()
        guard case .ended = try await readers[0].next(wait: .zero) else { throw first }
    }

    /// The error that `body` throws.
    private static func error(_ body: () async throws -> Void) async -> LogError? {
        await #expect(throws: LogError.self) { try await body() }
    }

    /// The fatal error that `body` throws at last.
    private static func fatal(_ body: () async throws -> Void) async throws -> LogError {
        let error = await error { while true { try await body() } }
        #expect(error?.isFatal == true, "\(error as Any)")
        return try #require(error)
    }

    @Test func aProducerThatHasLostItsSequenceSaysSoFromThenOn() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try await KafkaFixture(client: cluster.configuration()).producer()
        _ = try await producer.send(.numbers(0..<1))
        // OUT_OF_ORDER_SEQUENCE_NUMBER for the oldest request in flight: records may be lost, nothing can be retried.
        cluster.fail(.produce, with: [.init(rawValue: 45)])
        let results = try await producer.send(.numbers(1..<2))
        #expect(results.first?.isAcknowledged == false)
        for _ in 0..<2 {
            let error = await #expect(throws: LogError.self) {
                // The error comes by the owner thread's next poll.
                while true { _ = try await producer.send(.numbers(2..<3)) }
            }
            #expect(error?.isFatal == true, "\(error as Any)")
        }
        await producer.close(within: .seconds(1))
    }
}
