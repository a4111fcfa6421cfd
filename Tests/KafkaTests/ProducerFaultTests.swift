import Kafka
import KafkaTesting
import Log
import Testing

/// What a broker may answer to Produce, by class.
@Suite(.timeLimit(.minutes(2))) struct ProducerFaultTests {
    private static let retriable: [MockCluster.Failure] = [
        .leaderNotAvailable, .notLeader, .requestTimedOut, .notEnoughReplicas, .notEnoughReplicasAfterAppend,
        .storageError, .unknownTopicOrPartition,
    ]

    @Test(arguments: retriable)
    func aRetriableErrorIsRetriedWithoutDuplicates(_ failure: MockCluster.Failure) async throws {
        try await withProducer { cluster, fixture, producer in
            cluster.fail(.produce, with: [failure, failure])
            // One record: of two requests under way the mock cluster, which checks no sequence numbers, would take the second
            // first.
            let results = try await producer.send(.numbers(0..<1))
            let values = try await fixture.values(of: "t")
            #expect(results.map(\.acknowledgement?.offset) == [0] && values == [0])
        }
    }

    @Test(arguments: [
        (MockCluster.Failure.messageTooLarge, LogError.Code.tooLarge),
        (.clusterAuthorizationFailed, .authorization),
    ])
    func aPermanentErrorIsTheRecordsOwn(_ failure: MockCluster.Failure, _ code: LogError.Code) async throws {
        try await withProducer { cluster, fixture, producer in
            cluster.fail(.produce, with: [failure])
            let failed = try await producer.send(.numbers(0..<1))
            let error = try #require(failed[0].error)
            #expect(error.code == code && !error.isRetriable && !error.isFatal, "\(error)")
            // The producer goes on.
            #expect(try await producer.send(.numbers(1..<2))[0].isAcknowledged)
            #expect(try await fixture.values(of: "t") == [1])
        }
    }

    @Test func aFatalErrorEndsTheProducer() async throws {
        try await withProducer { cluster, _, producer in
            #expect(try await producer.send(.numbers(0..<1))[0].isAcknowledged)
            // OUT_OF_ORDER_SEQUENCE_NUMBER for a record that has nothing before it: the broker has lost what it had.
            cluster.fail(.produce, with: [MockCluster.Failure(rawValue: 45)])
            let failed = try await producer.send(.numbers(1..<2))
            #expect(failed.allSatisfy { !$0.isAcknowledged })
            let error = await #expect(throws: LogError.self) {
                // The failed record's report may come before the client's own error.
                for _ in 0..<100 { _ = try await producer.send(.numbers(2..<3)) }
            }
            #expect(error?.isFatal == true, "\(String(describing: error))")
            let lent = await #expect(throws: LogError.self) { try await producer.produce { _ in } }
            #expect(lent?.isFatal == true)
        }
    }

    @Test func slowAnswersAreWaitedFor() async throws {
        try await withProducer { cluster, fixture, producer in
            cluster.setRoundTrip(milliseconds: 300)
            let clock = ContinuousClock()
            let start = clock.now
            try await producer.sendAll(0..<100)
            #expect(start.duration(to: clock.now) >= .milliseconds(300))
            let values = try await fixture.values(of: "t")
            #expect(values == Array(0..<100))
        }
    }

    @Test func recordsFollowTheLeader() async throws {
        let cluster = try MockCluster(brokers: 3)
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(["retry.backoff.ms": "50"]))
        let producer = try await fixture.producer()
        for round in 0..<6 {
            try cluster.setLeader(of: "t", 0, to: Int32(round % 3) + 1)
            let results = try await producer.send(.numbers((round * 10)..<(round * 10 + 10)))
            #expect(results.allSatisfy { $0.isAcknowledged })
        }
        #expect(try await fixture.values(of: "t") == Array(0..<60))
        await producer.close(within: .seconds(1))
    }

    @Test func aRecordThatNoBrokerTakesInTimeIsReported() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let producer = try await KafkaFixture(client: cluster.configuration())
            .producer(ProducerConfiguration(deliveryTimeout: .seconds(1)))
        cluster.goDown()
        let failed = try await producer.send(.numbers(0..<1))
        let error = try #require(failed[0].error)
        #expect(error.code == .timedOut && error.isRetriable && !error.isFatal, "\(error)")
        await producer.close(within: .seconds(1))
    }

    private func withProducer(
        _ body: (MockCluster, KafkaFixture, Producer) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(["retry.backoff.ms": "50"]))
        let producer = try await fixture.producer()
        try await body(cluster, fixture, producer)
        await producer.close(within: .seconds(1))
    }
}

extension Producer {
    /// Throws unless every record is acknowledged.
    func sendAll(_ numbers: Range<Int>) async throws {
        for case .failed(let error) in try await send(.numbers(numbers)) { throw error }
    }
}
