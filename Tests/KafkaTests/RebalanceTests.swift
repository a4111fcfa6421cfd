import Kafka
import KafkaTesting
import Log
import Synchronization
import Testing

/// Two members of one group, with the produced numbers as ground truth.
@Suite(.timeLimit(.minutes(3))) struct RebalanceTests {
    /// What a member has seen, shared with the test.
    private final class Seen: Sendable {
        private struct State {
            var values: Set<Int> = []
            var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

            /// Takes the waiters whose count is reached.
            mutating func reached() -> [CheckedContinuation<Void, Never>] {
                let count = values.count
                defer { waiting.removeAll { $0.count <= count } }
                return waiting.filter { $0.count <= count }.map(\.continuation)
            }
        }

        private let state = Mutex(State())
        let rebalances = Mutex<[Rebalance]>([])

        var values: Set<Int> { state.withLock { $0.values } }
        var count: Int { state.withLock { $0.values.count } }

        func add(_ value: Int) {
            let reached = state.withLock { state in
                state.values.insert(value)
                return state.reached()
            }
            for continuation in reached { continuation.resume() }
        }

        /// Returns when `count` different values have been seen.
        func reach(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let reached = state.withLock { state in
                    state.waiting.append((count, continuation))
                    return state.reached()
                }
                for continuation in reached { continuation.resume() }
            }
        }
    }

    /// Reads, commits each batch, and answers rebalances after committing, until `seen` holds `goal` numbers.
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
            seen.add(message.number ?? -1)
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
                await seen.reach(total / 8)
                try await fixture.fill("t", count: total / 2, partitions: 4, from: total / 4)
                await seen.reach(total / 2)
                try await fixture.fill("t", count: total / 4, partitions: 4, from: total * 3 / 4)
            }
            try await group.waitForAll()
        }
        #expect(seen.values == Set(0..<total))
        let generations = seen.rebalances.withLock { $0 }
        #expect(generations.contains { $0.change == .revoke } || generations.count > 2)
        await first.close()
    }
}
