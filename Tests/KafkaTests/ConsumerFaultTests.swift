import Kafka
import KafkaTesting
import Log
import Testing

/// A group member whose cluster misbehaves: what passes is not seen, what does not pass is thrown.
@Suite(.timeLimit(.minutes(3))) struct ConsumerFaultTests {
    private static let place = TopicPartition("t", 0)
    /// Short waits, so that what is retried is retried soon.
    private static let quick = [
        "retry.backoff.ms": "20", "reconnect.backoff.ms": "20", "reconnect.backoff.max.ms": "100",
        "topic.metadata.refresh.interval.ms": "500", "topic.metadata.refresh.fast.interval.ms": "50",
    ]

    private func withMember(
        brokers: Int = 1,
        _ body: (MockCluster, KafkaFixture, Consumer) async throws -> Void
    ) async throws {
        let cluster = try MockCluster(brokers: brokers)
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.quick))
        try await fixture.fill("t", count: 1000)
        let consumer = try await fixture.consumer("t", maxBatch: 50)
        try await body(cluster, fixture, consumer)
        await consumer.close()
        cluster.stop()
    }

    @Test func whatPassesInAFetchCostsNoRecord() async throws {
        let failures: [MockCluster.Failure] = [
            .notLeader, .leaderNotAvailable, .unknownTopicOrPartition, .requestTimedOut, .storageError, .corruptMessage,
        ]
        try await withMember { cluster, _, consumer in
            _ = try await consumer.values(50)
            for failure in failures {
                cluster.fail(.fetch, with: [failure, failure])
                try await consumer.seek(Self.place, to: 0)
                var values: [Int] = []
                while values.count < 1000 {
                    do throws(LogError) {
                        guard case .batch(let batch) = try await consumer.next(wait: .seconds(1)) else { continue }
                        for index in 0..<batch.count { values.append(batch[index].number ?? -1) }
                    } catch {
                        // What librdkafka cannot judge by itself reaches the caller; the consumer goes on.
                        #expect(!error.isFatal, "\(failure): \(error)")
                    }
                }
                #expect(values == Array(0..<1000), "\(failure)")
            }
        }
    }

    @Test func aFetchThatIsNotAllowedIsThrownAndReadingGoesOnWhenItIs() async throws {
        try await withMember { cluster, _, consumer in
            _ = try await consumer.values(50)
            // Two: the first may meet a fetch that the seek has made void.
            cluster.fail(.fetch, with: [.topicAuthorizationFailed, .topicAuthorizationFailed])
            try await consumer.seek(Self.place, to: 100)
            var refusals: [LogError] = []
            var values: [Int] = []
            while values.count < 900 {
                do throws(LogError) {
                    guard case .batch(let batch) = try await consumer.next(wait: .seconds(1)) else { continue }
                    for index in 0..<batch.count { values.append(batch[index].number ?? -1) }
                } catch {
                    refusals.append(error)
                }
            }
            #expect(!refusals.isEmpty && refusals.allSatisfy { $0.code == .authorization }, "\(refusals)")
            #expect(values == Array(100..<1000))
        }
    }

    @Test func aCommitIsRetriedWhileItsCoordinatorIsNotThere() async throws {
        try await withMember { cluster, _, consumer in
            _ = try await consumer.values(50)
            let failures: [MockCluster.Failure] = [.coordinatorLoading, .coordinatorNotAvailable, .notCoordinator]
            for (index, failure) in failures.enumerated() {
                cluster.fail(.offsetCommit, with: [failure, failure])
                let offset = CommittedOffset(Offset(Int64(index + 1)))
                try await retrying(consumer) { try await consumer.commit([Self.place: offset]) }
                #expect(try await consumer.committed([Self.place]) == [Self.place: offset], "\(failure)")
            }
        }
    }

    @Test(
        arguments: [
            (.groupAuthorizationFailed, .authorization), (.illegalGeneration, .staleGeneration),
            (.unknownMember, .staleGeneration), (.rebalanceInProgress, .staleGeneration),
        ] as [(MockCluster.Failure, LogError.Code)]
    )
    func aCommitThatCannotSucceedSaysWhyAndCommitsNothing(
        failure: MockCluster.Failure,
        code: LogError.Code
    ) async throws {
        try await withMember { cluster, _, consumer in
            _ = try await consumer.values(50)
            cluster.fail(.offsetCommit, with: [failure])
            let error = await #expect(throws: LogError.self) {
                try await consumer.commit([Self.place: CommittedOffset(50)])
            }
            #expect(error?.code == code)
            #expect(error?.isRetriable == false)
            // What a generation's end has taken away comes back with the next assignment.
            try await retrying(consumer) {
                let committed = try await consumer.committed([Self.place])
                #expect(committed.isEmpty)
            }
        }
    }

    @Test func joiningGoesOnUntilItSucceeds() async throws {
        let failures: [MockCluster.Failure] = [
            .coordinatorLoading, .coordinatorNotAvailable, .notCoordinator, .rebalanceInProgress, .unknownMember,
        ]
        // All at once: each takes the mock's join time three times.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for failure in failures {
                group.addTask {
                    let cluster = try MockCluster()
                    try cluster.createTopic("t", partitions: 1)
                    let fixture = KafkaFixture(client: cluster.configuration(Self.quick))
                    try await fixture.fill("t", count: 100)
                    cluster.fail(.joinGroup, with: [failure])
                    cluster.fail(.findCoordinator, with: [.coordinatorNotAvailable])
                    cluster.fail(.offsetFetch, with: [.coordinatorLoading])
                    let consumer = try await fixture.consumer("t")
                    #expect(try await consumer.values(100) == Array(0..<100), "\(failure)")
                    await consumer.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aGroupThatIsNotAllowedIsThrown() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.quick))
        cluster.fail(.joinGroup, with: [.groupAuthorizationFailed])
        let consumer = try await fixture.consumer("t")
        let error = await #expect(throws: LogError.self) { try await consumer.read { _ in false } }
        #expect(error?.code == .authorization, "\(String(describing: error))")
        await consumer.close()
    }

    @Test func aBrokerThatGoesAwayAndComesBackCostsNoRecord() async throws {
        try await withMember { cluster, fixture, consumer in
            var values = try await consumer.values(50)
            for _ in 0..<3 {
                cluster.goDown()
                guard case .idle = try await consumer.next(wait: .milliseconds(1)) else { continue }
                cluster.comeUp()
            }
            cluster.comeUp()
            try await consumer.seek(Self.place, to: 50)
            values = Array(values.prefix(50))
            while values.count < 1000 { values += try await consumer.values(1) }
            #expect(values == Array(0..<1000))
            try await retrying(consumer) { try await consumer.commit([Self.place: CommittedOffset(1000)]) }
        }
    }

    @Test func aSlowBrokerDelaysAndDoesNotFail() async throws {
        try await withMember { cluster, _, consumer in
            var values = try await consumer.values(50)
            cluster.setRoundTrip(milliseconds: 300)
            try await consumer.seek(Self.place, to: Offset(Int64(values.count)))
            while values.count < 1000 { values += try await consumer.values(1) }
            #expect(values == Array(0..<1000))
            try await consumer.commit([Self.place: CommittedOffset(1000)])
            #expect(try await consumer.committed([Self.place])[Self.place]?.offset == 1000)
        }
    }

    @Test func leadersAndCoordinatorsMayMove() async throws {
        try await withMember(brokers: 3) { cluster, fixture, consumer in
            var values: [Int] = []
            for broker: Int32 in [1, 2, 3, 1] {
                try cluster.setLeader(of: "t", 0, to: broker)
                try cluster.setCoordinator(of: .group("g"), to: broker)
                values += try await consumer.values(50)
                let next = CommittedOffset(Offset(Int64(values.count)))
                try await retrying(consumer) { try await consumer.commit([Self.place: next]) }
            }
            while values.count < 1000 { values += try await consumer.values(1) }
            #expect(values == Array(0..<1000))
        }
    }

    @Test(
        .enabled(
            if: KafkaLog.libraryVersion.hasPrefix("2.0"),
            """
            the mock cluster of librdkafka 2.16 dies where a fetch meets a partition without a leader: it writes that leader's \
            id (rd_kafka_mock_Fetch_reply_tags_partition_write)
            """
        )
    )
    func aPartitionWithoutALeaderWaitsForOne() async throws {
        try await withMember(brokers: 2) { cluster, _, consumer in
            var values = try await consumer.values(50)
            try cluster.setLeader(of: "t", 0, to: nil)
            try await consumer.seek(Self.place, to: Offset(Int64(values.count)))
            try cluster.setLeader(of: "t", 0, to: 2)
            while values.count < 1000 { values += try await consumer.values(1) }
            #expect(values == Array(0..<1000))
        }
    }

    /// Repeats `body` while its error is retriable or the group is between two generations; each try waits for a broker.
    private func retrying(_ consumer: Consumer, _ body: () async throws -> Void) async throws {
        while true {
            do {
                return try await body()
            } catch let error as LogError where error.isRetriable {
                await Task.yield()
            } catch let error as LogError where error.code == .staleGeneration {
                // Whoever was thrown out comes back by reading.
                try await consumer.read { _ in true }
            }
        }
    }
}
