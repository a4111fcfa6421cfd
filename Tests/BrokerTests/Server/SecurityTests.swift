import ConnectorKit
import Foundation
import Kafka
import KafkaTesting
import Log
import TestFiles
import TestKit
import Testing

@testable import Broker

/// The typed security of `ClientConfiguration` against a broker in this process: TLS, certificates and passwords.
@Suite(.timeLimit(.minutes(2)), .enabled(if: TestCertificates.canBeMade, "needs the openssl program"))
struct SecurityTests {
    private let folder = TemporaryFolder()
    private let certificates: TestCertificates

    init() throws {
        certificates = try TestCertificates()
    }

    private func broker(
        demandingCertificates: Bool = false,
        _ mechanisms: [SASLMechanism] = []
    ) async throws -> RunningBroker {
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.tls = .init(
            certificate: certificates.certificate("server"),
            key: certificates.key("server"),
            clientAuthority: demandingCertificates ? certificates.certificate("authority") : nil
        )
        if !mechanisms.isEmpty {
            configuration.sasl = .init(mechanisms: mechanisms, users: [("alice", SecretString("right"))])
        }
        return try await Broker.start(configuration, logger: .quiet)
    }

    private func client(
        _ broker: RunningBroker,
        _ security: ClientConfiguration.Security,
        host: String = "127.0.0.1"
    ) -> ClientConfiguration {
        let port = broker.bootstrap.split(separator: ":").last ?? ""
        return ClientConfiguration(brokers: ["\(host):\(port)"], security: security)
    }

    private var trusting: ClientConfiguration.TLS { .init(trust: .file(certificates.certificate("authority"))) }

    private func text(of path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Writes a record and reads it back as a member of a group.
    private func roundTrip(_ client: ClientConfiguration) async throws {
        let fixture = KafkaFixture(client: client)
        try await fixture.fill("t", count: 1)
        let consumer = try await fixture.consumer("t")
        #expect(try await consumer.values(1).first == 0)
        await consumer.close()
    }

    /// What every kind of client says that is not let in.
    private func expectRefusal(_ client: ClientConfiguration, mentions: String = "cannot use the client") async throws {
        let fixture = KafkaFixture(client: client)
        let consumer = try await fixture.consumer("t")
        let read = await #expect(throws: LogError.self) {
            while true { _ = try await consumer.next(wait: .seconds(1)) }
        }
        #expect(read?.code == .authentication, "\(read as Any)")
        #expect(read?.message.localizedCaseInsensitiveContains(mentions) == true, "\(read as Any)")
        await consumer.close()
        let producer = try await fixture.producer(ProducerConfiguration(deliveryTimeout: .seconds(2)))
        let result = try await producer.send(.numbers(0..<1))
        #expect(result.first?.error?.code == .authentication, "\(result)")
        await producer.close(within: .zero)
    }

    @Test func aBrokerOfATrustedAuthorityIsBelieved() async throws {
        let broker = try await broker()
        try await roundTrip(client(broker, .tls(trusting)))
        try await roundTrip(
            client(broker, .tls(.init(trust: .pem(try text(of: certificates.certificate("authority"))))))
        )
        await broker.shutdown()
    }

    @Test func aBrokerOfAnotherAuthorityIsRefused() async throws {
        let broker = try await broker()
        let stranger = ClientConfiguration.TLS(trust: .file(certificates.certificate("stranger-authority")))
        try await expectRefusal(client(broker, .tls(stranger)), mentions: "certificate verify failed")
        try await expectRefusal(client(broker, .tls(.init())), mentions: "certificate verify failed")
        await broker.shutdown()
    }

    @Test func aBrokerOfAnotherNameIsRefusedUnlessNamesDoNotMatter() async throws {
        let broker = try await broker()
        // The certificate is for 127.0.0.1 only.
        try await expectRefusal(
            client(broker, .tls(trusting), host: "localhost"),
            mentions: "certificate verify failed"
        )
        var lenient = trusting
        lenient.verifiesHostName = false
        try await roundTrip(client(broker, .tls(lenient), host: "localhost"))
        await broker.shutdown()
    }

    @Test func aClientShowsItsCertificateFromFilesOrText() async throws {
        let broker = try await broker(demandingCertificates: true)
        let (certificate, key) = (certificates.certificate("alice"), certificates.key("alice"))
        var tls = trusting
        tls.identity = .init(.files(certificate: certificate, key: key))
        try await roundTrip(client(broker, .tls(tls)))
        tls.identity = .init(.pem(certificate: try text(of: certificate), key: .init(try text(of: key))))
        try await roundTrip(client(broker, .tls(tls)))
        let encrypted = try certificates.encryptedKey("alice", password: "open sesame")
        tls.identity = .init(.files(certificate: certificate, key: encrypted), keyPassword: "open sesame")
        try await roundTrip(client(broker, .tls(tls)))
        tls.identity = .init(.files(certificate: certificate, key: encrypted), keyPassword: "wrong")
        let error = await #expect(throws: LogError.self) {
            try await KafkaFixture(client: client(broker, .tls(tls))).producer()
        }
        #expect(error?.code == .configuration && error?.message.contains("sesame") == false)
        await broker.shutdown()
    }

    @Test(arguments: [SASLMechanism.plain, .scramSHA256, .scramSHA512])
    func theRightPasswordComesInAndAWrongOneIsAnAuthenticationError(_ mechanism: SASLMechanism) async throws {
        let broker = try await broker([mechanism])
        try await roundTrip(client(broker, .sasl(login(mechanism, "right"), over: .tls(trusting))))
        try await expectRefusal(client(broker, .sasl(login(mechanism, "wrong"), over: .tls(trusting))))
        await broker.shutdown()
    }

    @Test func aTransactionalProducerSaysWhyItCannotStart() async throws {
        let broker = try await broker([.scramSHA512])
        let client = client(broker, .sasl(login(.scramSHA512, "wrong"), over: .tls(trusting)))
        let configuration = ProducerConfiguration(transactionalID: "x", transactionTimeout: .seconds(3))
        let error = await #expect(throws: LogError.self) {
            try await KafkaFixture(client: client).producer(configuration)
        }
        #expect(error?.code == .authentication, "\(error as Any)")
        await broker.shutdown()
    }

    private func login(_ mechanism: SASLMechanism, _ password: String) -> ClientConfiguration.SASL {
        let password = ClientConfiguration.Secret(password)
        return switch mechanism {
        case .plain: .plain(user: "alice", password: password)
        case .scramSHA256: .scramSHA256(user: "alice", password: password)
        case .scramSHA512, .oauthBearer: .scramSHA512(user: "alice", password: password)
        }
    }
}
