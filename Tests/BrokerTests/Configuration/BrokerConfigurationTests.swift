import ConnectorKit
import Testing

@testable import Broker

@Suite struct BrokerConfigurationTests {
    private func load(
        _ text: String,
        flags: BrokerConfiguration.Flags = .init(dataDirectory: "data"),
        environment: [String: String] = [:]
    ) -> BrokerConfiguration.Loaded {
        BrokerConfiguration.load(
            text: text,
            file: "broker.yaml",
            flags: flags,
            resolver: SecretResolver(environment: { environment[$0] }, file: { _ in nil })
        )
    }

    @Test func anEmptyFileIsALoopbackBroker() throws {
        let configuration = try #require(load("").configuration)
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 9092)
        #expect(configuration.http == nil)
        #expect(configuration.topics.autoCreate)
    }

    @Test func theDefaultsOfTheFileAreThoseOfTheType() throws {
        let file = try #require(load("").configuration)
        let type = BrokerConfiguration(dataDirectory: "data")
        #expect(String(describing: file.limits) == String(describing: type.limits))
        #expect(String(describing: file.groups) == String(describing: type.groups))
        #expect(String(describing: file.transactions) == String(describing: type.transactions))
        #expect(String(describing: file.topics) == String(describing: type.topics))
        #expect(file.durability == type.durability)
    }

    @Test func anUnknownKeyIsAnErrorWithASuggestionAndItsPlace() throws {
        let loaded = load("limits:\n  conections: 5\n")
        #expect(loaded.configuration == nil)
        let finding = try #require(loaded.diagnostics.first)
        #expect(finding.code == .unknownKey)
        #expect("\(finding.location)" == "broker.yaml:2:3")
        #expect(finding.rendered.contains("connections"))
    }

    @Test func aPublicAddressWithoutAuthenticationIsRefused() throws {
        let loaded = load("listen: 0.0.0.0:9092\n")
        #expect(loaded.configuration == nil)
        #expect(try #require(loaded.diagnostics.first).message.contains("ask nobody who they are"))
        #expect(load("listen: 0.0.0.0:9092\nallow_unauthenticated: true\n").configuration != nil)
    }

    @Test(arguments: ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
    func loopbackAddressesNeedNoAuthentication(host: String) {
        var configuration = BrokerConfiguration(dataDirectory: "data")
        configuration.host = host
        #expect(configuration.exposureProblem == nil)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.1.1", "127.evil.example.com", "1270.0.0.1"])
    func otherAddressesNeedIt(host: String) {
        var configuration = BrokerConfiguration(dataDirectory: "data")
        configuration.host = host
        #expect(configuration.exposureProblem != nil)
    }

    @Test func aPasswordIsReadFromWhereTheReferenceSaysAndShownNowhere() throws {
        let text = "sasl:\n  mechanisms: [PLAIN]\n  users: [ { name: bob, password: '${env:PW}' } ]\n"
        let loaded = load(text, environment: ["PW": "geheim"])
        let configuration = try #require(loaded.configuration)
        #expect(configuration.sasl?.users.first?.password.reveal() == "geheim")
        #expect(!"\(configuration)".contains("geheim"))
    }

    @Test func aTopicSettingThatKafkaDoesNotHaveIsAnError() throws {
        let loaded = load("topics:\n  settings: { retention.mss: '5' }\n")
        #expect(loaded.configuration == nil)
        #expect(try #require(loaded.diagnostics.first).message.contains("no topic setting of that name"))
    }
}
