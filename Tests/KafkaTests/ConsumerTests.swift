import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(2))) struct ConsumerTests {
    @Test func handsOutEveryRecordInOrderWithinBatchesOfTheSizeAskedFor() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 1000)
        let consumer = try await fixture.consumer("t", maxBatch: 64)
        var values: [Int] = []
        try await consumer.read { event in
            guard case .batch(let batch) = event else { return false }
            #expect((1...64).contains(batch.count))
            for index in 0..<batch.count { values.append(batch[index].number ?? -1) }
            return values.count >= 1000
        }
        #expect(values == Array(0..<1000))
        #expect(consumer.knownEnd(of: TopicPartition("t", 0)) == 1000)
        #expect(consumer.knownEnd(of: TopicPartition("other", 0)) == nil)
        await consumer.close()
        #expect(consumer.knownEnd(of: TopicPartition("t", 0)) == nil)
    }

    @Test func nothingIsReadBeforeTheAssignmentIsAnswered() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 10)
        let consumer = try await fixture.consumer("t")
        var assign: Rebalance?
        while assign == nil {
            switch try await consumer.next(wait: .seconds(1)) {
            case .rebalance(let rebalance): assign = rebalance
            case .batch: Issue.record("a batch came before the answer")
            case .idle, .closed: continue
            }
        }
        let rebalance = try #require(assign)
        #expect(rebalance == Rebalance(generation: 1, change: .assign, partitions: [TopicPartition("t", 0)]))
        guard case .idle = try await consumer.next(wait: .milliseconds(300)) else {
            Issue.record("something came before the answer")
            return
        }
        #expect(try await consumer.complete(rebalance, from: [TopicPartition("t", 0): 7]))
        #expect(try await consumer.complete(rebalance, from: [:]) == false)
        #expect(try await consumer.values(3) == [7, 8, 9])
        await consumer.close()
    }

    @Test func batchesStayReadableAfterTheConsumerIsClosed() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 100)
        let consumer = try await fixture.consumer("t")
        var kept: [MessageBatch] = []
        try await consumer.read { event in
            if case .batch(let batch) = event { kept.append(batch) }
            return kept.reduce(0) { $0 + $1.count } >= 100
        }
        await consumer.close()
        cluster.stop()
        let values = kept.flatMap { batch in (0..<batch.count).map { batch[$0].number ?? -1 } }
        #expect(values == Array(0..<100))
        guard case .closed = try await consumer.next(wait: .seconds(1)) else {
            Issue.record("a closed consumer must say so")
            return
        }
        await #expect(throws: LogError.self) { try await consumer.commit([TopicPartition("t", 0): .init(1)]) }
    }

    @Test func aPausedPartitionGoesOnWhereItStopped() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 2000, partitions: 2)
        let consumer = try await fixture.consumer("t", maxBatch: 10)
        let even = TopicPartition("t", 0)
        var values = try await consumer.values(10)
        try await consumer.pause([even])
        let before = values.count { $0.isMultiple(of: 2) }
        while values.count(where: { !$0.isMultiple(of: 2) }) < 1000 { values += try await consumer.values(1) }
        #expect(values.count { $0.isMultiple(of: 2) } == before, "a paused partition was handed out")
        try await consumer.resume([even])
        while values.count < 2000 { values += try await consumer.values(1) }
        #expect(values.filter { $0.isMultiple(of: 2) } == Array(stride(from: 0, to: 2000, by: 2)))
        #expect(values.filter { !$0.isMultiple(of: 2) } == Array(stride(from: 1, to: 2000, by: 2)))
        await consumer.close()
    }

    @Test func seekDropsWhatWasReadAhead() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 500)
        let consumer = try await fixture.consumer("t", maxBatch: 10)
        _ = try await consumer.values(10)
        for target in [400, 100, 495] {
            try await consumer.seek(TopicPartition("t", 0), to: Offset(Int64(target)))
            #expect(try await consumer.values(5).prefix(5) == Array(target..<(target + 5))[...])
        }
        await consumer.close()
    }

    @Test func commitsCarryTheirMetadata() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 10, partitions: 2)
        let first = try await fixture.consumer("t")
        let assigned = try await first.assignment()
        #expect(try await first.committed(assigned).isEmpty)
        let offset = CommittedOffset(3, metadata: #"{"gap":[4,"ü\u{0}"]}"#)
        try await first.commit([TopicPartition("t", 0): offset])
        #expect(try await first.committed(assigned) == [TopicPartition("t", 0): offset])
        await first.close()
        let second = try await fixture.consumer("t")
        let values = try await second.values(7)
        #expect(values.sorted() == [1, 3, 5, 6, 7, 8, 9])
        await second.close()
    }

    @Test func aRefusedCommitThrowsWhatTheBrokerSaid() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let consumer = try await fixture.consumer("t")
        _ = try await consumer.assignment()
        cluster.fail(.offsetCommit, with: [.groupAuthorizationFailed])
        let error = await #expect(throws: LogError.self) {
            try await consumer.commit([TopicPartition("t", 0): CommittedOffset(1)])
        }
        #expect(error?.code == .authorization)
        #expect(error?.isRetriable == false)
        await consumer.close()
    }

    @Test func aConsumerThatNobodyAsksStaysInItsGroup() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 500)
        let consumer = try await fixture.consumer("t", maxBatch: 10, with: ["max.poll.interval.ms": "6000"])
        var values = try await consumer.values(10)
        // Longer than max.poll.interval.ms: a member that does not poll would be thrown out.
        try await ContinuousClock().sleep(for: .seconds(8))
        try await consumer.read { event in
            if case .rebalance(let rebalance) = event { Issue.record("thrown out: \(rebalance)") }
            if case .batch(let batch) = event {
                for index in 0..<batch.count { values.append(batch[index].number ?? -1) }
            }
            return values.count >= 500
        }
        #expect(values == Array(0..<500))
        await consumer.close()
    }

    @Test func closesWhileARebalanceIsUnansweredAndWithoutABroker() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let unanswered = try await fixture.consumer("t", group: "a")
        while true {
            if case .rebalance = try await unanswered.next(wait: .seconds(1)) { break }
        }
        let clock = ContinuousClock()
        #expect(await clock.measure { await unanswered.close() } < .seconds(5))

        let stranded = try await fixture.consumer("t", group: "b")
        _ = try await stranded.assignment()
        cluster.stop()
        #expect(await clock.measure { await stranded.close() } < .seconds(11))
        // A second close returns at once.
        await stranded.close()
    }

    @Test func eagerGroupsWorkToo() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let fixture = KafkaFixture(client: cluster.configuration(["partition.assignment.strategy": "range"]))
        try await fixture.fill("t", count: 100, partitions: 2)
        let consumer = try await fixture.consumer("t")
        #expect(try await consumer.values(100).sorted() == Array(0..<100))
        await consumer.close()
    }
}
