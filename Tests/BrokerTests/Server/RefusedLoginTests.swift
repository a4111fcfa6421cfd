import ConnectorKit
import KafkaTesting
import Log
import TestFiles
import TestKit
import Testing

@testable import Broker
@testable import Kafka

/// A broker that does not let a client in says nothing to its requests: what times out then names the refused login.
@Suite(.timeLimit(.minutes(2))) struct RefusedLoginTests {
    private func withBroker(_ body: (_ refused: KafkaFixture, _ admitted: KafkaFixture) async throws -> Void)
        async throws
    {
        let folder = TemporaryFolder()
        var configuration = BrokerConfiguration(dataDirectory: folder.path)
        configuration.sasl = .init(mechanisms: [.plain], users: [("alice", SecretString("right"))])
        let broker = try await Broker.start(configuration, logger: .quiet)
        func fixture(_ password: ClientConfiguration.Secret) -> KafkaFixture {
            let security = ClientConfiguration.Security.sasl(
                .plain(user: "alice", password: password),
                over: .plaintext
            )
            return KafkaFixture(client: ClientConfiguration(brokers: [broker.bootstrap], security: security))
        }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(fixture("wrong"), fixture("right")))
        } catch {
            result = .failure(error)
        }
        await broker.shutdown()
        try result.get()
    }

    private func expectRefusal(_ error: LogError?, _ comment: Comment) {
        #expect(error?.code == .authentication, comment)
        #expect(error?.message.contains("uthentication failed") == true, "\(comment): \(error as Any)")
        #expect(error?.message.contains("wrong") == false, comment)
    }

    /// Hands one record to `producer` and returns its report.
    private func report(_ producer: Producer, token: UInt64) async throws -> DeliveryReport? {
        try await producer.produce { writer in
            _ = [1].withUnsafeBytes { writer.append(topic: "t", key: nil, value: $0, token: token) }
        }
        var reports = producer.reports.makeAsyncIterator()
        return await reports.next()?.first
    }

    @Test func aDeliveryReportNamesIt() async throws {
        try await withBroker { refused, admitted in
            let producer = try await refused.producer(ProducerConfiguration(deliveryTimeout: .seconds(2)))
            // librdkafka tells of the first refusals only and then keeps silent for 30 s.
            for token in 0..<UInt64(3) {
                let report = try #require(try await report(producer, token: token))
                #expect(report.token == token && !report.isAcknowledged && !report.mayBeWritten)
                expectRefusal(report.result.error, "record \(token)")
                #expect(report.result.error?.name == "_MSG_TIMED_OUT")
            }
            await producer.close(within: .zero)
            let other = try await admitted.producer()
            #expect(try await report(other, token: 9)?.isAcknowledged == true)
            await other.close(within: .seconds(2))
        }
    }

    @Test func aReportIsStillAValueOfFortyBytes() {
        #expect(MemoryLayout<DeliveryReport>.stride == 40 && _isPOD(DeliveryReport.self))
    }

    @Test func aRefusalThatIsForgottenIsStillOne() {
        let numbers = RefusalNumbers()
        let errors = (0..<RefusalNumbers.capacity + 1).map {
            LogError(.authentication, name: "_AUTHENTICATION", message: "refusal \($0)")
        }
        let given = errors.map { numbers.add($0) }
        #expect(Set(given).count == errors.count && !given.contains(0))
        for (number, error) in zip(given, errors).dropFirst() { #expect(numbers[number] == error) }
        #expect(numbers[given[0]].code == .authentication && numbers[given[0]] != errors[0])
    }

    @Test func anItemOfAnAdminCallNamesIt() async throws {
        try await withBroker { refused, _ in
            let admin = try await Admin.open(client: refused.client, logger: KafkaFixture.silent)
            let whole = await #expect(throws: LogError.self) {
                try await admin.describeGroups(["g", "h"], within: .seconds(2))
            }
            expectRefusal(whole, "the call")
            // Of two items, one is answered by somebody and the other's broker lets nobody in.
            let silence = LogError(.timedOut, name: "_TIMED_OUT", message: "cannot do: no answer", isRetriable: true)
            let answer = LogError(.authorization, name: "GROUP_AUTHORIZATION_FAILED", message: "cannot do: not allowed")
            let results = try await admin.each(
                of: ["answered", "denied", "silent"],
                cannot: "do",
                refuse: { _ in nil }
            ) {
                _ in ["answered": .success(1), "denied": .failure(answer), "silent": .failure(silence)]
            }
            #expect(results["answered"] == .success(1) && results["denied"] == .failure(answer))
            expectRefusal(results.failures()["silent"], "the item")
            await admin.close()
        }
    }

    @Test func groupsThatAreAskedAboutEachByItselfNameItTogether() async throws {
        try await withBroker { refused, _ in
            let admin = try await Admin.open(client: refused.client, logger: KafkaFixture.silent)
            let error = await #expect(throws: LogError.self) {
                try await admin.listGroupOffsets(["g", "h"], within: .seconds(2))
            }
            expectRefusal(error, "the call")
            await admin.close()
        }
    }
}
