import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// Closing while the broker's process stands still: connections are up and nothing comes.
@Suite(.timeLimit(.minutes(3))) struct ClientShutdownBrokerTests {
    @Test func everyKindOfClientClosesWhileTheBrokerIsFrozen() async throws {
        try await withBrokerProcess { fixture, broker in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 10)
            let consumer = try await fixture.consumer("t")
            #expect(try await consumer.values(10).count == 10)
            let reader = try await fixture.reader()
            try await reader.assign([TopicPartition("t", 0): 0])
            _ = try await reader.next(wait: .seconds(1))
            let producer = try await fixture.producer(with: ["queue.buffering.max.messages": "100"])
            _ = try await producer.send(.numbers(10..<11))
            let transactional = try await fixture.producer(
                ProducerConfiguration(transactionalID: "x", transactionTimeout: .seconds(10))
            )
            try await transactional.beginTransaction()
            _ = try await transactional.send(.numbers(11..<12))
            let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
            _ = try await admin.listTopics()

            let clock = ContinuousClock()
            try await broker.frozen { () async throws in
                #expect(await clock.measure { await consumer.close() } < .seconds(15))
                #expect(await clock.measure { await reader.close() } < .seconds(15))
                async let outcome = producer.send(.numbers(0..<100))
                while !producer.queueIsFull { await Task.yield() }
                #expect(await clock.measure { await producer.close(within: .seconds(1)) } < .seconds(10))
                #expect(try await outcome.allSatisfy { !$0.isAcknowledged })
                #expect(await clock.measure { await transactional.close(within: .seconds(1)) } < .seconds(10))
                #expect(await clock.measure { await admin.close() } < .seconds(20))
            }
        }
    }
}
