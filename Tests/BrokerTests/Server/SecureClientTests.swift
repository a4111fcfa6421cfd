import ConnectorKit
import Foundation
import Kafka
import Log
import Logging
import TestFiles
import TestKit
import Testing

@testable import Broker

/// TLS and SASL between busbar's own client (librdkafka) and a broker in this process.
@Suite(.timeLimit(.minutes(2)), .enabled(if: TestCertificates.canBeMade, "needs the openssl program"))
struct SecureClientTests {
    private let folder = TemporaryFolder()
    private let certificates: TestCertificates

    init() throws {
        certificates = try TestCertificates()
    }

    private func tls(demandingCertificates: Bool = false) -> BrokerConfiguration.TLSConfiguration {
        .init(
            certificate: certificates.certificate("server"),
            key: certificates.key("server"),
            clientAuthority: demandingCertificates ? certificates.certificate("authority") : nil
        )
    }

    /// A broker that asks for TLS and SCRAM of `alice`.
    private func scramBroker() async throws -> RunningBroker {
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.tls = tls()
        configuration.sasl = .init(mechanisms: [.scramSHA512], users: [("alice", SecretString("right"))])
        return try await Broker.start(configuration, logger: .quiet)
    }

    /// A broker that asks for certificates, and where only the one of alice may do anything.
    private func certificateBroker(superUser: String = "User:CN=alice,OU=ops,O=busbar") async throws -> RunningBroker {
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.tls = tls(demandingCertificates: true)
        configuration.authorization = .init(superUsers: [superUser], allowsWithoutRule: false)
        return try await Broker.start(configuration, logger: .quiet)
    }

    private func scram(password: String = "right", authority: String = "authority") -> [String: String] {
        [
            "security.protocol": "sasl_ssl", "sasl.mechanism": "SCRAM-SHA-512", "sasl.username": "alice",
            "sasl.password": password, "ssl.ca.location": certificates.certificate(authority),
        ]
    }

    private func certificate(of client: String) -> [String: String] {
        [
            "security.protocol": "ssl", "ssl.ca.location": certificates.certificate("authority"),
            "ssl.certificate.location": certificates.certificate(client), "ssl.key.location": certificates.key(client),
        ]
    }

    /// What becomes of one record.
    private func send(
        to broker: RunningBroker,
        _ properties: [String: String],
        within limit: Duration = .seconds(20)
    ) async throws -> ProduceResult {
        let producer = try await Producer.open(
            ProducerConfiguration(deliveryTimeout: limit),
            client: ClientConfiguration(brokers: [broker.bootstrap], properties: properties),
            logger: .quiet
        )
        var batch = ProduceBatch()
        batch.append(topic: "t", key: nil, value: Array("hello".utf8))
        let results = try await producer.send(batch)
        await producer.close(within: .seconds(1))
        return try #require(results.first)
    }

    /// The values of the topic, as a group reads them; ends with the first.
    private func consume(from broker: RunningBroker, _ properties: [String: String]) async throws -> [String] {
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: "g", topics: ["t"]),
            client: ClientConfiguration(brokers: [broker.bootstrap], properties: properties),
            logger: .quiet
        )
        do {
            while true {
                switch try await consumer.next(wait: .seconds(1)) {
                case .rebalance(let rebalance): try await consumer.complete(rebalance, from: [:])
                case .batch(let batch):
                    let values = (0..<batch.count).map { index in
                        batch[index].value.map { String(decoding: $0, as: UTF8.self) } ?? ""
                    }
                    await consumer.close()
                    return values
                case .idle, .closed: continue
                }
            }
        } catch {
            await consumer.close()
            throw error
        }
    }

    private func code(_ body: () async throws -> [String]) async throws -> LogError.Code? {
        do {
            _ = try await body()
            return nil
        } catch let error as LogError {
            return error.code
        }
    }

    @Test func theRightPasswordOverTLSProducesAndConsumes() async throws {
        let broker = try await scramBroker()
        #expect(try await send(to: broker, scram()).acknowledgement?.offset == 0)
        #expect(try await consume(from: broker, scram()) == ["hello"])
        await broker.shutdown()
    }

    @Test func aWrongPasswordIsAnAuthenticationError() async throws {
        let broker = try await scramBroker()
        #expect(try await code { try await consume(from: broker, scram(password: "wrong")) } == .authentication)
        await broker.shutdown()
    }

    @Test func aServerOfAnotherAuthorityIsNotBelieved() async throws {
        let broker = try await scramBroker()
        let stranger = scram(authority: "stranger-authority")
        #expect(try await code { try await consume(from: broker, stranger) } == .authentication)
        await broker.shutdown()
    }

    @Test func theSubjectOfACertificateIsThePrincipal() async throws {
        let broker = try await certificateBroker()
        #expect(try await send(to: broker, certificate(of: "alice")).acknowledgement?.offset == 0)
        #expect(try await consume(from: broker, certificate(of: "alice")) == ["hello"])
        await broker.shutdown()
    }

    @Test func aCertificateThatNoRuleNamesMayDoNothing() async throws {
        let broker = try await certificateBroker(superUser: "User:alice")
        let found = try await code { try await consume(from: broker, certificate(of: "alice")) }
        #expect(found == .authorization)
        await broker.shutdown()
    }

    @Test func aCertificateOfAnotherAuthorityDoesNotComeIn() async throws {
        let broker = try await certificateBroker()
        let result = try await send(to: broker, certificate(of: "stranger"), within: .seconds(3))
        guard case .failed = result else {
            Issue.record("a client with a stranger's certificate was served: \(result)")
            return
        }
        #expect(try await send(to: broker, certificate(of: "alice")).acknowledgement?.offset == 0)
        await broker.shutdown()
    }
}
