import Kafka
import KafkaTesting
import Log
import LogTesting
import Synchronization
import TestKit
import Testing

/// Members that come and go, against what was produced and what was committed.
@Suite(.timeLimit(.minutes(5))) struct GroupChurnTests {
    private static let partitions: Int32 = 6
    private static let rounds = 100
    private static let perRound = 60

    /// What all members together have handed out, and what the group has committed: the ground truth.
    ///
    /// A record may be handed out again only as long as its offset is not below one whose commit was confirmed before the
    /// member that reads it got the partition.
    private final class Truth: Sendable {
        private struct State {
            var handedOut: [TopicPartition: Set<Int64>] = [:]
            var committed: [TopicPartition: Int64] = [:]
            var duplicates = 0
            var violations: [String] = []
            var count = 0
            var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

            /// Takes the waiters whose count is reached.
            mutating func reached() -> [CheckedContinuation<Void, Never>] {
                defer { waiting.removeAll { $0.count <= count } }
                return waiting.filter { $0.count <= count }.map(\.continuation)
            }
        }

        private let state = Mutex(State())

        func handOut(_ message: MessageView) {
            let partition = message.topicPartition
            let offset = message.offset.rawValue
            let reached = state.withLock { state in
                if state.handedOut[partition, default: []].insert(offset).inserted {
                    state.count += 1
                } else {
                    state.duplicates += 1
                }
                let committed = state.committed[partition, default: 0]
                if offset < committed {
                    state.violations.append("\(partition)@\(offset) came again behind the committed \(committed)")
                }
                return state.reached()
            }
            for continuation in reached { continuation.resume() }
        }

        /// Returns when `count` different records have been handed out.
        func reach(_ count: Int) async {
            await withCheckedContinuation { continuation in
                let reached = state.withLock { state in
                    state.waiting.append((count, continuation))
                    return state.reached()
                }
                for continuation in reached { continuation.resume() }
            }
        }

        func confirm(_ offsets: [TopicPartition: CommittedOffset]) {
            state.withLock { state in
                for (partition, offset) in offsets {
                    let before = state.committed[partition, default: 0]
                    if offset.offset.rawValue < before {
                        state.violations.append("\(partition) was committed back from \(before) to \(offset.offset)")
                    }
                    state.committed[partition] = offset.offset.rawValue
                }
            }
        }

        var duplicates: Int { state.withLock { $0.duplicates } }
        var violations: [String] { state.withLock { $0.violations } }

        /// Offsets up to the highest that nobody has seen.
        func missing(below end: Int64, in partition: TopicPartition) -> [Int64] {
            let seen = state.withLock { $0.handedOut[partition, default: []] }
            return (0..<end).filter { !seen.contains($0) }
        }
    }

    /// One member: reads and commits what it read, some batches late, until it is told to part.
    private final class Member: Sendable {
        enum Parting: Sendable {
            /// Commits what it has read, and leaves.
            case settled
            /// Leaves without a commit.
            case unsettled
            /// Is dropped without ``Consumer/close()``.
            case dropped
        }

        private let truth: Truth
        private let parting = Mutex<Parting?>(nil)

        init(_ truth: Truth) {
            self.truth = truth
        }

        func part(_ way: Parting) {
            parting.withLock { $0 = way }
        }

        func run(_ consumer: Consumer, _ random: SeededRandom) async throws {
            var random = random
            var owed: [TopicPartition: CommittedOffset] = [:]
            while true {
                if let way = parting.withLock({ $0 }) {
                    if way == .settled { try await settle(&owed, consumer) }
                    if way != .dropped { await consumer.close() }
                    return
                }
                switch try await consumer.next(wait: .milliseconds(100)) {
                case .batch(let batch):
                    batch.forEach { message in
                        truth.handOut(message)
                        owed[message.topicPartition] = CommittedOffset(message.offset.next)
                    }
                    if random.chance(0.7) { try await settle(&owed, consumer) }
                case .rebalance(let rebalance):
                    if rebalance.change == .revoke { try await settle(&owed, consumer) }
                    if rebalance.change != .assign { for partition in rebalance.partitions { owed[partition] = nil } }
                    try await consumer.complete(rebalance, from: [:])
                case .idle, .closed:
                    break
                }
            }
        }

        private func settle(
            _ owed: inout [TopicPartition: CommittedOffset],
            _ consumer: Consumer
        ) async throws {
            let offsets = owed
            owed = [:]
            do throws(LogError) {
                try await consumer.commit(offsets)
            } catch {
                // The group has moved on: the next owner reads these again.
                guard error.code == .staleGeneration || error.isRetriable else { throw error }
                return
            }
            truth.confirm(offsets)
        }
    }

    private func join(
        _ fixture: KafkaFixture,
        _ truth: Truth,
        _ random: SeededRandom
    ) async throws -> (member: Member, task: Task<Void, any Error>) {
        // Members hear of one another by heartbeats.
        let consumer = try await fixture.consumer(
            "t",
            group: "churn",
            maxBatch: 20,
            with: ["heartbeat.interval.ms": "100"]
        )
        let member = Member(truth)
        return (member, Task { try await member.run(consumer, random) })
    }

    @Test func threeMembersComeAndGoAHundredTimesAndNothingIsLost() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("group churn, seed \(seed)")
        var random = SeededRandom(seed: seed)
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: Int(Self.partitions))])
            let producer = try await fixture.producer()
            let truth = Truth()
            var members: [(member: Member, task: Task<Void, any Error>)] = []
            var produced = 0
            for _ in 0..<Self.rounds {
                while members.count < 3 {
                    members.append(try await join(fixture, truth, SeededRandom(seed: random.next())))
                }
                try await producer.fill("t", count: Self.perRound, partitions: Self.partitions, from: produced)
                produced += Self.perRound
                // Some changes come before the group has settled the one before.
                await truth.reach(produced - Self.perRound * Int.random(in: 0...3, using: &random))
                let leaving = members.remove(at: Int.random(in: 0..<3, using: &random))
                leaving.member.part(random.chance(0.1) ? .dropped : random.chance(0.3) ? .unsettled : .settled)
                try await leaving.task.value
            }
            await truth.reach(produced)
            for (member, task) in members {
                member.part(.settled)
                try await task.value
            }
            await producer.close(within: .seconds(5))
            let end = Int64(produced) / Int64(Self.partitions)
            for number in 0..<Self.partitions {
                let partition = TopicPartition("t", PartitionID(rawValue: number))
                #expect(truth.missing(below: end, in: partition).isEmpty, "seed \(seed)")
            }
            #expect(truth.violations.isEmpty, "seed \(seed): \(truth.violations.prefix(5))")
            print("group churn: \(produced) records, \(truth.duplicates) read again")
        }
    }
}
