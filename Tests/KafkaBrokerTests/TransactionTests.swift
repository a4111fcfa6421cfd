import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionTests {
    private static let transactional = ProducerConfiguration(
        transactionalID: "busbar.test",
        transactionTimeout: .seconds(20)
    )

    @Test
    func abortedRecordsAreNeverSeen() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer(Self.transactional)
            try await producer.beginTransaction()
            #expect(try await producer.send(.numbers(0..<10)).allSatisfy(\.isAcknowledged))
            try await producer.abortTransaction()
            try await producer.beginTransaction()
            #expect(try await producer.send(.numbers(10..<20)).allSatisfy(\.isAcknowledged))
            try await producer.commitTransaction()
            #expect(try await fixture.values(of: "t") == Array(10..<20))
            await producer.close(within: .seconds(2))
        }
    }

    @Test
    func offsetsMoveWithTheCommit() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 5)
            let consumer = try await fixture.consumer("t")
            _ = try await consumer.values(5)
            let producer = try await fixture.producer(Self.transactional)
            let partition = TopicPartition("t", 0)
            try await producer.beginTransaction()
            try await producer.sendOffsets([partition: CommittedOffset(3, metadata: "m")], of: consumer.groupMetadata())
            try await producer.commitTransaction()
            #expect(try await consumer.committed([partition]) == [partition: CommittedOffset(3, metadata: "m")])
            await producer.close(within: .seconds(2))
            await consumer.close()
        }
    }

    @Test
    func offsetsOfAnAbortedTransactionStay() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 5)
            let consumer = try await fixture.consumer("t")
            _ = try await consumer.values(5)
            let partition = TopicPartition("t", 0)
            try await consumer.commit([partition: CommittedOffset(1)])
            let producer = try await fixture.producer(Self.transactional)
            try await producer.beginTransaction()
            try await producer.sendOffsets([partition: CommittedOffset(4)], of: consumer.groupMetadata())
            try await producer.abortTransaction()
            #expect(try await consumer.committed([partition])[partition]?.offset == 1)
            await producer.close(within: .seconds(2))
            await consumer.close()
        }
    }

    @Test
    func aNewProducerOfTheSameIDFencesTheOld() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let old = try await fixture.producer(Self.transactional)
            try await old.beginTransaction()
            _ = try await old.send(.numbers(0..<1))
            let new = try await fixture.producer(Self.transactional)
            do {
                _ = try await old.send(.numbers(1..<2))
                try await old.commitTransaction()
                Issue.record("a fenced producer has committed")
            } catch let error as LogError {
                #expect(error.code == .fenced && error.isFatal, "\(error)")
            } catch TransactionError.fatal(let cause) {
                #expect(cause.code == .fenced && cause.isFatal, "\(cause)")
            }
            try await new.beginTransaction()
            #expect(try await new.send(.numbers(2..<3)).allSatisfy(\.isAcknowledged))
            try await new.commitTransaction()
            #expect(try await fixture.values(of: "t") == [2])
            await old.close(within: .seconds(1))
            await new.close(within: .seconds(2))
        }
    }
}
