import Glibc
import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// Many calls at once, and calls that get no answer.
@Suite(.timeLimit(.minutes(3))) struct AdminConcurrencyTests {
    /// Every kind of call; each throws what it gets.
    private static let calls: [(name: String, call: @Sendable (Admin, Duration) async throws -> Void)] = [
        ("createTopics", { _ = try await $0.createTopics([TopicSpecification("n", partitions: 1)], within: $1) }),
        ("deleteTopics", { _ = try await $0.deleteTopics(["n"], within: $1) }),
        ("createPartitions", { _ = try await $0.createPartitions(["t": 9], within: $1) }),
        ("describeTopics", { _ = try await $0.describeTopics(["t"], within: $1) }),
        ("listTopics", { _ = try await $0.listTopics(within: $1) }),
        ("describeConfigs", { _ = try await $0.describeConfigs([.topic("t")], within: $1) }),
        ("alterConfigs", { _ = try await $0.alterConfigs([.topic("t"): ["retention.ms": "9000"]], within: $1) }),
        ("listGroups", { _ = try await $0.listGroups(within: $1) }),
        ("describeGroups", { _ = try await $0.describeGroups(["g"], within: $1) }),
        ("deleteGroups", { _ = try await $0.deleteGroups(["h"], within: $1) }),
        ("listGroupOffsets", { _ = try await $0.listGroupOffsets(["g", "h"], within: $1) }),
        (
            "alterGroupOffsets",
            { _ = try await $0.alterGroupOffsets([TopicPartition("t", 0): CommittedOffset(0)], of: "g", within: $1) }
        ),
        ("deleteGroupOffsets", { _ = try await $0.deleteGroupOffsets([TopicPartition("t", 0)], of: "i", within: $1) }),
        ("listOffsets", { _ = try await $0.listOffsets([TopicPartition("t", 0): .latest], within: $1) }),
        ("deleteRecords", { _ = try await $0.deleteRecords([TopicPartition("t", 0): .end], within: $1) }),
        ("describeCluster", { _ = try await $0.describeCluster(within: $1) }),
        (
            "createACLs",
            { _ = try await $0.createACLs([ACLBinding(.allow, "User:a", to: .read, .cluster)], within: $1) }
        ),
        ("deleteACLs", { _ = try await $0.deleteACLs([ACLFilter()], within: $1) }),
    ]

    @Test func callsOfAllKindsRunTogether() async throws {
        try await withAdmin { admin, _ in
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 2)])
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for number in 0..<54 {
                    tasks.addTask { try await Self.calls[number % Self.calls.count].call(admin, .seconds(30)) }
                }
                try await tasks.waitForAll()
            }
        }
    }

    @Test func aFrozenBrokerIsWaitedForUntilTheDeadline() async throws {
        try await withBrokerProcess { fixture, broker in
            let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 1)])
            let begun = ContinuousClock.now
            let outcomes = try await broker.frozen {
                await withTaskGroup(of: (String, LogError?, Duration).self) { tasks in
                    for (name, call) in Self.calls {
                        tasks.addTask {
                            do {
                                try await call(admin, .seconds(2))
                                return (name, nil, begun.duration(to: .now))
                            } catch {
                                return (name, error as? LogError, begun.duration(to: .now))
                            }
                        }
                    }
                    return await tasks.reduce(into: []) { $0.append($1) }
                }
            }
            #expect(outcomes.count == Self.calls.count)
            for (name, error, time) in outcomes {
                #expect(
                    error?.code == .timedOut || error?.code == .unreachable,
                    "\(name): \(String(describing: error))"
                )
                #expect(error?.isRetriable == true, "\(name)")
                #expect(time < .seconds(4), "\(name)")
            }
            // The same client goes on when the broker does.
            #expect(try await admin.listTopics()["t"] != nil)
            #expect(try await admin.describeConfigs([.topic("t")]).failures().isEmpty)
            await admin.close()
        }
    }

    @Test func aBrokerThatIsAwayIsAnErrorWithinTheDeadline() async throws {
        let admin = try await Admin.open(
            client: ClientConfiguration(brokers: ["127.0.0.1:1"]),
            logger: KafkaFixture.silent
        )
        let begun = ContinuousClock.now
        for (name, call) in Self.calls where ["createTopics", "listTopics", "listGroups"].contains(name) {
            let error = await #expect(throws: LogError.self) { try await call(admin, .seconds(1)) }
            #expect(error?.code == .timedOut || error?.code == .unreachable, "\(name): \(String(describing: error))")
        }
        #expect(begun.duration(to: .now) < .seconds(5))
        await admin.close()
    }

    @Test func aCancelledCallReturnsAtOnce() async throws {
        try await withBrokerProcess { fixture, broker in
            let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 1)])
            let begun = ContinuousClock.now
            try await broker.frozen {
                for (name, call) in Self.calls {
                    let task = Task { try await call(admin, .seconds(60)) }
                    await Task.yield()
                    task.cancel()
                    let error = await #expect(throws: LogError.self) { try await task.value }
                    #expect(error?.name == "CANCELLED", "\(name): \(String(describing: error))")
                }
            }
            #expect(begun.duration(to: .now) < .seconds(5))
            await admin.close()
        }
    }

    @Test func aCloseAnswersEveryCall() async throws {
        try await withBrokerProcess { fixture, broker in
            let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 1)])
            try await broker.frozen {
                let calls = Self.calls.map { (name, call) in (name, Task { try await call(admin, .seconds(20)) }) }
                // Long enough for most to be under way; either way each is answered.
                for _ in 0..<100 { await Task.yield() }
                let begun = ContinuousClock.now
                await admin.close()
                for (name, task) in calls {
                    let error = await #expect(throws: LogError.self) { try await task.value }
                    #expect(error?.code == .closed, "\(name): \(String(describing: error))")
                }
                #expect(begun.duration(to: .now) < .seconds(5))
            }
            for (name, call) in Self.calls {
                let error = await #expect(throws: LogError.self) { try await call(admin, .seconds(5)) }
                #expect(error?.code == .closed, "\(name)")
            }
            await admin.close()
        }
    }

    @Test func slowCallsDoNotHoldUpOthers() async throws {
        try await withBrokerProcess { fixture, broker in
            let admin = try await Admin.open(client: fixture.client, logger: KafkaFixture.silent)
            _ = try await admin.createTopics([TopicSpecification("t", partitions: 1)])
            try await broker.frozen {
                // More than there are threads for requests that block.
                let slow = (0..<8).map { _ in Task { try await admin.listTopics(within: .seconds(30)) } }
                let begun = ContinuousClock.now
                await #expect(throws: LogError.self) { try await admin.listTopics(within: .milliseconds(300)) }
                await #expect(throws: LogError.self) { try await admin.listGroups(within: .milliseconds(300)) }
                #expect(begun.duration(to: .now) < .seconds(4))
                kill(broker.pid, SIGCONT)
                for task in slow {
                    let topics = try await task.value
                    #expect(topics["t"] != nil)
                }
            }
            await admin.close()
        }
    }
}
