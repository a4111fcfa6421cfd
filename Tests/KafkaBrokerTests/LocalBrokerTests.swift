import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// Against a real process, for what the mock cluster cannot do.
@Suite(
    .timeLimit(.minutes(3))
)
struct LocalBrokerTests {
    @Test func recordsAndOffsetsSurviveARestart() async throws {
        try await withBrokerProcess { fixture, broker in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 100)
            let consumer = try await fixture.consumer("t")
            #expect(try await consumer.values(100) == Array(0..<100))
            try await consumer.commit([TopicPartition("t", 0): CommittedOffset(60)])
            try await broker.restart()
            try await fixture.fill("t", count: 20, from: 100)
            // The group's members are known to the broker after its restart: the same consumer goes on where it was.
            var values: [Int] = []
            while values.last != 119 { values += try await consumer.values(1) }
            #expect(values == Array(100..<120))
            await consumer.close()
            let next = try await fixture.consumer("t")
            #expect(try await next.values(60) == Array(60..<120))
            await next.close()
        }
    }

    @Test func aReaderFindsBoundsTimesAndEnds() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await fixture.producer()
            var batch = ProduceBatch()
            for number in 0..<10 {
                let time = Timestamp(milliseconds: 1_000_000 + Int64(number) * 1000)
                batch.append(topic: "t", key: nil, value: Array(String(number).utf8), timestamp: time)
            }
            _ = try await producer.send(batch)
            await producer.close(within: .seconds(2))
            let partition = TopicPartition("t", 0)
            let reader = try await log.reader()
            #expect(try await reader.bounds(of: partition) == 0..<10)
            #expect(try await reader.offset(in: partition, at: Timestamp(milliseconds: 1_004_500)) == 5)
            #expect(try await reader.offset(in: partition, at: Timestamp(milliseconds: 9_000_000)) == nil)
            try await reader.assign([partition: 8])
            var values: [Int] = []
            var end: Offset?
            while end == nil {
                switch try await reader.next(wait: .seconds(1)) {
                case .batch(let batch): values += (0..<batch.count).map { batch[$0].number ?? -1 }
                case .end(_, let offset): end = offset
                case .idle: continue
                }
            }
            #expect(values == [8, 9] && end == 10)
            await reader.close()
        }
    }
}
