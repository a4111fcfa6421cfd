import Kafka
import KafkaTesting
import Log
import Logging
import Synchronization
import Testing

/// The code of `Consuming.md`, run.
@Suite(.timeLimit(.minutes(2))) struct ConsumingArticle {
    private let logger = KafkaFixture.silent

    private func withTopic(
        partitions: Int = 1,
        _ body: (ClientConfiguration) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("payments", partitions: partitions)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("payments", count: 100, partitions: Int32(partitions))
        try await body(fixture.client)
        cluster.stop()
    }

    private final class Ledger: Sendable {
        let values = Mutex<[String]>([])
        func book(_ message: MessageView) { values.withLock { $0.append(message.text ?? "") } }
        var isComplete: Bool { values.withLock { Set($0).count == 100 } }
    }

    @Test func aBatchAtATime() async throws {
        try await withTopic { client in
            let ledger = Ledger()
            let consumer = try await Consumer.open(
                ConsumerConfiguration(group: "ledger", topics: ["payments"]),
                client: client,
                logger: logger
            )
            for try await batch in consumer.batches {
                batch.forEach(ledger.book)
                try await consumer.commit(batch.nextOffsets)
                if ledger.isComplete { break }
            }
            await consumer.close()
            #expect(ledger.isComplete)
        }
    }

    @Test func rebalancesAreAnsweredByTheLoop() async throws {
        try await withTopic { client in
            let ledger = Ledger()
            let consumer = try await Consumer.open(
                ConsumerConfiguration(group: "ledger", topics: ["payments"]),
                client: client,
                logger: logger
            )
            var done: [TopicPartition: CommittedOffset] = [:]
            reading: while true {
                switch try await consumer.next(wait: .seconds(1)) {
                case .batch(let batch):
                    batch.forEach(ledger.book)
                    done.merge(batch.nextOffsets) { $1 }
                case .rebalance(let rebalance):
                    // Another member waits for these partitions: settle what is theirs, then let go.
                    if rebalance.change == .revoke {
                        let settled = done.filter { rebalance.partitions.contains($0.key) }
                        try await consumer.commit(settled)
                    }
                    if rebalance.change != .assign {
                        for partition in rebalance.partitions { done[partition] = nil }
                    }
                    try await consumer.complete(rebalance, from: [:])
                case .idle:
                    if ledger.isComplete { break reading }
                case .closed:
                    break reading
                }
            }
            await consumer.close()
            #expect(ledger.isComplete && done[TopicPartition("payments", 0)]?.offset == 100)
        }
    }

    @Test func onePartitionAtItsOwnPace() async throws {
        try await withTopic(partitions: 2) { client in
            let ledger = Ledger()
            let consumer = try await Consumer.open(
                ConsumerConfiguration(group: "ledger", topics: ["payments"], fetchBudget: 16 << 20),
                options: ConsumerOptions(delivery: .perPartition(expecting: 2)),
                client: client,
                logger: logger
            )
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                while !ledger.isComplete {
                    guard case .rebalance(let rebalance) = try await consumer.next(wait: .milliseconds(100)) else {
                        continue
                    }
                    try await consumer.complete(rebalance, from: [:])
                    guard rebalance.change == .assign else { continue }
                    for partition in rebalance.partitions {
                        let reader = try await consumer.partition(partition)
                        tasks.addTask {
                            // Ends when the partition is taken back. A slow loop slows this partition alone.
                            for try await batch in reader.batches { batch.forEach(ledger.book) }
                        }
                    }
                }
                await consumer.close()
                try await tasks.waitForAll()
            }
            #expect(ledger.isComplete)
        }
    }

    @Test func oneMessageAtATimeAndStoredOffsets() async throws {
        try await withTopic { client in
            let ledger = Ledger()
            let consumer = try await Consumer.open(
                ConsumerConfiguration(group: "ledger", topics: ["payments"]),
                options: ConsumerOptions(commits: .stored(every: .seconds(1))),
                client: client,
                logger: logger
            )
            for try await message in consumer.messages {
                ledger.book(message)
                try await consumer.store([message.topicPartition: message.offset.next])
                if ledger.isComplete { break }
            }
            await consumer.close()  // commits what was stored
            let next = try await Consumer.open(
                ConsumerConfiguration(group: "ledger", topics: ["payments"]),
                client: client,
                logger: logger
            )
            let place = TopicPartition("payments", 0)
            #expect(try await next.committed([place])[place]?.offset == 100)
            await next.close()
        }
    }
}
