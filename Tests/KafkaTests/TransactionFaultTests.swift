import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionFaultTests {
    private static let transactional = ProducerConfiguration(
        transactionalID: "busbar.test",
        transactionTimeout: .seconds(20)
    )

    /// The mock cluster of newer versions writes a transaction's end marker without its checksum.
    private static let properties = ["retry.backoff.ms": "50", "check.crcs": "false"]

    @Test func aReaderSeesCommittedRecordsOnly() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        try await producer.sendAll(0..<10)
        try await producer.commitTransaction()
        try await producer.beginTransaction()
        try await producer.sendAll(10..<20)
        try await producer.commitTransaction()
        #expect(try await fixture.values(of: "t") == Array(0..<20))
        await producer.close(within: .seconds(2))
    }

    @Test func afterAnAbortableErrorTheTransactionMustBeAborted() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        cluster.fail(.addPartitionsToTransaction, with: [.topicAuthorizationFailed])
        let results = try await producer.send(.numbers(0..<1))
        #expect(results.allSatisfy { !$0.isAcknowledged })
        let error = await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        guard case .abortable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        try await producer.abortTransaction()
        try await producer.beginTransaction()
        try await producer.sendAll(1..<2)
        try await producer.commitTransaction()
        await producer.close(within: .seconds(2))
    }

    @Test func transientErrorsOfTheCommitAreRetried() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        try await producer.sendAll(0..<10)
        cluster.fail(.endTransaction, with: [.coordinatorNotAvailable, .notCoordinator, .coordinatorLoading])
        try await producer.commitTransaction()
        #expect(try await fixture.values(of: "t") == Array(0..<10))
        await producer.close(within: .seconds(2))
    }

    @Test func callsOutOfOrderSayWhatHelps() async throws {
        try await withTransactional { _, fixture, producer in
            // Without a transaction no abort helps, but the producer itself is sound.
            #expect(await Self.kind { try await producer.commitTransaction() } == "fatal")
            #expect(await Self.kind { try await producer.abortTransaction() } == "fatal")
            let refused = try await producer.send(.numbers(7..<8))
            #expect(refused[0].error?.name == "_STATE")
            try await producer.beginTransaction()
            #expect(await Self.kind { try await producer.beginTransaction() } == "abortable")
            try await producer.abortTransaction()
            try await producer.transaction {
                try await producer.sendAll(0..<1)
            }
            #expect(try await fixture.values(of: "t") == [0])
            // Closing with an open transaction does not wait for anybody.
            try await producer.beginTransaction()
            try await producer.sendAll(1..<2)
            let clock = ContinuousClock()
            #expect(await clock.measure { await producer.close(within: .seconds(2)) } < .seconds(8))
            #expect(await Self.kind { try await producer.beginTransaction() } == "fatal")
        }
        let plain = try await KafkaFixture(client: try MockCluster().configuration()).producer()
        #expect(await Self.kind { try await plain.beginTransaction() } == "fatal")
        await plain.close(within: .zero)
    }

    @Test(arguments: [
        MockCluster.Failure.coordinatorLoading, .coordinatorNotAvailable, .notCoordinator, .concurrentTransactions,
    ])
    func retriableErrorsOfEveryCallAreRetried(_ failure: MockCluster.Failure) async throws {
        try await withTransactional(failing: [.initProducerID], failure) { cluster, fixture, producer in
            for request: MockCluster.Request in [
                .addPartitionsToTransaction, .addOffsetsToTransaction, .transactionOffsetCommit, .endTransaction,
            ] where !(failure == .concurrentTransactions && request == .transactionOffsetCommit) {
                cluster.fail(request, with: [failure])
            }
            let consumer = try await fixture.consumer("t")
            _ = try await consumer.assignment()
            try await producer.transaction {
                try await producer.sendAll(0..<10)
                try await producer.sendOffsets(
                    [TopicPartition("t", 0): CommittedOffset(5)],
                    of: consumer.groupMetadata()
                )
            }
            #expect(try await fixture.values(of: "t") == Array(0..<10))
            await consumer.close()
        }
    }

    @Test(arguments: [MockCluster.Request.addOffsetsToTransaction, .transactionOffsetCommit])
    func refusedOffsetsCostTheTransactionAndNotTheProducer(_ request: MockCluster.Request) async throws {
        try await withTransactional { cluster, fixture, producer in
            let consumer = try await fixture.consumer("t")
            _ = try await consumer.assignment()
            cluster.fail(request, with: [.groupAuthorizationFailed])
            let offsets: [TopicPartition: CommittedOffset] = [TopicPartition("t", 0): CommittedOffset(5)]
            let failure = await Self.kind {
                try await producer.beginTransaction()
                try await producer.sendOffsets(offsets, of: try await consumer.groupMetadata())
                try await producer.commitTransaction()
            }
            #expect(failure == "abortable")
            try await producer.abortTransaction()
            try await producer.transaction {
                try await producer.sendOffsets(offsets, of: try await consumer.groupMetadata())
            }
            await consumer.close()
        }
    }

    @Test(arguments: [
        MockCluster.Request.addPartitionsToTransaction, .addOffsetsToTransaction, .transactionOffsetCommit,
        .endTransaction,
    ])
    func aFencedProducerIsFatalInEveryCall(_ request: MockCluster.Request) async throws {
        try await withTransactional { cluster, fixture, producer in
            let consumer = try await fixture.consumer("t")
            _ = try await consumer.assignment()
            cluster.fail(request, with: [.producerFenced])
            let error = await #expect(throws: TransactionError.self) {
                try await producer.transaction {
                    _ = try await producer.send(.numbers(0..<1))
                    try await producer.sendOffsets(
                        [TopicPartition("t", 0): CommittedOffset(5)],
                        of: consumer.groupMetadata()
                    )
                }
            }
            guard case .fatal(let cause) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(cause.isFatal && cause.code == .fenced, "\(cause)")
            #expect(await Self.kind { try await producer.beginTransaction() } == "fatal")
            // The next one of the same id goes on.
            let next = try await fixture.producer(Self.transactional)
            try await next.transaction { _ = try await next.send(.numbers(1..<2)) }
            await next.close(within: .seconds(1))
            await consumer.close()
        }
    }

    @Test func theCoordinatorMayMoveInTheMiddle() async throws {
        let cluster = try MockCluster(brokers: 3)
        try cluster.createTopic("t", partitions: 1)
        let id = try #require(Self.transactional.transactionalID)
        try cluster.setCoordinator(of: .transaction(id), to: 1)
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(Self.transactional)
        for round in 0..<3 {
            try await producer.transaction {
                let numbers = (round * 10)..<(round * 10 + 10)
                try await producer.sendAll(numbers)
                try cluster.setCoordinator(of: .transaction(id), to: Int32(round + 1) % 3 + 1)
            }
        }
        #expect(try await fixture.values(of: "t") == Array(0..<30))
        await producer.close(within: .seconds(1))
    }

    @Test func aTransactionIsAbortedWithItsBodysError() async throws {
        struct Stop: Error {}
        try await withTransactional { _, fixture, producer in
            await #expect(throws: Stop.self) {
                try await producer.transaction {
                    _ = try await producer.send(.numbers(0..<1))
                    throw Stop()
                }
            }
            let value = try await producer.transaction {
                _ = try await producer.send(.numbers(1..<2))
                return "result"
            }
            // The mock cluster shows aborted records, too: that they are not seen is KafkaBrokerTests' to show.
            #expect(value == "result")
        }
    }

    /// The class of the error that `body` throws.
    private static func kind(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "none"
        } catch let error as TransactionError {
            switch error {
            case .retriable: return "retriable"
            case .abortable: return "abortable"
            case .fatal: return "fatal"
            }
        } catch {
            return "\(error)"
        }
    }

    private func withTransactional(
        failing requests: [MockCluster.Request] = [],
        _ failure: MockCluster.Failure = .notCoordinator,
        _ body: (MockCluster, KafkaFixture, Producer) async throws -> Void
    ) async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        for request in requests { cluster.fail(request, with: [failure]) }
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(Self.transactional)
        try await body(cluster, fixture, producer)
        await producer.close(within: .seconds(2))
    }
}
