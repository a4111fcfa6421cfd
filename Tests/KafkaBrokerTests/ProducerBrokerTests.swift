import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// What a producer does against a broker that keeps what it gets.
@Suite(.timeLimit(.minutes(3)))
struct ProducerBrokerTests {
    @Test(arguments: ["none", "gzip", "snappy", "lz4", "zstd"])
    func recordsOfEveryCodecComeBack(_ codec: String) async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer(with: ["compression.codec": codec])
            let value = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 100) }
            var batch = ProduceBatch()
            for number in 0..<100 {
                batch.append(topic: "t", key: Array("\(number)".utf8), value: value)
                batch.addHeader(Header("codec", codec))
            }
            let results = try await producer.send(batch)
            #expect(results.map(\.acknowledgement?.offset) == (0..<100).map { Offset($0) })
            await producer.close(within: .seconds(5))
            let reader = try await log.reader()
            var seen = 0
            try await reader.read(TopicPartition("t", 0), in: 0..<100) { message in
                #expect(message.value.map { Array($0) } == value && message.headers() == [Header("codec", codec)])
                seen += 1
            }
            #expect(seen == 100)
            await reader.close()
        }
    }

    @Test func theReportHasTheTimeThatTheLogKeeps() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer()
            let time = Timestamp(milliseconds: 1_700_000_000_123)
            var batch = ProduceBatch()
            batch.append(topic: "t", key: nil, value: Array("v".utf8), timestamp: time)
            let results = try await producer.send(batch)
            #expect(results[0].acknowledgement?.timestamp == time)
            await producer.close(within: .seconds(5))
        }
    }

    @Test func anAbortedTransactionsClosureLeavesNothing() async throws {
        struct Stop: Error {}
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer(ProducerConfiguration(transactionalID: "closure"))
            await #expect(throws: Stop.self) {
                try await producer.transaction {
                    _ = try await producer.send(.numbers(0..<10))
                    throw Stop()
                }
            }
            try await producer.transaction { _ = try await producer.send(.numbers(10..<20)) }
            let values = try await fixture.values(of: "t")
            #expect(values == Array(10..<20))
            await producer.close(within: .seconds(5))
        }
    }

    @Test func closingDoesNotHangWhileTheBrokerIsFrozen() async throws {
        try await withBrokerProcess { fixture, broker in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer()
            let first = try await producer.send(.numbers(0..<1))
            #expect(first.allSatisfy { $0.isAcknowledged })
            try await broker.frozen { () async throws in
                async let stuck = producer.send(.numbers(1..<100))
                while producer.outstanding == 0 { await Task.yield() }
                let time = await ContinuousClock().measure { await producer.close(within: .milliseconds(500)) }
                #expect(time < .seconds(7))
                let results = try await stuck
                #expect(results.count == 99 && results.allSatisfy { !$0.isAcknowledged })
            }
        }
    }
}
