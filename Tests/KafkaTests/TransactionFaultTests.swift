import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionFaultTests {
    /// The mock cluster of newer versions writes a transaction's end marker without its checksum.
    private static let properties = ["retry.backoff.ms": "50", "check.crcs": "false"]

    @Test func aReaderSeesCommittedRecords() async throws {
        try await withTransactional { _, fixture, producer in
            try await producer.transaction { try await producer.sendAll(0..<10) }
            try await producer.transaction { try await producer.sendAll(10..<20) }
            #expect(try await fixture.values(of: "t") == Array(0..<20))
        }
    }

    @Test func afterAnAbortableErrorTheTransactionMustBeAborted() async throws {
        try await withTransactional { cluster, _, producer in
            try await producer.beginTransaction()
            cluster.fail(.addPartitionsToTransaction, with: [.topicAuthorizationFailed])
            let results = try await producer.send(.numbers(0..<1))
            #expect(results.allSatisfy { !$0.isAcknowledged })
            #expect(await Self.kind { try await producer.commitTransaction() } == "abortable")
            try await producer.abortTransaction()
            try await producer.transaction { try await producer.sendAll(1..<2) }
        }
    }

    @Test func transientErrorsOfTheCommitAreRetried() async throws {
        try await withTransactional { cluster, fixture, producer in
            try await producer.beginTransaction()
            try await producer.sendAll(0..<10)
            cluster.fail(.endTransaction, with: [.coordinatorNotAvailable, .notCoordinator, .coordinatorLoading])
            try await producer.commitTransaction()
            #expect(try await fixture.values(of: "t") == Array(0..<10))
        }
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
            try await producer.transaction { try await producer.sendAll(0..<1) }
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
            try await withMember(of: fixture) { member in
                try await producer.transaction {
                    try await producer.sendAll(0..<10)
                    try await producer.sendOffsets(Self.offsets, of: member.groupMetadata())
                }
            }
            #expect(try await fixture.values(of: "t") == Array(0..<10))
        }
    }

    @Test(arguments: [MockCluster.Request.addOffsetsToTransaction, .transactionOffsetCommit])
    func refusedOffsetsCostTheTransactionAndNotTheProducer(_ request: MockCluster.Request) async throws {
        try await withTransactional { cluster, fixture, producer in
            try await withMember(of: fixture) { member in
                cluster.fail(request, with: [.groupAuthorizationFailed])
                let failure = await Self.kind {
                    try await producer.beginTransaction()
                    try await producer.sendOffsets(Self.offsets, of: member.groupMetadata())
                    try await producer.commitTransaction()
                }
                #expect(failure == "abortable")
                try await producer.abortTransaction()
                try await producer.transaction {
                    try await producer.sendOffsets(Self.offsets, of: member.groupMetadata())
                }
            }
        }
    }

    @Test(arguments: [
        MockCluster.Request.addPartitionsToTransaction, .addOffsetsToTransaction, .transactionOffsetCommit,
        .endTransaction,
    ])
    func aFencedProducerIsFatalInEveryCall(_ request: MockCluster.Request) async throws {
        try await withTransactional { cluster, fixture, producer in
            let error = try await withMember(of: fixture) { member in
                cluster.fail(request, with: [.producerFenced])
                return await #expect(throws: TransactionError.self) {
                    try await producer.transaction {
                        _ = try await producer.send(.numbers(0..<1))
                        try await producer.sendOffsets(Self.offsets, of: member.groupMetadata())
                    }
                }
            }
            guard case .fatal(let cause) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(cause.isFatal && cause.code == .fenced, "\(cause)")
            #expect(await Self.kind { try await producer.beginTransaction() } == "fatal")
            // The next one of the same id goes on.
            let next = try await fixture.producer(.transactional)
            try await next.transaction { try await next.sendAll(1..<2) }
            await next.close(within: .seconds(1))
        }
    }

    @Test func theCoordinatorMayMoveInTheMiddle() async throws {
        let id = try #require(ProducerConfiguration.transactional.transactionalID)
        try await withTransactional(brokers: 3) { cluster, fixture, producer in
            try cluster.setCoordinator(of: .transaction(id), to: 1)
            for round in 0..<3 {
                try await producer.transaction {
                    try await producer.sendAll((round * 10)..<(round * 10 + 10))
                    try cluster.setCoordinator(of: .transaction(id), to: Int32(round + 1) % 3 + 1)
                }
            }
            #expect(try await fixture.values(of: "t") == Array(0..<30))
        }
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

    private static let offsets = [TopicPartition("t", 0): CommittedOffset(5)]

    /// Runs `body` with a consumer that has been assigned its partition.
    private func withMember<R>(of fixture: KafkaFixture, _ body: (Consumer) async throws -> R) async throws -> R {
        let member = try await fixture.consumer("t")
        _ = try await member.assignment()
        let result = try await body(member)
        await member.close()
        return result
    }

    /// Runs `body` with a transactional producer; `failure` meets it while it is opened.
    private func withTransactional(
        brokers: Int = 1,
        failing requests: [MockCluster.Request] = [],
        _ failure: MockCluster.Failure = .notCoordinator,
        _ body: (MockCluster, KafkaFixture, Producer) async throws -> Void
    ) async throws {
        let cluster = try MockCluster(brokers: brokers)
        try cluster.createTopic("t", partitions: 1)
        for request in requests { cluster.fail(request, with: [failure]) }
        let fixture = KafkaFixture(client: cluster.configuration(Self.properties))
        let producer = try await fixture.producer(.transactional)
        try await body(cluster, fixture, producer)
        await producer.close(within: .seconds(2))
    }
}
