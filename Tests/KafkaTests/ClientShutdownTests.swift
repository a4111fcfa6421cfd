import Glibc
import Kafka
import KafkaTesting
import Log
import Testing

/// Closing is bounded whatever the brokers do: not there, gone, or there and silent.
@Suite(.timeLimit(.minutes(3))) struct ClientShutdownTests {
    /// A loopback socket whose connections the kernel takes and nobody answers.
    private final class BlackHole {
        let port: UInt16
        private let descriptor: Int32

        init() throws {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let failed = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    bind(descriptor, address, size) != 0 || listen(descriptor, 64) != 0
                        || getsockname(descriptor, address, &size) != 0
                }
            }
            self.descriptor = descriptor
            port = UInt16(bigEndian: address.sin_port)
            try #require(!failed)
        }

        deinit {
            close(descriptor)
        }
    }

    /// Opens, uses and closes every kind of client; none may take longer than its bound, and every record is answered.
    private func closeEverything(_ client: ClientConfiguration) async throws {
        let fixture = KafkaFixture(client: client)
        let clock = ContinuousClock()
        let consumer = try await fixture.consumer("t")
        guard case .idle = try await consumer.next(wait: .milliseconds(200)) else {
            Issue.record("there is nobody to say anything")
            return
        }
        #expect(await clock.measure { await consumer.close() } < .seconds(12))
        let reader = try await fixture.reader()
        try await reader.assign([TopicPartition("t", 0): 0])
        #expect(await clock.measure { await reader.close() } < .seconds(12))
        let producer = try await fixture.producer(with: ["queue.buffering.max.messages": "100"])
        async let outcomes = producer.send(.numbers(0..<100))
        while !producer.queueIsFull { await Task.yield() }
        #expect(await clock.measure { await producer.close(within: .milliseconds(500)) } < .seconds(8))
        let results = try await outcomes
        #expect(results.count == 100 && results.allSatisfy { !$0.isAcknowledged })
        let admin = try await Admin.open(client: client, logger: KafkaFixture.silent)
        #expect(await clock.measure { await admin.close() } < .seconds(12))
    }

    @Test func withoutABroker() async throws {
        let cluster = try MockCluster()
        let client = cluster.configuration()
        cluster.stop()
        try await closeEverything(client)
    }

    @Test func withABrokerThatNeverAnswers() async throws {
        let hole = try BlackHole()
        try await closeEverything(ClientConfiguration(brokers: ["127.0.0.1:\(hole.port)"]))
        withExtendedLifetime(hole) {}
    }

    @Test func inTheMiddleOfATLSHandshakeThatNeverEnds() async throws {
        let hole = try BlackHole()
        let client = ClientConfiguration(brokers: ["127.0.0.1:\(hole.port)"], security: .tls(.init()))
        try await closeEverything(client)
        withExtendedLifetime(hole) {}
    }

    @Test func aTransactionalProducerGivesUpInItsTime() async throws {
        let hole = try BlackHole()
        let fixture = KafkaFixture(client: ClientConfiguration(brokers: ["127.0.0.1:\(hole.port)"]))
        let configuration = ProducerConfiguration(transactionalID: "x", transactionTimeout: .seconds(2))
        let clock = ContinuousClock()
        let begun = clock.now
        let error = await #expect(throws: LogError.self) { try await fixture.producer(configuration) }
        #expect(error?.code == .timedOut || error?.code == .unreachable, "\(error as Any)")
        #expect(begun.duration(to: clock.now) < .seconds(10))
        withExtendedLifetime(hole) {}
    }
}
