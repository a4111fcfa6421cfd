import Foundation
import Glibc
import Kafka
import KafkaTesting
import LocalStack
import Log
import LogTesting
import Testing

/// What the process of a member runs: this program once more, with this one test.
@Suite struct SpeakingMemberProcess {
    private static let variable = "BUSBAR_TEST_MEMBER"
    /// Number, broker and seed, where this process is to be a member.
    private static let order = ProcessInfo.processInfo.environment[variable]?.split(separator: " ") ?? []

    @Test(.enabled(if: !order.isEmpty, "is a process of its own, which KilledMemberTests starts and kills"))
    func readsUntilItIsKilled() async throws {
        // Were the test itself killed, its members must not stay.
        alarm(180)
        let (number, broker) = (try #require(Int(Self.order[0])), String(Self.order[1]))
        let seed = try #require(UInt64(Self.order[2]))
        let fixture = KafkaFixture(client: ClientConfiguration(brokers: [broker]))
        var member = SpeakingMember(number: number, fixture: fixture, random: SeededRandom(seed: seed))
        try await member.run { false }
    }

    /// Starts a member as a process; its output goes to a file in `folder`.
    static func start(_ number: Int, broker: String, seed: UInt64, folder: URL) async throws -> ChildProcess {
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return try await ChildProcess.start(
            program,
            ["--testing-library", "swift-testing", "--filter", "SpeakingMemberProcess"],
            environment: [variable: "\(number) \(broker) \(seed)"],
            output: folder.appending(path: "member-\(number).log").path
        )
    }
}

/// A member of the group `doomed` that reads topic `t`, and says in topic `said` what it does: see ``MemberWord``.
struct SpeakingMember {
    let number: Int
    let fixture: KafkaFixture
    var random: SeededRandom

    /// Reads and commits, some batches late, until `isDone` after a batch or a second without one.
    mutating func run(until isDone: () async throws -> Bool) async throws {
        let voice = try await fixture.producer(ProducerConfiguration(linger: .zero))
        try await say([.started(member: number)], by: voice)
        let consumer = try await fixture.consumer(
            "t",
            group: "doomed",
            maxBatch: 20,
            with: ["session.timeout.ms": "3000", "heartbeat.interval.ms": "200"]
        )
        var owed: [PartitionID: Int64] = [:]
        while true {
            switch try await consumer.next(wait: .seconds(1)) {
            case .batch(let batch):
                let ranges = Self.ranges(of: batch)
                try await say(ranges.map { .read(member: number, $0.partition, $0.offsets) }, by: voice)
                for range in ranges { owed[range.partition] = range.offsets.upperBound + 1 }
                if random.chance(0.6) { try await settle(&owed, consumer, voice) }
            case .rebalance(let rebalance):
                let partitions = rebalance.partitions.map(\.partition)
                if rebalance.change == .assign {
                    try await say(partitions.map { .assigned(member: number, $0) }, by: voice)
                } else {
                    try await say(partitions.map { .revoked(member: number, $0) }, by: voice)
                    if rebalance.change == .revoke { try await settle(&owed, consumer, voice) }
                    for partition in partitions { owed[partition] = nil }
                }
                try await consumer.complete(rebalance, from: [:])
                continue
            case .idle:
                try await settle(&owed, consumer, voice)
                try await say([.idle(member: number)], by: voice)
            case .closed: return
            }
            if try await isDone() { break }
        }
        try await settle(&owed, consumer, voice)
        await consumer.close()
        await voice.close(within: .seconds(2))
    }

    private func settle(_ owed: inout [PartitionID: Int64], _ consumer: Consumer, _ voice: Producer) async throws {
        guard !owed.isEmpty else { return }
        let offsets = owed
        owed = [:]
        do throws(LogError) {
            try await consumer.commit(
                Dictionary(
                    uniqueKeysWithValues: offsets.map {
                        (TopicPartition("t", $0.key), CommittedOffset(Offset($0.value)))
                    }
                )
            )
        } catch {
            // The group has moved on: the next owner reads these again.
            guard error.code == .staleGeneration || error.isRetriable else { throw error }
            return
        }
        try await say(offsets.map { .committed(member: number, $0.key, next: $0.value) }, by: voice)
    }

    private func say(_ words: [MemberWord], by voice: Producer) async throws {
        var batch = ProduceBatch()
        for word in words { batch.append(topic: "said", partition: 0, key: nil, value: Array(word.text.utf8)) }
        for case .failed(let error) in try await voice.send(batch) { throw error }
    }

    /// The offsets of each partition in a batch, in rows without a gap.
    private static func ranges(of batch: MessageBatch) -> [(partition: PartitionID, offsets: ClosedRange<Int64>)] {
        var ranges: [(partition: PartitionID, offsets: ClosedRange<Int64>)] = []
        batch.forEach { message in
            let (partition, offset) = (message.topicPartition.partition, message.offset.rawValue)
            if let last = ranges.last, last.partition == partition, last.offsets.upperBound + 1 == offset {
                ranges[ranges.count - 1].offsets = last.offsets.lowerBound...offset
            } else {
                ranges.append((partition, offset...offset))
            }
        }
        return ranges
    }
}
