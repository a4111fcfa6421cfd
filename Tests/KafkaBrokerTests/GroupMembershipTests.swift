import Kafka
import KafkaTesting
import Log
import TestKit
import Testing

/// How members enter, stay in and leave a real group.
@Suite(.timeLimit(.minutes(3))) struct GroupMembershipTests {
    private func open(
        _ fixture: KafkaFixture,
        topic: TopicName = "t",
        instance: String? = nil,
        with properties: [String: String] = [:]
    ) async throws -> Consumer {
        var client = fixture.client
        client.properties.merge(properties) { $1 }
        return try await Consumer.open(
            ConsumerConfiguration(
                group: "g",
                topics: [topic],
                instanceID: instance,
                maxBatch: 50,
                sessionTimeout: .seconds(6)
            ),
            client: client,
            logger: KafkaFixture.silent
        )
    }

    /// Steps both until they own `partitions` between them, each its half.
    private func settle(_ first: Consumer, _ second: Consumer, partitions: Int) async throws {
        let half = partitions / 2
        while first.pollStatus.assigned.count != half || second.pollStatus.assigned.count != half {
            for consumer in [first, second] {
                guard case .rebalance(let rebalance) = try await consumer.next(wait: .milliseconds(50)) else {
                    continue
                }
                try await consumer.complete(rebalance, from: [:])
            }
        }
    }

    @Test func aStaticMemberComesBackToItsPartitionsWithoutARebalance() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 2)])
            let stays = try await open(fixture, instance: "stays")
            let restarts = try await open(fixture, instance: "restarts")
            try await settle(stays, restarts, partitions: 2)
            let owned = restarts.pollStatus.assigned
            await restarts.close()
            let again = try await open(fixture, instance: "restarts")
            while again.pollStatus.assigned.isEmpty {
                for consumer in [again, stays] {
                    guard case .rebalance(let rebalance) = try await consumer.next(wait: .milliseconds(50)) else {
                        continue
                    }
                    #expect(consumer === again, "the member that stayed was rebalanced: \(rebalance)")
                    try await consumer.complete(rebalance, from: [:])
                }
            }
            #expect(again.pollStatus.assigned == owned)
            // Two heartbeats of the member that stayed would have told it of a rebalance.
            for _ in 0..<12 {
                if case .rebalance(let rebalance) = try await stays.next(wait: .milliseconds(500)) {
                    Issue.record("the member that stayed was rebalanced: \(rebalance)")
                }
            }
            await again.close()
            await stays.close()
        }
    }

    @Test func aStaticMemberWhoseIdIsTakenSaysSoFromThenOn() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 2)])
            try await fixture.fill("t", count: 200, partitions: 2)
            let heartbeats = ["heartbeat.interval.ms": "200"]
            let first = try await open(fixture, instance: "one", with: heartbeats)
            #expect(try await first.values(50).count == 50)
            let second = try await open(fixture, instance: "one", with: heartbeats)
            #expect(try await second.assignment().count == 2)
            // What was fetched before may still come; once the first has heard of it, nothing but the error.
            let fenced = await #expect(throws: LogError.self) {
                try await first.read { _ in false }
            }
            #expect(fenced?.code == .fenced && fenced?.isFatal == true, "\(fenced as Any)")
            for _ in 0..<3 {
                let again = await #expect(throws: LogError.self) { try await first.next(wait: .milliseconds(300)) }
                #expect(again == fenced)
            }
            await #expect(throws: LogError.self) {
                try await first.commit([TopicPartition("t", 0): CommittedOffset(25)])
            }
            // The one that took the id over has both partitions from the start: nothing was committed.
            #expect(Set(try await second.values(200)) == Set(0..<200))
            await first.close()
            await second.close()
        }
    }

    @Test(arguments: ["cooperative-sticky", "range"])
    func aRevokeThatIsOvertakenWhileItDrainsCostsNoPartition(strategy: String) async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 2)])
            try await fixture.fill("t", count: 100, partitions: 2)
            let properties = [
                "partition.assignment.strategy": strategy, "topic.metadata.refresh.interval.ms": "500",
            ]
            let slow = try await open(fixture, topic: "^t", with: properties)
            #expect(try await slow.assignment().count == 2)
            let other = try await open(fixture, topic: "^t", with: properties)
            var drained: Rebalance?
            var next: Rebalance?
            while next == nil {
                if case .rebalance(let rebalance) = try await slow.next(wait: .milliseconds(50)) {
                    if drained == nil {
                        drained = rebalance
                        // A new topic that the subscription matches: the member joins again though it still drains.
                        try await log.createTopics([TopicSpecification("tt", partitions: 2)])
                    } else {
                        next = rebalance
                    }
                }
                if case .rebalance(let rebalance) = try await other.next(wait: .milliseconds(50)) {
                    try await other.complete(rebalance, from: [:])
                }
            }
            let late = try #require(drained)
            let newer = try #require(next)
            #expect(late.change == .revoke && newer.change == .assign)
            #expect(newer.generation > late.generation)
            #expect(try await slow.complete(late, from: [:]) == false)
            #expect(try await slow.complete(newer, from: [:]))
            try await settle(slow, other, partitions: 4)
            #expect(slow.pollStatus.assigned.isDisjoint(with: other.pollStatus.assigned))
            // Owned and read: new records of both partitions come.
            try await fixture.fill("t", count: 100, partitions: 2, from: 100)
            var seen: Set<Int> = []
            while !seen.isSuperset(of: 100..<200) {
                for consumer in [slow, other] {
                    switch try await consumer.next(wait: .milliseconds(50)) {
                    case .batch(let batch): batch.forEach { seen.insert($0.number ?? -1) }
                    case .rebalance(let rebalance): try await consumer.complete(rebalance, from: [:])
                    case .idle, .closed: continue
                    }
                }
            }
            await slow.close()
            await other.close()
        }
    }
}
