import Kafka
import KafkaTesting
import Log
import Synchronization
import TestKit
import Testing

/// Partitions that are read each by itself, while the group moves them.
@Suite(.timeLimit(.minutes(3))) struct PartitionReaderRebalanceTests {
    private static let partitions = 4

    /// A member with one task per partition, as an application would write it: each commits what it has read.
    private final class Member: Sendable {
        let consumer: Consumer
        private let seen: Seen
        private let ended = Mutex<[TopicPartition]>([])

        /// Partitions whose readers have ended, in that order.
        var endedPartitions: [TopicPartition] { ended.withLock { $0 } }

        init(_ consumer: Consumer, _ seen: Seen) {
            self.consumer = consumer
            self.seen = seen
        }

        /// Serves the group until the consumer is closed.
        func run() async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                while true {
                    switch try await consumer.next(wait: .seconds(1)) {
                    case .rebalance(let rebalance):
                        try await consumer.complete(rebalance, from: [:])
                        guard rebalance.change == .assign else { continue }
                        for partition in rebalance.partitions {
                            let reader = try await consumer.partition(partition)
                            group.addTask { try await self.read(reader) }
                        }
                    case .batch:
                        Issue.record("a batch came by the consumer itself")
                    case .idle:
                        continue
                    case .closed:
                        return try await group.waitForAll()
                    }
                }
            }
        }

        private func read(_ reader: PartitionReader) async throws {
            for try await batch in reader.batches {
                batch.forEach { seen.add($0.number ?? -1) }
                let next = batch[batch.count - 1].offset.next
                do throws(LogError) {
                    try await consumer.commit([reader.partition: CommittedOffset(next)])
                } catch {
                    // The partition has moved on, or the consumer is closed: the next owner reads these again.
                    guard error.code == .staleGeneration || error.code == .closed || error.isRetriable else {
                        throw error
                    }
                }
            }
            ended.withLock { $0.append(reader.partition) }
        }
    }

    private final class Seen: Sendable {
        private let values = Mutex<Set<Int>>([])

        func add(_ value: Int) {
            values.withLock { _ = $0.insert(value) }
        }

        func contains(_ range: Range<Int>) -> Bool { values.withLock { $0.isSuperset(of: range) } }
    }

    private func member(_ fixture: KafkaFixture, _ seen: Seen) async throws -> Member {
        var client = fixture.client
        client.properties["heartbeat.interval.ms"] = "100"
        return Member(
            try await Consumer.open(
                ConsumerConfiguration(group: "g", topics: ["t"], maxBatch: 10, sessionTimeout: .seconds(6)),
                options: ConsumerOptions(delivery: .perPartition(expecting: Self.partitions)),
                client: client,
                logger: KafkaFixture.silent
            ),
            seen
        )
    }

    /// Returns when `condition` holds. Bounded by the test's time limit.
    private func reach(_ condition: () -> Bool) async throws {
        while !condition() {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    @Test func readersEndAndBeginWithThePartitionsAndNothingIsLost() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: Self.partitions)])
            let seen = Seen()
            let first = try await member(fixture, seen)
            async let firstRun: Void = first.run()
            try await fixture.fill("t", count: 1000, partitions: Int32(Self.partitions))
            try await reach { seen.contains(0..<1000) }
            let second = try await member(fixture, seen)
            async let secondRun: Void = second.run()
            try await fixture.fill("t", count: 1000, partitions: Int32(Self.partitions), from: 1000)
            try await reach {
                first.consumer.pollStatus.assigned.count == 2 && second.consumer.pollStatus.assigned.count == 2
            }
            // librdkafka's sticky assignor before 2.2.0 may move more than it must.
            #expect(Set(first.endedPartitions).isSuperset(of: second.consumer.pollStatus.assigned))
            try await fixture.fill("t", count: 1000, partitions: Int32(Self.partitions), from: 2000)
            try await reach { seen.contains(0..<3000) }
            await second.consumer.close()
            try await secondRun
            #expect(second.endedPartitions.count >= 2)
            // The first takes back what it had before, by new readers.
            try await fixture.fill("t", count: 1000, partitions: Int32(Self.partitions), from: 3000)
            try await reach { seen.contains(0..<4000) }
            await first.consumer.close()
            try await firstRun
            #expect(first.endedPartitions.count >= Self.partitions + 2)
        }
    }
}
