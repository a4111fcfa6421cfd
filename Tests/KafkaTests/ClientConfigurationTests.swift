import Kafka
import KafkaTesting
import Log
import Testing

@Suite(.timeLimit(.minutes(1))) struct ClientConfigurationTests {
    private func failure(_ properties: [String: String], brokers: [String] = ["127.0.0.1:1"]) async -> LogError? {
        do throws(LogError) {
            let client = ClientConfiguration(brokers: brokers, properties: properties)
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: KafkaFixture.silent)
            await producer.close(within: .zero)
            return nil
        } catch {
            return error
        }
    }

    @Test func anUnknownPropertyIsReportedInLibrdkafkasWords() async {
        let error = await failure(["linger.msec": "5"])
        #expect(error?.code == .configuration)
        #expect(error?.message == #"property linger.msec: No such configuration property: "linger.msec""#)
    }

    @Test func aRefusedValueIsReportedWithItsProperty() async {
        let error = await failure(["linger.ms": "soon"])
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("linger.ms") == true)
    }

    @Test func aRefusedSecretIsNotQuoted() async {
        let error = await failure(["security.protocol": "ssl", "ssl.key.pem": "hunter2"])
        #expect(error?.code == .configuration)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func propertiesThatCarryGuaranteesCannotBeSet() async {
        let error = await failure(["enable.idempotence": "false"])
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("enable.idempotence is set by the client itself") == true)
    }

    @Test func brokersAreRequired() async {
        #expect(await failure([:], brokers: [])?.code == .configuration)
        #expect(await failure([:], brokers: [""])?.code == .configuration)
    }

    @Test func aDescriptionHoldsNoValues() {
        let client = ClientConfiguration(brokers: ["b:9092"], properties: ["sasl.password": "hunter2"])
        #expect(client.description == "brokers b:9092, properties sasl.password")
        var dumped = ""
        dump(client, to: &dumped)
        #expect(!dumped.contains("hunter2") && !String(reflecting: client).contains("hunter2"))
    }

    @Test func statisticsEveryNowAreNotStatisticsNever() async {
        var client = ClientConfiguration(brokers: ["127.0.0.1:1"])
        client.statistics = StatisticsReports(every: .microseconds(999)) { _ in }
        let error = await #expect(throws: LogError.self) {
            try await Admin.open(client: client, logger: KafkaFixture.silent)
        }
        #expect(error?.code == .configuration && error?.message.contains("1 ms or more") == true)
    }

    @Test func aRefusedSubscriptionIsReportedWhenOpening() async {
        let client = ClientConfiguration(brokers: ["127.0.0.1:1"])
        let error = await #expect(throws: LogError.self) {
            try await Consumer.open(
                ConsumerConfiguration(group: "g", topics: ["^["]),
                client: client,
                logger: KafkaFixture.silent
            )
        }
        #expect(error?.code == .configuration)
    }

    @Test func aConsumerNeedsTopicsAndRoom() async {
        let client = ClientConfiguration(brokers: ["127.0.0.1:1"])
        await #expect(throws: LogError.self) {
            try await Consumer.open(
                ConsumerConfiguration(group: "g", topics: []),
                client: client,
                logger: KafkaFixture.silent
            )
        }
        await #expect(throws: LogError.self) {
            try await Consumer.open(
                ConsumerConfiguration(group: "g", topics: ["t"], maxBatch: 0),
                client: client,
                logger: KafkaFixture.silent
            )
        }
    }
}
