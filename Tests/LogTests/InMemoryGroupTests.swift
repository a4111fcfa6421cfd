import Log
import LogTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct InMemoryGroupTests {
    private let log = InMemoryLog()

    private func member(_ topics: [TopicName] = ["t"], instance: String? = nil) async throws -> GroupMemberDriver {
        GroupMemberDriver(
            try await log.consumer(ConsumerConfiguration(group: "g", topics: topics, instanceID: instance))
        )
    }

    private func settle(_ members: [GroupMemberDriver]) async throws {
        for _ in 0..<8 {
            for member in members { try await member.step(wait: .zero) }
        }
    }

    @Test func anExpelledMemberLosesAndJoinsAgain() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 2)])
        let first = try await member()
        let second = try await member()
        try await settle([first, second])
        let metadata = try await first.consumer.groupMetadata()
        #expect(log.expel(memberOf: "g"))

        let offsets = [TopicPartition("t", 0): CommittedOffset(1)]
        let error = await #expect(throws: LogError.self) { try await first.consumer.commit(offsets) }
        #expect(error?.code == .staleGeneration)

        // The other member gets the partitions before the first one has noticed.
        try await settle([second])
        #expect(second.assigned.count == 2)
        try await first.step(wait: .zero)
        #expect(first.rebalances.last?.change == .lose)
        try await settle([first, second])
        #expect(first.assigned.count == 1 && second.assigned.count == 1)
        for partition in first.assigned { try await first.consumer.commit([partition: CommittedOffset(1)]) }

        let producer = try await log.producer(ProducerConfiguration(transactionalID: "x"))
        try await producer.beginTransaction()
        let stale = await #expect(throws: TransactionError.self) {
            try await producer.sendOffsets(offsets, of: metadata)
        }
        guard case .abortable(let cause) = stale else { return #expect(Bool(false), "\(String(describing: stale))") }
        #expect(cause.code == .staleGeneration)
    }

    @Test func aLossSupersedesARebalanceNotAnsweredYet() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 1)])
        let consumer = try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"]))
        guard case .rebalance(let assignment) = try await consumer.next(wait: .zero) else {
            return #expect(Bool(false), "no assignment")
        }
        log.expel(consumer)
        guard case .rebalance(let loss) = try await consumer.next(wait: .zero) else {
            return #expect(Bool(false), "no loss")
        }
        #expect(loss.change == .lose && loss.generation > assignment.generation)
        #expect(try await !consumer.complete(assignment, from: [:]))
        #expect(try await consumer.complete(loss, from: [:]))
    }

    @Test func partitionsMoveOnlyAfterTheRevocationIsAnswered() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 2)])
        let first = try await member()
        try await settle([first])
        let second = try await member()
        guard case .rebalance(let revocation) = try await first.consumer.next(wait: .zero) else {
            return #expect(Bool(false), "no revocation")
        }
        #expect(revocation.change == .revoke && revocation.partitions == [TopicPartition("t", 1)])
        try await settle([second])
        #expect(second.assigned.isEmpty)
        try await first.consumer.complete(revocation, from: [:])
        try await settle([second])
        #expect(second.assigned == [TopicPartition("t", 1)])
    }

    @Test func aPatternPicksUpTopicsThatComeLater() async throws {
        let member = try await member(["^github\\..*"])
        try await settle([member])
        #expect(member.assigned.isEmpty)
        try await log.createTopics([
            TopicSpecification("github.issues", partitions: 2), TopicSpecification("gitlab.issues", partitions: 1),
        ])
        try await settle([member])
        #expect(member.assigned.map(\.topic) == ["github.issues", "github.issues"])
        await #expect(throws: LogError.self) { _ = try await self.member(["^(unclosed"]) }
    }

    @Test func aStaticMemberKeepsItsPartitionsOverARestart() async throws {
        try await log.createTopics([TopicSpecification("t", partitions: 2)])
        let first = try await member(instance: "a")
        let second = try await member(instance: "b")
        try await settle([first, second])
        let owned = first.assigned
        await first.consumer.close()
        try await settle([second])
        #expect(second.assigned.count == 1)
        let again = try await member(instance: "a")
        try await settle([again, second])
        #expect(again.assigned == owned && second.rebalances.count == 1)
        _ = try await member(instance: "a")
        let error = await #expect(throws: LogError.self) { try await again.step(wait: .zero) }
        #expect(error?.code == .fenced && error?.isFatal == true)
    }

    @Test func newDataWakesAWaitingConsumer() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        try await log.createTopics([TopicSpecification("t", partitions: 1)])
        let member = GroupMemberDriver(try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"])))
        try await member.step(wait: .zero)
        async let event = member.consumer.next(wait: .seconds(3600))
        await clock.waitForSleepers(1)
        let producer = try await log.producer(ProducerConfiguration())
        _ = try await producer.send(ProduceBatch(["a"], to: "t"))
        guard case .batch(let batch) = try await event else { return #expect(Bool(false), "no batch") }
        #expect(batch.count == 1 && batch[0].timestamp == clock.timestamp)
    }

    @Test func theClockEndsAWaitWithIdleAndCloseWithClosed() async throws {
        let clock = ManualClock()
        let log = InMemoryLog(.init(clock: clock))
        let consumer = try await log.consumer(ConsumerConfiguration(group: "g", topics: ["t"]))
        async let idle = consumer.next(wait: .seconds(5))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(5))
        guard case .idle = try await idle else { return #expect(Bool(false), "not idle") }
        async let closed = consumer.next(wait: .seconds(5))
        await clock.waitForSleepers(1)
        await consumer.close()
        guard case .closed = try await closed else { return #expect(Bool(false), "not closed") }
    }

    @Test func deletedRecordsSendAReaderAwayAndAGroupToItsStart() async throws {
        let producer = try await log.producer(ProducerConfiguration())
        _ = try await producer.send(ProduceBatch((0..<10).map(String.init), to: "t"))
        try log.deleteRecords(in: TopicPartition("t", 0), before: 6)
        let reader = try await log.reader()
        try await reader.assign([TopicPartition("t", 0): 2])
        let error = await #expect(throws: LogError.self) { _ = try await reader.next(wait: .zero) }
        #expect(error?.code == .offsetOutOfRange)
        #expect(try await reader.bounds(of: TopicPartition("t", 0)) == 6..<10)
        let member = try await member()
        try await member.step(wait: .zero, from: [TopicPartition("t", 0): 2])
        try await member.step(wait: .zero)
        #expect(member.texts == ["6", "7", "8", "9"])
    }

    /// Members come, go and are expelled at random; each partition has one owner and none is forgotten.
    @Test func assignmentsStayDisjointAndComplete() async throws {
        try await withSeeds(0..<40) { random in
            let log = InMemoryLog()
            try await log.createTopics([TopicSpecification("t", partitions: 7)])
            var members: [GroupMemberDriver] = []
            for _ in 0..<40 {
                switch Int.random(in: 0..<6, using: &random) {
                case 0 where members.count < 5:
                    let configuration = ConsumerConfiguration(group: "g", topics: ["t"])
                    members.append(GroupMemberDriver(try await log.consumer(configuration)))
                case 1 where !members.isEmpty:
                    let leaver = members.remove(at: Int.random(in: 0..<members.count, using: &random))
                    await leaver.consumer.close()
                case 2:
                    log.expel(memberOf: "g")
                default:
                    try await members.randomElement(using: &random)?.step(wait: .zero)
                }
            }
            for _ in 0..<20 {
                for member in members { try await member.step(wait: .zero) }
            }
            let owned = members.flatMap(\.assigned)
            let counts = members.map(\.assigned.count)
            try #require(Set(owned).count == owned.count, "two owners")
            try #require(members.isEmpty || owned.count == 7, "owned: \(owned)")
            try #require((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "uneven: \(counts)")
        }
    }
}
