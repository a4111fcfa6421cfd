import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(3))) struct TransactionFaultTests {
    private static let transactional = ProducerConfiguration(
        transactionalID: "busbar.test",
        transactionTimeout: .seconds(20)
    )

    @Test func aReaderSeesCommittedRecordsOnly() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        #expect(try await producer.send(.numbers(0..<10)).allSatisfy(\.isAcknowledged))
        try await producer.commitTransaction()
        try await producer.beginTransaction()
        #expect(try await producer.send(.numbers(10..<20)).allSatisfy(\.isAcknowledged))
        try await producer.commitTransaction()
        #expect(try await fixture.values(of: "t") == Array(0..<20))
        await producer.close(within: .seconds(2))
    }

    @Test func afterAnAbortableErrorTheTransactionMustBeAborted() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        cluster.fail(.addPartitionsToTransaction, with: [.topicAuthorizationFailed])
        let results = try await producer.send(.numbers(0..<1))
        #expect(results.allSatisfy { !$0.isAcknowledged })
        let error = await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        guard case .abortable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        try await producer.abortTransaction()
        try await producer.beginTransaction()
        #expect(try await producer.send(.numbers(1..<2)).allSatisfy(\.isAcknowledged))
        try await producer.commitTransaction()
        await producer.close(within: .seconds(2))
    }

    @Test func transientErrorsOfTheCommitAreRetried() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration(["retry.backoff.ms": "50"]))
        let producer = try await fixture.producer(Self.transactional)
        try await producer.beginTransaction()
        #expect(try await producer.send(.numbers(0..<10)).allSatisfy(\.isAcknowledged))
        cluster.fail(.endTransaction, with: [.coordinatorNotAvailable, .notCoordinator, .coordinatorLoading])
        try await producer.commitTransaction()
        #expect(try await fixture.values(of: "t") == Array(0..<10))
        await producer.close(within: .seconds(2))
    }

    @Test func callsOutOfOrderThrowAndLeaveTheProducerUsable() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let fixture = KafkaFixture(client: cluster.configuration())
        let producer = try await fixture.producer(Self.transactional)
        await #expect(throws: TransactionError.self) { try await producer.commitTransaction() }
        try await producer.beginTransaction()
        await #expect(throws: TransactionError.self) { try await producer.beginTransaction() }
        #expect(try await producer.send(.numbers(0..<1)).allSatisfy(\.isAcknowledged))
        try await producer.commitTransaction()
        // Closing with an open transaction does not wait for anybody.
        try await producer.beginTransaction()
        #expect(try await producer.send(.numbers(1..<2)).allSatisfy(\.isAcknowledged))
        #expect(await ContinuousClock().measure { await producer.close(within: .seconds(2)) } < .seconds(8))
    }
}
