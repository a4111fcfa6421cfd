import Kafka
import KafkaTesting
import Log
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct StatisticsTests {
    /// The reports of a client, and a gate that its handler waits at.
    private final class Reports: Sendable {
        let all = Mutex<[ClientStatistics]>([])
        private let (stream, continuation) = AsyncStream.makeStream(
            of: ClientStatistics.self,
            bufferingPolicy: .bufferingNewest(1)
        )

        var reports: StatisticsReports {
            StatisticsReports(every: .milliseconds(50)) { report in
                self.all.withLock { $0.append(report) }
                self.continuation.yield(report)
            }
        }

        /// The first report from now on that `matches`.
        func first(where matches: @escaping @Sendable (ClientStatistics) -> Bool) async -> ClientStatistics? {
            await stream.first(where: matches)
        }
    }

    @Test func aProducerTellsOfItsBrokersAndRecords() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        let reports = Reports()
        var client = cluster.configuration()
        client.clientID = "teller"
        client.statistics = reports.reports
        let producer = try await KafkaFixture(client: client).producer()
        _ = try await producer.send(.numbers(0..<100))
        let report = try #require(await reports.first { $0.sentMessages == 100 && $0.queuedMessages == 0 })
        #expect(report.role == .producer && report.clientID == "teller" && report.name.contains("teller"))
        #expect(report.queueLimitMessages > 0 && report.age > 0 && report.requestBytes > 0)
        let broker = try #require(report.brokers.values.first { $0.id == 1 })
        #expect(broker.state == "UP" && broker.address == cluster.bootstrap && broker.connects >= 1)
        let partition = try #require(report.topics["t"]?.partitions[0])
        #expect(partition.sentMessages == 100 && partition.leader == 1)
        #expect(report.topics["t"]?.partitions.keys.allSatisfy { $0.rawValue >= 0 } == true)
        #expect(report.transactions?.idempotenceState == "Assigned")
        #expect(report.group == nil)
        await producer.close(within: .seconds(1))
    }

    @Test func aConsumerTellsOfItsGroupAndLag() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        try await KafkaFixture(client: cluster.configuration()).fill("t", count: 10)
        let reports = Reports()
        var client = cluster.configuration()
        client.statistics = reports.reports
        let consumer = try await KafkaFixture(client: client).consumer("t")
        _ = try await consumer.values(10)
        try await consumer.commit([TopicPartition("t", 0): CommittedOffset(4)])
        async let idle = consumer.next(wait: .seconds(3))
        let report = try #require(await reports.first { $0.topics["t"]?.partitions[0]?.lag == 6 })
        let partition = try #require(report.topics["t"]?.partitions[0])
        #expect(partition.committed == 4 && partition.high == 10 && partition.position == 10)
        #expect(partition.stored == nil && partition.fetchState == "active")
        #expect(report.group?.assignedPartitions == 1 && report.group?.joinState == "steady")
        #expect(report.role == .consumer && report.transactions == nil && report.receivedMessages == 10)
        _ = try await idle
        await consumer.close()
    }

    @Test func aSlowHandlerGetsTheNewestAndTheCountOfTheOthers() async throws {
        let cluster = try MockCluster()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let seen = Mutex<[ClientStatistics]>([])
        let (arrivals, arrival) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(16))
        var client = cluster.configuration()
        client.statistics = StatisticsReports(every: .milliseconds(20)) { report in
            let count = seen.withLock { seen in
                seen.append(report)
                return seen.count
            }
            arrival.yield(count)
            if count == 1 { for await _ in gate { break } }
        }
        let producer = try await KafkaFixture(client: client).producer()
        _ = await arrivals.first { $0 == 1 }
        // About time passing: reports come and go while the handler is held up.
        try await ContinuousClock().sleep(for: .milliseconds(500))
        opener.finish()
        _ = await arrivals.first { $0 == 2 }
        let (first, second) = seen.withLock { ($0[0], $0[1]) }
        #expect(second.missedReports - first.missedReports >= 5)
        #expect(second.age - first.age > 300_000, "the report that waited was not the newest")
        await producer.close(within: .seconds(1))
    }

    @Test func nothingIsCollectedUnlessSomebodyAsks() async throws {
        let cluster = try MockCluster()
        let reports = Reports()
        var client = cluster.configuration()
        client.statistics = reports.reports
        let producer = try await KafkaFixture(client: client).producer()
        _ = await reports.first { _ in true }
        await producer.close(within: .seconds(1))
        let count = reports.all.withLock { $0.count }
        let silent = try await KafkaFixture(client: cluster.configuration()).producer()
        _ = try await silent.send(ProduceBatch())
        await silent.close(within: .seconds(1))
        #expect(reports.all.withLock { $0.count } <= count + 1)
    }
}
