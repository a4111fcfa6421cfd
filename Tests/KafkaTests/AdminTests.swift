import Kafka
import KafkaTesting
import Log
import Testing

/// What an admin client does with the mock cluster, which has no controller and so answers no request for one.
@Suite(.timeLimit(.minutes(1))) struct AdminTests {
    private func withAdmin(_ body: (Admin, MockCluster) async throws -> Void) async throws {
        let cluster = try MockCluster(brokers: 3)
        let admin = try await Admin.open(client: cluster.configuration(), logger: KafkaFixture.silent)
        try await body(admin, cluster)
        await admin.close()
        cluster.stop()
    }

    @Test func aClusterWithoutAControllerIsWaitedForAndNamed() async throws {
        try await withAdmin { admin, _ in
            let topics = [TopicSpecification("t", partitions: 1)]
            let wait = Duration.seconds(1)
            let errors: [LogError?] = [
                await #expect(throws: LogError.self) { try await admin.createTopics(topics, within: wait) },
                await #expect(throws: LogError.self) { try await admin.deleteTopics(["t"], within: wait) },
                await #expect(throws: LogError.self) { try await admin.describeConfigs([.topic("t")], within: wait) },
                await #expect(throws: LogError.self) { try await admin.describeACLs(within: wait) },
            ]
            for error in errors {
                #expect(error?.code == .timedOut && error?.isRetriable == true, "\(String(describing: error))")
                #expect(error?.message.contains("waiting for controller") == true, "\(String(describing: error))")
            }
        }
    }

    @Test func whatLibrdkafkaDoesNotSendIsTheItemsOwnFailure() async throws {
        try await withAdmin { admin, _ in
            let topics = [TopicSpecification("vast", partitions: 200_000)]
            let created = try await admin.createTopics(topics).failures()["vast"]
            #expect(created?.message.hasPrefix("cannot create topic vast: num_partitions") == true)
            let altered = try await admin.alterConfigs([.topic("t"): ["": "1"]]).failures()
            #expect(altered[.topic("t")]?.code == .configuration)
        }
    }

    @Test func leadersOfSeveralBrokersAreDescribedAndAsked() async throws {
        try await withAdmin { admin, cluster in
            try cluster.createTopic("t", partitions: 6)
            let topic = try #require(try await admin.describeTopics(["t"]).successes()["t"])
            #expect(Set(topic.partitions.compactMap(\.leader)).count > 1)
            var wanted: [TopicPartition: OffsetSpecification] = [:]
            for partition in topic.partitions { wanted[TopicPartition("t", partition.id)] = .latest }
            let offsets = try await admin.listOffsets(wanted)
            #expect(offsets.successes().count == 6 && offsets.successes().values.allSatisfy { $0.offset == 0 })
        }
    }

    @Test func aPartitionWithoutALeaderIsShownSo() async throws {
        try await withAdmin { admin, cluster in
            try cluster.createTopic("t", partitions: 3)
            try cluster.setLeader(of: "t", 0, to: nil)
            let topic = try #require(try await admin.describeTopics(["t"]).successes()["t"])
            #expect(topic.partitions.filter { $0.leader == nil }.map(\.id) == [0])
        }
    }

    @Test func manyClientsComeAndGo() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 1)
        for _ in 0..<30 {
            let admin = try await Admin.open(client: cluster.configuration(), logger: KafkaFixture.silent)
            async let first = admin.listTopics()
            async let second = admin.describeTopics(["t"])
            #expect(try await first["t"] != nil)
            #expect(try await second.failures().isEmpty)
            await admin.close()
        }
        cluster.stop()
    }

    @Test func aClientThatIsDroppedAnswersItsCalls() async throws {
        let client = ClientConfiguration(brokers: ["127.0.0.1:1"])
        var admin: Admin? = try await Admin.open(client: client, logger: KafkaFixture.silent)
        let call = Task { [admin] in try await admin?.listGroups(within: .seconds(1)) }
        admin = nil
        let error = await #expect(throws: LogError.self) { try await call.value }
        #expect(error?.code == .timedOut || error?.code == .unreachable || error?.code == .closed)
    }
}
