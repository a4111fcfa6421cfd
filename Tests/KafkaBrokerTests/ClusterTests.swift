import Kafka
import KafkaTesting
import LocalStack
import Log
import TestKit
import Testing

/// What is asked about a cluster, its topics and its groups from outside of them.
@Suite(.timeLimit(.minutes(3)))
struct ClusterTests {
    private let place = TopicPartition("t", 0)

    @Test func aClusterHasAnIDThatOutlivesItsProcess() async throws {
        var ids: [String?] = []
        for _ in 0..<2 {
            try await withBrokerProcess { fixture, broker in
                let before = try await KafkaLog(fixture.client, logger: KafkaFixture.silent).clusterID()
                try await broker.restart()
                ids += [before, try await KafkaLog(fixture.client, logger: KafkaFixture.silent).clusterID()]
            }
        }
        #expect(ids.count == 4 && ids.allSatisfy { $0?.isEmpty == false })
        #expect(ids[0] == ids[1] && ids[2] == ids[3] && ids[0] != ids[2])
    }

    @Test func settingsAreThoseThatAreNotTheBrokersOwn() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            let settings = ["cleanup.policy": "compact", "retention.ms": "12345"]
            try await log.createTopics([
                TopicSpecification("a", partitions: 1, settings: settings), TopicSpecification("b", partitions: 2),
            ])
            #expect(try await log.settings(of: ["a", "b"]) == ["a": settings, "b": [:]])
            #expect(try await log.settings(of: []) == [:])
            let error = await #expect(throws: LogError.self) { try await log.settings(of: ["missing"]) }
            #expect(error?.code == .unknownTopicOrPartition)
            let topics = try await log.topics()
            #expect(topics["a"] == 1 && topics["b"] == 2)
        }
    }

    @Test func offsetsOfAGroupAreSeenAndSetFromOutside() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 2)])
            try await fixture.fill("t", count: 10, partitions: 2)
            let other = TopicPartition("t", 1)
            #expect(try await log.offsets(committedBy: "g", in: [place, other]) == [:])
            let offsets = [place: CommittedOffset(3, metadata: "busbar1;consumed=3"), other: CommittedOffset(0)]
            try await log.setOffsets(offsets, of: "g")
            #expect(try await log.offsets(committedBy: "g", in: [place, other]) == offsets)
            #expect(try await log.offsets(committedBy: "g", in: [other]) == [other: CommittedOffset(0)])
            #expect(try await log.groups() == ["g"])
            #expect(try await log.members(of: "g") == 0)
            #expect(try await log.members(of: "nobody") == 0)

            let member = try await fixture.consumer("t")
            let value = try #require(try await member.values(1).first)
            #expect(value >= 1, "the group goes on where it was set")
            #expect(try await log.members(of: "g") == 1)
            await #expect(throws: LogError.self) { try await log.setOffsets([place: CommittedOffset(0)], of: "g") }
            await member.close()
        }
    }

    @Test func aReaderFailsWhereNothingIsOnlyIfItIsToldTo() async throws {
        try await withBroker { fixture in
            let log = KafkaLog(fixture.client, logger: KafkaFixture.silent)
            try await log.createTopics([TopicSpecification("t", partitions: 1)])
            try await fixture.fill("t", count: 3)
            let strict = try await log.reader(onDeleted: .fail)
            try await strict.assign([place: 100])
            let error = await #expect(throws: LogError.self) {
                while true { _ = try await strict.next(wait: .seconds(1)) }
            }
            #expect(error?.code == .offsetOutOfRange)
            try await strict.assign([place: 1])
            #expect(try await firstOffset(strict) == 1)
            await strict.close()
            let lenient = try await log.reader()
            try await lenient.assign([place: 100])
            #expect(try await firstOffset(lenient) == 0)
            await lenient.close()
        }
    }

    private func firstOffset(_ reader: any LogReader) async throws -> Offset {
        while true {
            if case .batch(let batch) = try await reader.next(wait: .seconds(1)), !batch.isEmpty {
                return batch[0].offset
            }
        }
    }
}
