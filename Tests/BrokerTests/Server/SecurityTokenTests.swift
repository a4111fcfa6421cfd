import ConnectorKit
import Foundation
import Kafka
import KafkaTesting
import Log
import Synchronization
import TestFiles
import TestKit
import Testing

@testable import Broker

/// OAUTHBEARER between the wrapper and a broker in this process.
@Suite(.timeLimit(.minutes(2))) struct SecurityTokenTests {
    /// Runs `body` with a broker that takes tokens of `issuer`.
    private func withBroker(_ issuer: TokenIssuer, _ body: (RunningBroker) async throws -> Void) async throws {
        try await withBroker(issuer) { broker, _ in try await body(broker) }
    }

    /// The same, with the file of its keys.
    private func withBroker(_ issuer: TokenIssuer, _ body: (RunningBroker, URL) async throws -> Void) async throws {
        let folder = TemporaryFolder()
        let keys = try issuer.writeKeySet()
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.sasl = .init(
            mechanisms: [.oauthBearer],
            users: [],
            tokens: .init(keySet: keys.path, issuer: issuer.issuer, audience: ["busbar"])
        )
        let broker = try await Broker.start(configuration, logger: .quiet)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(broker, keys))
        } catch {
            result = .failure(error)
        }
        await broker.shutdown()
        try FileManager.default.removeItem(at: keys)
        try result.get()
    }

    private func client(
        _ broker: RunningBroker,
        _ provider: @escaping OAuthTokenProvider
    ) -> ClientConfiguration {
        ClientConfiguration(brokers: [broker.bootstrap], security: .sasl(.oauthBearer(provider), over: .plaintext))
    }

    @Test func everyKindOfClientComesInWithAToken() async throws {
        let issuer = TokenIssuer()
        try await withBroker(issuer) { broker in
            let fixture = KafkaFixture(
                client: client(broker) {
                    try OAuthToken(jwt: issuer.token("alice", lifetime: .seconds(300)), extensions: ["tenant": "a"])
                }
            )
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 3)
            let producer = try await fixture.producer(ProducerConfiguration(transactionalID: "x"))
            try await producer.beginTransaction()
            _ = try await producer.send(.numbers(3..<5))
            try await producer.commitTransaction()
            await producer.close(within: .seconds(2))
            let values = try await fixture.values(of: "t")
            #expect(values == [0, 1, 2, 3, 4])
            let consumer = try await fixture.consumer("t")
            #expect(try await consumer.values(5) == [0, 1, 2, 3, 4])
            await consumer.close()
        }
    }

    @Test func aTokenIsRenewedWhileAConsumerReads() async throws {
        let issuer = TokenIssuer()
        try await withBroker(issuer) { broker in
            let fetched = Mutex(0)
            // librdkafka asks at 80 % of the life and looks once a second: of 6 s, more than one is left for the answer.
            let fixture = KafkaFixture(
                client: client(broker) {
                    fetched.withLock { $0 += 1 }
                    return try OAuthToken(jwt: issuer.token("alice", lifetime: .seconds(6)))
                }
            )
            let lasting = KafkaFixture(
                client: client(broker) { try OAuthToken(jwt: issuer.token("bob", lifetime: .seconds(300))) }
            )
            let producer = try await lasting.producer()
            let log = KafkaLog(lasting.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let consumer = try await fixture.consumer("t")
            var (sent, seen) = (0, [Int]())
            while fetched.withLock({ $0 }) < 4 {
                let results = try await producer.send(.numbers(sent..<(sent + 1)))
                for case .failed(let error) in results { throw error }
                sent += 1
                seen += try await consumer.values(1)
            }
            #expect(seen == Array(0..<sent))
            await consumer.close()
            await producer.close(within: .seconds(2))
        }
    }

    @Test func theAuthorityChangesItsKeyWithoutARestart() async throws {
        let old = TokenIssuer(keyID: "old")
        let new = TokenIssuer(keyID: "new")
        try await withBroker(old) { broker, file in
            let before = KafkaFixture(
                client: client(broker) { try OAuthToken(jwt: old.token("alice", lifetime: .seconds(300))) }
            )
            let log = KafkaLog(before.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            let producer = try await before.producer()
            _ = try await producer.send(.numbers(0..<1))
            try Data(new.keySet.utf8).write(to: file, options: .atomic)
            // A client may come within the second in which the broker does not look again: it tries again by itself.
            let after = KafkaFixture(
                client: client(broker) { try OAuthToken(jwt: new.token("alice", lifetime: .seconds(300))) }
            )
            try await after.fill("t", count: 1, from: 1)
            // Who is in stays in.
            for case .failed(let error) in try await producer.send(.numbers(2..<3)) { throw error }
            await producer.close(within: .seconds(2))
            #expect(try await after.values(of: "t") == [0, 1, 2])
        }
    }

    @Test func aTokenThatTheBrokerDoesNotTakeIsAnAuthenticationError() async throws {
        let issuer = TokenIssuer()
        try await withBroker(issuer) { broker in
            let stranger = TokenIssuer()
            let tokens = [
                try stranger.token("alice", lifetime: .seconds(300)),
                try issuer.token("alice", lifetime: .seconds(300), audience: "somebody else"),
            ]
            for token in tokens {
                let fixture = KafkaFixture(client: client(broker) { try OAuthToken(jwt: token) })
                let consumer = try await fixture.consumer("t")
                let error = await #expect(throws: LogError.self) {
                    while true { _ = try await consumer.next(wait: .seconds(1)) }
                }
                #expect(error?.code == .authentication && error?.message.contains(token) == false, "\(error as Any)")
                await consumer.close()
                let producer = try await fixture.producer(ProducerConfiguration(deliveryTimeout: .seconds(2)))
                let results = try await producer.send(.numbers(0..<1))
                #expect(results.first?.error?.code == .authentication, "\(results)")
                await producer.close(within: .zero)
            }
        }
    }

    @Test func aProviderThatFailsIsHeardOfAndAskedAgain() async throws {
        struct NoToken: Error, CustomStringConvertible { let description = "the vault is sealed" }
        let issuer = TokenIssuer()
        try await withBroker(issuer) { broker in
            let calls = Mutex(0)
            let fixture = KafkaFixture(
                client: client(broker) {
                    let call = calls.withLock { calls in
                        calls += 1
                        return calls
                    }
                    guard call > 1 else { throw NoToken() }
                    return try OAuthToken(jwt: issuer.token("alice", lifetime: .seconds(300)))
                }
            )
            let consumer = try await fixture.consumer("t")
            let error = await #expect(throws: LogError.self) {
                while true { _ = try await consumer.next(wait: .seconds(1)) }
            }
            #expect(error?.code == .authentication && error?.message.contains("the vault is sealed") == true)
            let log = KafkaLog(
                client(broker) { try OAuthToken(jwt: issuer.token("bob", lifetime: .seconds(300))) },
                logger: KafkaFixture.silent
            )
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await KafkaFixture(client: log.configuration).fill("t", count: 1)
            #expect(try await consumer.values(1) == [0])
            await consumer.close()
        }
    }

    @Test func closingDoesNotWaitForAProviderThatNeverAnswers() async throws {
        let issuer = TokenIssuer()
        try await withBroker(issuer) { broker in
            let (gate, opener) = AsyncStream.makeStream(of: Void.self)
            let fixture = KafkaFixture(
                client: client(broker) {
                    // Ignores that it is cancelled.
                    await Task.detached { for await _ in gate {} }.value
                    return try OAuthToken(jwt: issuer.token("alice", lifetime: .seconds(300)))
                }
            )
            let consumer = try await fixture.consumer("t")
            let producer = try await fixture.producer()
            let clock = ContinuousClock()
            #expect(await clock.measure { await consumer.close() } < .seconds(12))
            #expect(await clock.measure { await producer.close(within: .zero) } < .seconds(6))
            // What it brings now reaches nobody.
            opener.finish()
        }
    }
}
