import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct AdminConfigTests {
    private func own(_ admin: Admin, _ topic: TopicName) async throws -> [String: String] {
        let entries = try await admin.describeConfigs([.topic(topic)])[.topic(topic)]?.get() ?? [:]
        return entries.filter { $0.value.source == .topic }.compactMapValues(\.value)
    }

    @Test func entriesSayWhereTheyComeFrom() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([
                TopicSpecification("a", partitions: 1, settings: ["retention.ms": "5000"])
            ])
            let result = try await admin.describeConfigs([.topic("a"), .topic("missing")])
            let entries = try #require(result.successes()[.topic("a")])
            let set = try #require(entries["retention.ms"])
            #expect(
                set.value == "5000" && set.source == .topic && !set.isDefault && !set.isSensitive && !set.isReadOnly
            )
            let unset = try #require(entries["cleanup.policy"])
            #expect(unset.value == "delete" && unset.source == .builtIn && unset.isDefault)
            let error = try #require(result.failures()[.topic("missing")])
            #expect(error.code == .unknownTopicOrPartition && error.message.contains("missing"))
        }
    }

    @Test func brokersHaveSettingsToo() async throws {
        try await withAdmin { admin, _ in
            let id = try #require(try await admin.describeCluster().brokers.first?.id)
            let result = try await admin.describeConfigs([.broker(id)])
            #expect(result.successes()[.broker(id)]?.isEmpty == false, "\(result)")
        }
    }

    @Test func aChangeLeavesTheOthersAsTheyAre() async throws {
        try await withAdmin { admin, _ in
            let settings = ["retention.ms": "5000", "cleanup.policy": "compact"]
            _ = try await admin.createTopics([TopicSpecification("a", partitions: 1, settings: settings)])
            let result = try await admin.alterConfigs([
                .topic("a"): ["retention.ms": "7000", "max.message.bytes": "2000"]
            ])
            #expect(result.failures().isEmpty)
            #expect(
                try await own(admin, "a")
                    == ["retention.ms": "7000", "cleanup.policy": "compact", "max.message.bytes": "2000"]
            )
            #expect(try await admin.alterConfigs([.topic("a"): ["retention.ms": nil]]).failures().isEmpty)
            #expect(try await own(admin, "a") == ["cleanup.policy": "compact", "max.message.bytes": "2000"])
            let value = try await admin.describeConfigs([.topic("a")])[.topic("a")]?.get()["retention.ms"]
            #expect(value?.isDefault == true)
        }
    }

    @Test func oneBadChangeDoesNotSpoilTheOthers() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([
                TopicSpecification("a", partitions: 1), TopicSpecification("b", partitions: 1),
            ])
            let result = try await admin.alterConfigs([
                .topic("a"): ["retention.ms": "soon"], .topic("b"): ["retention.ms": "6000"],
                .topic("missing"): ["retention.ms": "6000"], .topic("c"): ["retention.ms": "6\u{0}"],
            ])
            #expect(result.count == 4)
            let failures = result.failures()
            #expect(failures[.topic("a")]?.code == .configuration)
            #expect(failures[.topic("a")]?.message.contains("topic a") == true)
            #expect(failures[.topic("missing")]?.code == .unknownTopicOrPartition)
            #expect(failures[.topic("c")]?.code == .configuration)
            #expect(failures.count == 3)
            #expect(try await own(admin, "b") == ["retention.ms": "6000"])
        }
    }

    @Test func validatedChangesAreNotMade() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([TopicSpecification("a", partitions: 1)])
            let good = try await admin.alterConfigs([.topic("a"): ["retention.ms": "6000"]], validateOnly: true)
            #expect(good.failures().isEmpty)
            let bad = try await admin.alterConfigs([.topic("a"): ["retention.ms": "soon"]], validateOnly: true)
            #expect(bad.failures().count == 1)
            #expect(try await own(admin, "a") == [:])
        }
    }

    @Test func changesAtOnceLoseNothing() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([TopicSpecification("a", partitions: 1)])
            let changes = [
                "retention.ms": "5000", "max.message.bytes": "3000", "segment.bytes": "2000000", "segment.ms": "70000",
                "min.cleanable.dirty.ratio": "0.25", "delete.retention.ms": "80000",
            ]
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for (name, value) in changes {
                    tasks.addTask {
                        let result = try await admin.alterConfigs([.topic("a"): [name: value]])
                        #expect(result.failures().isEmpty, "\(result)")
                    }
                }
                try await tasks.waitForAll()
            }
            #expect(try await own(admin, "a") == changes)
        }
    }
}
