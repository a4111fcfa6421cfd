import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2)))
struct BatchSizeTests {
    @Test func largeRecordsMakeSmallBatches() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("large", partitions: 1)])
            let size = 900_000
            let count = 60
            let producer = try await fixture.producer()
            for _ in 0..<count {
                var batch = ProduceBatch()
                batch.append(topic: "large", key: nil, value: [UInt8](repeating: 7, count: size))
                for case .failed(let error) in try await producer.send(batch) { throw error }
            }
            await producer.close(within: .seconds(5))
            let reader = try await log.reader()
            try await reader.assign([TopicPartition("large", 0): 0])
            var seen: [Int] = []
            while seen.reduce(0, +) < count {
                if case .batch(let batch) = try await reader.next(wait: .seconds(1)) { seen.append(batch.count) }
            }
            // 16 MiB, and the record that goes beyond them.
            #expect(seen.allSatisfy { $0 * size < (16 << 20) + size }, "\(seen)")
            #expect(seen.reduce(0, +) == count)
            await reader.close()
        }
    }
}
