import Log
import LogTesting
import Testing

@Suite(.timeLimit(.minutes(2))) struct InMemoryConcurrencyTests {
    /// Four producers write while two members read and share; every record arrives, in each producer's order.
    @Test func nothingIsLostBetweenManyTasks() async throws {
        let log = InMemoryLog()
        try await log.createTopics([TopicSpecification("t", partitions: 4)])
        let total = 4 * 50 * 5
        let seen = try await withThrowingTaskGroup(of: [SeenRecord].self) { group in
            for number in 0..<4 {
                group.addTask {
                    try await Self.produce(number, to: log)
                    return []
                }
            }
            for _ in 0..<2 {
                group.addTask { try await Self.consume(from: log, until: total) }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let texts = Set(seen.compactMap(\.text))
        #expect(texts.count == total)
        for number in 0..<4 {
            let stored = log.records(in: TopicPartition("t", PartitionID(rawValue: Int32(number))))
            let values = stored.compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } }
            #expect(values == (0..<250).map { "\(number)/\($0)" })
        }
    }

    private static func produce(_ number: Int, to log: InMemoryLog) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        for round in 0..<50 {
            let values = (0..<5).map { "\(number)/\(round * 5 + $0)" }
            _ = try await producer.send(
                ProduceBatch(values, to: "t", partition: PartitionID(rawValue: Int32(number)))
            )
        }
        await producer.close(within: .seconds(5))
    }

    /// Reads until the group has committed everything, committing after each step.
    private static func consume(from log: InMemoryLog, until total: Int) async throws -> [SeenRecord] {
        let consumer = try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"], maxBatch: 16))
        let member = GroupMemberDriver(consumer)
        while log.committedOffsets(of: "g").values.reduce(0, { $0 + Int($1.offset.rawValue) }) < total {
            let before = member.seen.count
            try await member.step(wait: .milliseconds(20))
            var offsets: [TopicPartition: CommittedOffset] = [:]
            for record in member.seen[before...] { offsets[record.partition] = CommittedOffset(record.offset.next) }
            if !offsets.isEmpty { try await member.consumer.commit(offsets) }
        }
        await consumer.close()
        return member.seen
    }

    @Test func cancellationEndsAWait() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        let consumer = try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"]))
        let waiting = Task { try await consumer.next(wait: .seconds(60)) }
        await clock.waitForSleepers(1)
        waiting.cancel()
        guard case .idle = try await waiting.value else { return #expect(Bool(false), "not idle") }
    }
}
