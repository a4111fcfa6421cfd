import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct AdminTopicTests {
    /// Without the broker's own.
    private func topics(_ admin: Admin) async throws -> [TopicName: TopicDescription] {
        try await admin.listTopics().filter { !$0.key.rawValue.hasPrefix("__") }
    }

    @Test func eachTopicHasItsOwnResult() async throws {
        try await withAdmin { admin, _ in
            let wanted = [TopicSpecification("a", partitions: 3), TopicSpecification("b", partitions: 1)]
            #expect(try await admin.createTopics(wanted).failures().isEmpty)
            let again = try await admin.createTopics(
                wanted + [
                    TopicSpecification("not a name!", partitions: 1), TopicSpecification("vast", partitions: 200_000),
                    TopicSpecification("c", partitions: 1),
                ]
            )
            #expect(again.count == 5)
            let failures = again.failures()
            #expect(failures.mapValues(\.name)["a"] == "TOPIC_ALREADY_EXISTS")
            let unsendable: Set<TopicName> = ["not a name!", "vast"]
            #expect(unsendable.allSatisfy { failures[$0]?.code == .configuration })
            #expect(Set(failures.keys) == unsendable.union(["a", "b"]))
            for (topic, error) in failures { #expect(error.message.contains(topic.rawValue), "\(error)") }
            #expect(Set(try await topics(admin).keys) == ["a", "b", "c"])
        }
    }

    @Test func nothingAskedForIsNoRequest() async throws {
        // Nobody listens there.
        let admin = try await Admin.open(
            client: ClientConfiguration(brokers: ["127.0.0.1:1"]),
            logger: KafkaFixture.silent
        )
        #expect(try await admin.createTopics([]).isEmpty)
        #expect(try await admin.deleteTopics([]).isEmpty)
        #expect(try await admin.describeTopics([]).isEmpty)
        #expect(try await admin.createPartitions([:]).isEmpty)
        #expect(try await admin.describeConfigs([]).isEmpty)
        #expect(try await admin.alterConfigs([:]).isEmpty)
        #expect(try await admin.alterConfigs([.topic("t"): [:]]).failures().isEmpty)
        #expect(try await admin.describeGroups([]).isEmpty)
        #expect(try await admin.deleteGroups([]).isEmpty)
        #expect(try await admin.listGroupOffsets([]).isEmpty)
        #expect(try await admin.alterGroupOffsets([:], of: "g").isEmpty)
        #expect(try await admin.deleteGroupOffsets([], of: "g").isEmpty)
        #expect(try await admin.listOffsets([:]).isEmpty)
        #expect(try await admin.deleteRecords([:]).isEmpty)
        #expect(try await admin.createACLs([]).isEmpty)
        #expect(try await admin.deleteACLs([]).isEmpty)
        await admin.close()
    }

    @Test func whatIsOnlyValidatedIsNotDone() async throws {
        try await withAdmin { admin, _ in
            let topic = TopicSpecification("a", partitions: 2)
            let result = try await admin.createTopics([topic], validateOnly: true)
            #expect(result.failures().isEmpty)
            #expect(try await topics(admin).isEmpty)
            let bad = TopicSpecification("b", partitions: 1, settings: ["retention.ms": "soon"])
            #expect(try await admin.createTopics([bad], validateOnly: true).failures().keys.first == "b")
            #expect(try await admin.createTopics([topic]).failures().isEmpty)
            #expect(try await admin.createPartitions(["a": 5], validateOnly: true).failures().isEmpty)
            #expect(try await admin.listTopics()["a"]?.partitions.count == 2)
        }
    }

    @Test func theBrokerRefusesMoreReplicasThanItHas() async throws {
        try await withAdmin { admin, _ in
            let topic = TopicSpecification("a", partitions: 1)
            let refused = try await admin.createTopics([topic], replicationFactor: 3).failures()
            #expect(refused["a"]?.name == "INVALID_REPLICATION_FACTOR", "\(refused)")
            #expect(try await admin.createTopics([topic], replicationFactor: 1).failures().isEmpty)
        }
    }

    @Test func aTopicNamedTwiceIsNotCreated() async throws {
        try await withAdmin { admin, _ in
            let result = try await admin.createTopics([
                TopicSpecification("a", partitions: 1), TopicSpecification("a", partitions: 2),
                TopicSpecification("b", partitions: 1, settings: ["retention.ms": "1\u{0}2"]),
                TopicSpecification("c", partitions: 1),
            ])
            #expect(result.failures().mapValues(\.code) == ["a": .configuration, "b": .configuration])
            #expect(Set(try await topics(admin).keys) == ["c"])
        }
    }

    @Test func deletedTopicsAreGoneAndMissingOnesAreNamed() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([TopicSpecification("a", partitions: 1)])
            let result = try await admin.deleteTopics(["a", "missing", "a"])
            #expect(result.count == 2)
            let error = try #require(result.failures()["missing"])
            #expect(error.code == .unknownTopicOrPartition && error.message.contains("missing"))
            #expect(result.failures().count == 1)
            #expect(try await topics(admin).isEmpty)
        }
    }

    @Test func aDescriptionSaysWherePartitionsLive() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([
                TopicSpecification("a", partitions: 3), TopicSpecification("b", partitions: 1),
            ])
            let broker = try #require(try await admin.describeCluster().brokers.first?.id)
            let result = try await admin.describeTopics(["a", "missing", "b"])
            let a = try #require(result.successes()["a"])
            #expect(a.name == "a" && a.partitions.map(\.id) == [0, 1, 2])
            for partition in a.partitions {
                #expect(partition.leader == broker)
                #expect(partition.replicas == [broker] && partition.inSyncReplicas == [broker])
            }
            #expect(result.successes()["b"]?.partitions.count == 1)
            #expect(result.failures().mapValues(\.code) == ["missing": .unknownTopicOrPartition])
            #expect(result.failures()["missing"]?.message.contains("missing") == true)
            let single = try await admin.describeTopics(["missing"]).failures()
            #expect(single["missing"]?.code == .unknownTopicOrPartition)
            #expect(Set(try await topics(admin).keys) == ["a", "b"], "describing creates nothing")
        }
    }

    @Test func partitionsAreAddedPerTopic() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([
                TopicSpecification("a", partitions: 1), TopicSpecification("b", partitions: 3),
            ])
            let result = try await admin.createPartitions(["a": 4, "b": 2, "missing": 2, "c": 0])
            #expect(result.count == 4)
            let failures = result.failures()
            #expect(failures["b"]?.name == "INVALID_PARTITIONS")
            #expect(failures["missing"]?.code == .unknownTopicOrPartition)
            #expect(failures["c"]?.code == .configuration)
            #expect(failures.count == 3)
            #expect(try await topics(admin).mapValues(\.partitions.count) == ["a": 4, "b": 3])
        }
    }

    @Test func theClusterIsDescribed() async throws {
        try await withAdmin { admin, fixture in
            let cluster = try await admin.describeCluster()
            #expect(cluster.id?.isEmpty == false)
            let broker = try #require(cluster.brokers.first)
            #expect(cluster.brokers.count == 1 && cluster.controller == broker.id)
            #expect(["\(broker.host):\(broker.port)"] == fixture.client.brokers)
            #expect(broker.rack == nil)
        }
    }
}
