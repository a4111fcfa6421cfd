import Kafka
import KafkaTesting
import Log
import Testing

/// What ends a client is said by its next call, as an error that `isFatal`.
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
        await consumer.close()
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
