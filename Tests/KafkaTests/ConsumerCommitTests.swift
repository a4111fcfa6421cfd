import Kafka
import KafkaTesting
import Log
import Testing

/// Commits and requests beside reading.
@Suite(.timeLimit(.minutes(2))) struct ConsumerCommitTests {
    private let zero = TopicPartition("t", 0)
    private let one = TopicPartition("t", 1)

    /// A filled topic of two partitions and a consumer that has been assigned both.
    private func start(
        _ cluster: MockCluster,
        options: ConsumerOptions = ConsumerOptions(),
        with properties: [String: String] = [:]
    ) async throws -> (fixture: KafkaFixture, consumer: Consumer) {
        try cluster.createTopic("t", partitions: 2)
        if cluster.brokerCount > 1 {
            // The coordinator on one broker, the partitions' leaders on another.
            try cluster.setCoordinator(of: .group("g"), to: 1)
            for partition in 0..<2 as Range<Int32> { try cluster.setLeader(of: "t", partition, to: 2) }
        }
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 1000, partitions: 2)
        let consumer = try await fixture.consumer("t", maxBatch: 10, options: options, with: properties)
        _ = try await consumer.assignment()
        return (fixture, consumer)
    }

    @Test func aCommitWithoutAnAnswerStopsNoReading() async throws {
        let cluster = try MockCluster(brokers: 2)
        let (_, consumer) = try await start(cluster)
        // The committed offsets, without which nothing is fetched, have come from the coordinator.
        var values = try await consumer.values(1)
        cluster.takeDown(1)
        let clock = ContinuousClock()
        async let commit: Duration = clock.measure {
            let error = await #expect(throws: LogError.self) { try await consumer.commit([zero: CommittedOffset(1)]) }
            #expect(error?.isRetriable == true, "\(String(describing: error))")
        }
        try await consumer.commitsUnderWay(1)
        var silence = Duration.zero
        while values.count < 1000 {
            values += try await consumer.values(1)
            silence = max(silence, consumer.pollStatus.sinceLastPoll)
        }
        #expect(values.sorted() == Array(0..<1000))
        #expect(silence < .seconds(2), "polling stopped for \(silence)")
        // Its own deadline, not the reading's end.
        #expect(await commit <= .seconds(18))
        cluster.bringUp(1)
        await consumer.close()
    }

    @Test func commitsAreAnsweredInTheirOrderAndTheLastOneStands() async throws {
        let cluster = try MockCluster()
        let (_, consumer) = try await start(cluster)
        cluster.setRoundTrip(milliseconds: 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...20 {
                group.addTask { try await consumer.commit([zero: CommittedOffset(Offset(Int64(number)))]) }
            }
            try await group.waitForAll()
        }
        // The tasks ran in any order; the commits that follow are in ours.
        for number in 1...5 { try await consumer.commit([zero: CommittedOffset(Offset(Int64(100 + number)))]) }
        #expect(try await consumer.committed([zero]) == [zero: CommittedOffset(105)])
        cluster.setRoundTrip(milliseconds: 0)
        await consumer.close()
    }

    @Test func aRefusedCommitTellsEachPartition() async throws {
        let cluster = try MockCluster()
        let (_, consumer) = try await start(cluster)
        let wanted = [zero: CommittedOffset(3), one: CommittedOffset(4, metadata: "m")]
        #expect(try await consumer.commit(each: wanted) == wanted.mapValues { .success($0) })
        #expect(try await consumer.commit(each: [:]).isEmpty)
        cluster.fail(.offsetCommit, with: [.topicAuthorizationFailed])
        do throws(LogError) {
            let outcome = try await consumer.commit(each: wanted)
            #expect(outcome.keys.sorted() == [zero, one])
            for (partition, result) in outcome {
                guard case .failure(let error) = result else {
                    Issue.record("\(partition) was committed")
                    continue
                }
                #expect(error.code == .authorization)
                #expect(error.message.contains(partition.description), "\(error)")
            }
        } catch {
            // Some versions of the library answer for the request as a whole.
            #expect(error.code == .authorization)
        }
        await consumer.close()
    }

    @Test func aCommitUnderWayAtTheCloseIsAnswered() async throws {
        let cluster = try MockCluster()
        let (fixture, consumer) = try await start(cluster)
        cluster.setRoundTrip(milliseconds: 500)
        async let commit: Void = consumer.commit([zero: CommittedOffset(7)])
        try await consumer.commitsUnderWay(1)
        await consumer.close()
        try await commit
        cluster.setRoundTrip(milliseconds: 0)
        let next = try await fixture.consumer("t")
        #expect(try await next.committed([zero]) == [zero: CommittedOffset(7)])
        await next.close()
    }

    @Test func aCloseWithoutBrokersEndsInItsTimeWhateverIsUnderWay() async throws {
        let cluster = try MockCluster()
        let (_, consumer) = try await start(cluster, options: ConsumerOptions(commits: .stored(every: .seconds(3600))))
        _ = try await consumer.values(10)
        try await consumer.store([zero: 1])
        cluster.goDown()
        let clock = ContinuousClock()
        async let commit = #expect(throws: LogError.self) { try await consumer.commit([zero: CommittedOffset(2)]) }
        async let request: Duration = clock.measure {
            await #expect(throws: LogError.self) { try await consumer.watermarks(of: zero) }
        }
        async let waiting = consumer.next(wait: .seconds(60))
        try await consumer.commitsUnderWay(1)
        let took = await clock.measure { await consumer.close() }
        #expect(took < .seconds(12), "the close took \(took)")
        let error = await commit
        #expect(error?.isRetriable == true, "\(String(describing: error))")
        #expect(await request < .seconds(17))
        switch try await waiting {
        // What was ready when the wait began may come first.
        case .closed, .batch: break
        case .idle, .rebalance: Issue.record("the wait did not end with the consumer")
        }
    }

    @Test func whatIsStoredIsCommittedAndNothingElse() async throws {
        let cluster = try MockCluster()
        let (fixture, consumer) = try await start(
            cluster,
            options: ConsumerOptions(commits: .stored(every: .milliseconds(100)))
        )
        let values = try await consumer.values(40)
        #expect(values.count >= 40)
        try await consumer.store([zero: 5])
        while try await consumer.committed([zero]).isEmpty { _ = try await consumer.next(wait: .milliseconds(50)) }
        #expect(try await consumer.committed([zero, one]) == [zero: CommittedOffset(5)])
        let error = await #expect(throws: LogError.self) { try await consumer.store([TopicPartition("t", 9): 1]) }
        #expect(error?.message.contains("t/9") == true)
        await consumer.close()

        // With an interval that never comes, the close commits.
        let last = try await fixture.consumer("t", options: ConsumerOptions(commits: .stored(every: .seconds(3600))))
        _ = try await last.values(40)
        try await last.store([one: 8])
        await last.close()
        let next = try await fixture.consumer("t")
        #expect(try await next.committed([zero, one]) == [zero: CommittedOffset(5), one: CommittedOffset(8)])
        await next.close()
    }

    @Test func positionsFollowWhatWasHandedOut() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        try await fixture.fill("t", count: 100)
        let consumer = try await fixture.consumer("t", maxBatch: 10)
        #expect(try await consumer.position(of: zero) == nil)
        while true {
            guard case .rebalance(let rebalance) = try await consumer.next(wait: .seconds(1)) else { continue }
            try await consumer.complete(rebalance, from: [zero: 20])
            break
        }
        #expect(try await consumer.position(of: zero) == 20)
        let values = try await consumer.values(10)
        #expect(try await consumer.position(of: zero) == Offset(Int64(20 + values.count)))
        try await consumer.seek(zero, to: 90)
        #expect(try await consumer.position(of: zero) == 90)
        #expect(try await consumer.values(10) == Array(90..<100))
        #expect(try await consumer.position(of: zero) == 100)
        #expect(consumer.cachedWatermarks(of: zero)?.high == 100)
        #expect(try await consumer.watermarks(of: zero) == 0..<100)
        await consumer.close()
        await #expect(throws: LogError.self) { try await consumer.watermarks(of: zero) }
        #expect(consumer.cachedWatermarks(of: zero) == nil)
    }
}

extension Consumer {
    /// Returns when `count` commits wait for their answers. Bounded by the test's time limit.
    fileprivate func commitsUnderWay(_ count: Int) async throws {
        while pollStatus.commitsUnderWay < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
