import Foundation
import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// A consumer with far more before it than it may hold.
@Suite(.timeLimit(.minutes(5))) struct BacklogTests {
    private static let count = 1_000_000
    private static let size = 2_048

    @Test func memoryIsFlatUnderABacklogOfTwoGigabytes() async throws {
        try await withBrokerProcess { fixture, _ in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 4)])
            try await produce(to: "t", fixture)
            let consumer = try await Consumer.open(
                ConsumerConfiguration(group: "g", topics: ["t"], fetchBudget: 32 << 20),
                client: fixture.client,
                logger: KafkaFixture.silent
            )
            var next: [TopicPartition: Offset] = [:]
            var wrong = 0
            var seen = 0
            var settled = 0
            var highest = 0
            try await consumer.read { event in
                guard case .batch(let batch) = event else { return false }
                for index in 0..<batch.count {
                    let message = batch[index]
                    let partition = message.topicPartition
                    if message.offset != next[partition, default: 0] || message.value?.count != Self.size { wrong += 1 }
                    next[partition] = message.offset.next
                }
                seen += batch.count
                let memory = try residentMegabytes()
                if seen <= Self.count / 10 { settled = max(settled, memory) } else { highest = max(highest, memory) }
                return seen >= Self.count
            }
            await consumer.close()
            #expect(seen == Self.count && wrong == 0, "\(seen) seen, \(wrong) of them out of order or cut")
            // The budget is 32 MB; the backlog is sixty times that.
            #expect(highest - settled < 64, "\(settled) MB after a tenth, at most \(highest) MB later")
            #expect(settled > 0)
        }
    }

    /// In four partitions, by a producer whose queue bounds what is in flight.
    private func produce(to topic: TopicName, _ fixture: KafkaFixture) async throws {
        // A small queue leaves no freed memory behind in which a consumer's growth could hide.
        let producer = try await fixture.producer(with: ["queue.buffering.max.kbytes": "16384"])
        let value = [UInt8](repeating: 7, count: Self.size)
        let perBatch = 1_000
        try await withThrowingTaskGroup(of: Void.self) { group in
            for start in stride(from: 0, to: Self.count, by: perBatch) {
                if start >= 20 * perBatch { try await group.next() }
                var batch = ProduceBatch()
                batch.reserve(records: perBatch, bytes: perBatch * Self.size)
                value.withUnsafeBytes { value in
                    for number in start..<(start + perBatch) {
                        let partition = PartitionID(rawValue: Int32(number % 4))
                        batch.append(topic: topic, partition: partition, key: nil, value: value)
                    }
                }
                group.addTask { [batch] in
                    for case .failed(let error) in try await producer.send(batch) { throw error }
                }
            }
            try await group.waitForAll()
        }
        await producer.close(within: .seconds(5))
    }

    private func residentMegabytes() throws -> Int {
        // Pages, the second field of statm (proc(5)).
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        let pages = try #require(fields.dropFirst().first.flatMap { Int($0) })
        return (pages * 4096) >> 20
    }
}
