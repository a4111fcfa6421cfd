import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionTests {
    private let partition = TopicPartition("t", 0)

    /// Runs `body` with a topic and a transactional producer.
    private func withTransactional(_ body: (KafkaFixture, Producer) async throws -> Void) async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer(.transactional)
            try await body(fixture, producer)
            await producer.close(within: .seconds(2))
        }
    }

    /// Runs `body` with a consumer that has read the five records of the topic.
    private func withMember(of fixture: KafkaFixture, _ body: (Consumer) async throws -> Void) async throws {
        try await fixture.fill("t", count: 5)
        let member = try await fixture.consumer("t")
        _ = try await member.values(5)
        try await body(member)
        await member.close()
    }

    @Test
    func abortedRecordsAreNeverSeen() async throws {
        try await withTransactional { fixture, producer in
            try await producer.beginTransaction()
            #expect(try await producer.send(.numbers(0..<10)).allSatisfy(\.isAcknowledged))
            try await producer.abortTransaction()
            try await producer.beginTransaction()
            #expect(try await producer.send(.numbers(10..<20)).allSatisfy(\.isAcknowledged))
            try await producer.commitTransaction()
            #expect(try await fixture.values(of: "t") == Array(10..<20))
        }
    }

    @Test
    func offsetsMoveWithTheCommit() async throws {
        try await withTransactional { fixture, producer in
            try await withMember(of: fixture) { member in
                let offsets = [partition: CommittedOffset(3, metadata: "m")]
                try await producer.beginTransaction()
                try await producer.sendOffsets(offsets, of: member.groupMetadata())
                try await producer.commitTransaction()
                #expect(try await member.committed([partition]) == offsets)
            }
        }
    }

    @Test
    func offsetsOfAnAbortedTransactionStay() async throws {
        try await withTransactional { fixture, producer in
            try await withMember(of: fixture) { member in
                try await member.commit([partition: CommittedOffset(1)])
                try await producer.beginTransaction()
                try await producer.sendOffsets([partition: CommittedOffset(4)], of: member.groupMetadata())
                try await producer.abortTransaction()
                #expect(try await member.committed([partition])[partition]?.offset == 1)
            }
        }
    }

    @Test
    func aNewProducerOfTheSameIDFencesTheOld() async throws {
        try await withTransactional { fixture, old in
            try await old.beginTransaction()
            _ = try await old.send(.numbers(0..<1))
            let new = try await fixture.producer(.transactional)
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
            await new.close(within: .seconds(2))
        }
    }
}
