import Kafka
import Log
import Synchronization
import TestKit
import Testing

/// Two members of one group, with the produced numbers as ground truth.
@Suite(.timeLimit(.minutes(3))) struct RebalanceTests {
    /// What a member has seen, shared with the test.
    private final class Seen: Sendable {
        let values = Mutex<Set<Int>>([])
        let rebalances = Mutex<[Rebalance]>([])

        var count: Int { values.withLock { $0.count } }
    }

    /// Reads, commits each batch, and answers rebalances after committing, until `seen` holds `goal` numbers or `stop`.
    private func drive(_ consumer: Consumer, into seen: Seen, until goal: Int) async throws {
        while seen.count < goal {
            switch try await consumer.next(wait: .milliseconds(200)) {
            case .rebalance(let rebalance):
                seen.rebalances.withLock { $0.append(rebalance) }
                try await consumer.complete(rebalance, from: [:])
            case .batch(let batch):
                try await settle(batch, consumer, seen)
            case .idle:
                continue
            case .closed:
                return
            }
        }
    }

    private func settle(_ batch: MessageBatch, _ consumer: Consumer, _ seen: Seen) async throws {
        var offsets: [TopicPartition: CommittedOffset] = [:]
        for index in 0..<batch.count {
            let message = batch[index]
            seen.values.withLock { _ = $0.insert(message.number ?? -1) }
            offsets[message.topicPartition] = CommittedOffset(message.offset.next)
        }
        do throws(LogError) {
            try await consumer.commit(offsets)
        } catch {
            // A member that has just lost a partition cannot commit it; the next owner reads these again.
            guard error.code == .staleGeneration else { throw error }
        }
    }

    @Test(arguments: ["cooperative-sticky", "range"])
    func nothingIsLostWhenAMemberJoinsAndLeaves(strategy: String) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 4)
        let fixture = KafkaFixture(client: cluster.configuration(["partition.assignment.strategy": strategy]))
        let seen = Seen()
        let total = 4000
        let first = try await fixture.consumer("t", maxBatch: 50)
        let second = try await fixture.consumer("t", maxBatch: 50)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await drive(first, into: seen, until: total) }
            group.addTask {
                try await fixture.fill("t", count: total / 4, partitions: 4)
                try await drive(second, into: seen, until: total / 2)
                await second.close()
            }
            group.addTask {
                while seen.count < total / 4 { try await ContinuousClock().sleep(for: .milliseconds(20)) }
                try await fixture.fill("t", count: total / 2, partitions: 4, from: total / 4)
                while seen.count < total * 3 / 4 { try await ContinuousClock().sleep(for: .milliseconds(20)) }
                try await fixture.fill("t", count: total / 4, partitions: 4, from: total * 3 / 4)
            }
            try await group.waitForAll()
        }
        #expect(seen.values.withLock { $0 } == Set(0..<total))
        let generations = seen.rebalances.withLock { $0 }
        #expect(generations.contains { $0.change == .revoke } || generations.count > 2)
        await first.close()
    }
}
