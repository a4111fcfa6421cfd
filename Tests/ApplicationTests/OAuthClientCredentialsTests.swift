import Application
import Broker
import Foundation
import Kafka
import Log
import Logging
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct OAuthClientCredentialsTests {
    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func properties(_ endpoint: String) -> [String: String] {
        [
            "security.protocol": "sasl_plaintext", "sasl.mechanism": "OAUTHBEARER", "sasl.oauthbearer.method": "oidc",
            "sasl.oauthbearer.client.id": "worker", "sasl.oauthbearer.client.secret": "hunter2",
            "sasl.oauthbearer.scope": "kafka read", "sasl.oauthbearer.extensions": "tenant=a,zone=b",
            "sasl.oauthbearer.token.endpoint.url": endpoint, "fetch.min.bytes": "1",
        ]
    }

    @Test func thePropertiesOfTheGrantAreTakenOut() throws {
        let client = try ClientConfiguration(brokers: ["b:1"], settings: properties("https://login.test/token"))
        #expect(client.tokenProvider != nil)
        #expect(client.properties.keys.sorted() == ["fetch.min.bytes", "sasl.mechanism", "security.protocol"])
        var other = properties("https://login.test/token")
        other["sasl.oauthbearer.method"] = "default"
        let untouched = try ClientConfiguration(brokers: ["b:1"], settings: other)
        #expect(untouched.tokenProvider == nil && untouched.properties == other)
    }

    @Test(arguments: ["client.id", "client.secret", "token.endpoint.url"])
    func whatIsMissingIsNamed(_ name: String) throws {
        var properties = properties("https://login.test/token")
        properties["sasl.oauthbearer.\(name)"] = nil
        let error = #expect(throws: LogError.self) { try ClientConfiguration(brokers: ["b:1"], settings: properties) }
        #expect(error?.code == .configuration && error?.message.contains("sasl.oauthbearer.\(name)") == true)
    }

    @Test func whatCannotBeUsedIsRefused() throws {
        for (name, value) in [("token.endpoint.url", "ftp://x/y"), ("extensions", "tenant")] {
            var properties = properties("https://login.test/token")
            properties["sasl.oauthbearer.\(name)"] = value
            let error = #expect(throws: LogError.self) {
                try ClientConfiguration(brokers: ["b:1"], settings: properties)
            }
            #expect(error?.code == .configuration && error?.message.contains("sasl.oauthbearer.\(name)") == true)
        }
    }

    @Test func anAnswerWithoutATokenIsAnAuthenticationErrorThatHidesIt() async throws {
        let endpoint = try await FakeTarget.start()
        var properties = properties("\(endpoint.url)/token")
        let credentials = try #require(try OAuthClientCredentials(takingFrom: &properties))
        let answers = [
            TargetAnswer.status(401, body: #"{"error":"invalid_client","hint":"hunter2"}"#),
            .status(200, body: #"{"token":"hunter2"}"#), .status(200, body: #"{"access_token":"hunter2"}"#),
        ]
        for answer in answers {
            let rule = endpoint.answer(answer)
            let error = await #expect(throws: LogError.self) { try await credentials.token() }
            #expect(error?.code == .authentication && error?.description.contains("hunter2") == false)
            endpoint.remove(rule)
        }
        try await endpoint.stop()
    }

    /// How a token comes, or why not, with these properties beside the others.
    private func outcome(_ endpoint: FakeTarget, _ more: [String: String]) async throws -> Result<String, LogError> {
        var properties = properties("\(endpoint.url)/token").merging(more) { $1 }
        let credentials = try #require(try OAuthClientCredentials(takingFrom: &properties))
        #expect(properties.keys.allSatisfy { !$0.hasPrefix("https.") })
        do {
            return .success(try await credentials.token().value.reveal())
        } catch let error as LogError {
            return .failure(error)
        }
    }

    @Test(.enabled(if: TestCertificates.canBeMade, "needs the openssl program"))
    func anEndpointOfAnAuthorityOfOnesOwnIsBelievedWhereItIsNamed() async throws {
        let certificates = try TestCertificates()
        let authority = certificates.certificate("authority")
        let endpoint = try await FakeTarget.start(
            tls: (certificates.certificate("server"), certificates.key("server"))
        )
        let token = try TokenIssuer().token("worker", lifetime: .seconds(300))
        endpoint.answer(.status(200, body: #"{"access_token":"\#(token)"}"#))
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: authority, toPath: folder.appending(path: "authority.pem").path)
        try certificates.rehash(folder.path)
        let text = try String(contentsOfFile: authority, encoding: .utf8)
        for trust in [["https.ca.location": authority], ["https.ca.location": folder.path], ["https.ca.pem": text]] {
            #expect(try await outcome(endpoint, trust) == .success(token), "\(trust.keys)")
        }
        let asked = endpoint.requests.count
        let stranger = certificates.certificate("stranger-authority")
        for distrust in [[:], ["https.ca.location": "probe"], ["https.ca.location": stranger]] {
            let outcome = try await outcome(endpoint, distrust)
            #expect(outcome.error?.code == .unreachable && outcome.error?.isRetriable == true)
            #expect(outcome.error?.message.contains("CERTIFICATE_VERIFY_FAILED") == true, "\(distrust): \(outcome)")
        }
        // The secret has not gone to a server that is not believed.
        #expect(endpoint.requests.count == asked)
        try await endpoint.stop()
        try FileManager.default.removeItem(at: folder)
    }

    @Test func anAuthorityThatCannotBeUsedIsNamed() throws {
        let cases: [(trust: [String: String], mention: String)] = [
            (["https.ca.location": "/nowhere/ca.pem"], "/nowhere/ca.pem"),
            (["https.ca.location": #filePath], #filePath),
            (["https.ca.pem": "hunter3"], "`https.ca.pem`"),
            (["https.ca.pem": "x", "https.ca.location": "probe"], "leave one out"),
        ]
        for (trust, mention) in cases {
            let properties = properties("https://login.test/token").merging(trust) { $1 }
            let error = #expect(throws: LogError.self) {
                try ClientConfiguration(brokers: ["b:1"], settings: properties)
            }
            #expect(error?.code == .configuration && error?.message.contains(mention) == true, "\(error as Any)")
            #expect(error?.message.contains("hunter3") == false)
        }
    }

    @Test func aClientComesInWithTheTokenOfTheEndpoint() async throws {
        let issuer = TokenIssuer()
        let endpoint = try await FakeTarget.start()
        let token = try issuer.token("worker", lifetime: .seconds(300))
        endpoint.answer(.status(200, body: #"{"access_token":"\#(token)","token_type":"Bearer","expires_in":300}"#))
        let keys = try issuer.writeKeySet()
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.sasl = .init(
            mechanisms: [.oauthBearer],
            users: [],
            tokens: .init(keySet: keys.path, issuer: issuer.issuer, audience: ["busbar"])
        )
        let broker = try await Broker.start(configuration, logger: Self.silent)
        let client = try ClientConfiguration(
            brokers: [broker.bootstrap],
            settings: properties("\(endpoint.url)/token")
        )
        let log = KafkaLog(client, logger: Self.silent)
        try await log.createTopics([TopicSpecification("t", partitions: 2)])
        #expect(try await log.partitions(of: "t") == [0, 1])
        let request = try #require(endpoint.requests.first)
        #expect(request.method == "POST" && request.path == "/token")
        #expect(String(decoding: request.body, as: UTF8.self) == "grant_type=client_credentials&scope=kafka%20read")
        // worker:hunter2
        #expect(request.header("Authorization") == "Basic d29ya2VyOmh1bnRlcjI=")
        await broker.shutdown()
        try await endpoint.stop()
        try FileManager.default.removeItem(at: folder)
        try FileManager.default.removeItem(at: keys)
    }
}

extension Result where Failure == LogError {
    fileprivate var error: LogError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
