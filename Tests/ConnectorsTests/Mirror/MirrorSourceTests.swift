import ConnectorKit
import Log
import LogTesting
import Synchronization
import TestKit
import Testing

@testable import Connectors

@Suite(.timeLimit(.minutes(2)))
struct MirrorSourceTests {
    private let other = InMemoryLog(.init(clusterID: "other"))
    private let own = InMemoryLog(.init(clusterID: "own"))
    private let intake = RecordingIntake()
    private let events = Observed<[MirrorEvent]>([])

    @Test(arguments: PullSourceConformance.allCases)
    func isAPullSource(_ check: PullSourceConformance) async throws {
        try await check.run(on: MirrorBench())
    }

    private func mirror(
        _ topics: [TopicName] = ["^."],
        follow: Bool = false,
        name: String = "mirror",
        from other: InMemoryLog? = nil,
        positions: Bool = true
    ) throws -> MirrorSource {
        MirrorSource(
            try MirrorSettings(
                brokers: "other:9092",
                topics: topics,
                positions: positions,
                follow: follow,
                batch: 3,
                refresh: .milliseconds(10)
            ),
            connector: name,
            from: other ?? self.other,
            to: own,
            onEvent: { [events] event in events.update { $0.append(event) } }
        )
    }

    private func write(_ batch: ProduceBatch, to log: InMemoryLog? = nil) async throws {
        let producer = try await (log ?? other).producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .zero)
    }

    @Test func everythingOfARecordIsHandedOverWithItsPlace() async throws {
        try await other.createTopics([TopicSpecification("t", partitions: 3)])
        var batch = ProduceBatch()
        let headers = [Header("twice", "1"), Header("twice", "2"), Header("null", nil), Header("bytes", [0xFF, 0])]
        batch.append(topic: "t", partition: 2, key: nil, value: [0xFF, 0x0A], timestamp: Timestamp(milliseconds: 5))
        batch.append(topic: "t", partition: 2, key: [UInt8](), value: [UInt8](), headers: headers)
        batch.append(topic: "t", partition: 2, key: [1], value: nil)
        try await write(batch)
        try await mirror().run(into: intake)
        let sink = MirrorSink()
        #expect(intake.records.map(\.key) == [nil, [], [1]])
        #expect(intake.records.map { $0.value.bytes() } == [[0xFF, 0x0A], [], nil])
        #expect(intake.records.map(\.headers) == [[], headers, []])
        #expect(intake.records.map(\.id) == ["t/2/0", "t/2/1", "t/2/2"])
        for record in intake.records {
            let route = sink.route(record)
            #expect(route.topic == "t" && route.partition == 2 && route.key == record.key)
            #expect(route.timestamp == record.timestamp && route.timestamp != nil)
        }
        #expect(sink.route(intake.records[0]).timestamp == Timestamp(milliseconds: 5))
        #expect(intake.current.lag == 0)
    }

    @Test func missingTopicsAreMadeAsTheyAreThere() async throws {
        try await other.createTopics([
            TopicSpecification(
                "compacted",
                partitions: 4,
                settings: [
                    "cleanup.policy": "compact", "retention.ms": "1000", "max.message.bytes": "77", "segment.ms": "5",
                ]
            ),
            TopicSpecification("plain", partitions: 2),
            TopicSpecification("__consumer_offsets", partitions: 50),
            TopicSpecification("left.out", partitions: 1),
        ])
        try await mirror(["compacted", "^pl", "^_", "absent"]).run(into: intake)
        #expect(own.topicNames == ["compacted", "plain"])
        #expect(try await own.partitions(of: "compacted").count == 4)
        #expect(
            own.settings(of: "compacted")
                == ["cleanup.policy": "compact", "retention.ms": "1000", "max.message.bytes": "77"]
        )
        #expect(try await own.partitions(of: "plain").count == 2)
        #expect(throws: ConnectorError.self) { try mirror(["__consumer_offsets"]) }
    }

    @Test func aTopicWithOtherPartitionsIsRefused() async throws {
        try await other.createTopics([TopicSpecification("t", partitions: 3)])
        try await own.createTopics([TopicSpecification("t", partitions: 2)])
        let error = await #expect(throws: ConnectorError.self) { try await mirror().run(into: intake) }
        #expect(error?.code == .partitionsDiffer)
        #expect(error?.message.hasPrefix("topic t has 3 partitions in the mirrored cluster and 2 here;") == true)
    }

    @Test func theOwnClusterIsNotMirrored() async throws {
        let error = await #expect(throws: ConnectorError.self) { try await mirror(from: own).run(into: intake) }
        #expect(error?.code == .wrongCluster)
    }

    @Test func positionsOfOneClusterAreNotUsedForAnother() async throws {
        try await write(ProduceBatch(["a"], to: "t"))
        try await mirror().run(into: intake)
        let third = InMemoryLog(.init(clusterID: "third"))
        try await write(ProduceBatch(["b"], to: "t"), to: third)
        let next = intake.continued()
        let error = await #expect(throws: ConnectorError.self) { try await mirror(from: third).run(into: next) }
        #expect(error?.code == .wrongCluster)
        #expect(next.records.isEmpty)
    }

    @Test func aClusterThatWentBackIsNotReadOn() async throws {
        try await write(ProduceBatch(["a", "b"], to: "t"))
        try await mirror().run(into: intake)
        let restored = InMemoryLog(.init(clusterID: "other"))
        try await write(ProduceBatch(["a"], to: "t"), to: restored)
        let error = await #expect(throws: ConnectorError.self) {
            try await mirror(from: restored).run(into: intake.continued())
        }
        #expect(error?.code == .sourceWentBack)
    }

    @Test func positionsOfOtherConnectorsMoveAndItsOwnDoNot() async throws {
        var batch = ProduceBatch()
        for connector in ["files", "mirror", "files"] {
            batch.append(topic: "busbar.offsets", key: Array(#"["\#(connector)","p"]"#.utf8), value: [1])
        }
        try await write(batch)
        try await mirror().run(into: intake)
        let keys = intake.records.compactMap { $0.key.map { String(decoding: $0, as: UTF8.self) } }
        #expect(keys == [#"["files","p"]"#, #"["files","p"]"#])
        #expect(MirrorPosition(intake.positions["busbar.offsets/0"] ?? [])?.next == 3)
        let without = RecordingIntake()
        try await mirror(positions: false).run(into: without)
        #expect(without.records.isEmpty)
    }

    @Test func whatRetentionDeletedUnreadIsSaid() async throws {
        let place = TopicPartition("t", 0)
        try await write(ProduceBatch((0..<4).map(String.init), to: "t"))
        try await mirror().run(into: intake)
        try await write(ProduceBatch((4..<9).map(String.init), to: "t"))
        try other.deleteRecords(in: place, before: 7)
        let next = intake.continued()
        try await mirror().run(into: next)
        #expect(next.records.map(\.id) == ["t/0/7", "t/0/8"])
        #expect(events.value.contains(.deleted(place, unread: 4..<7)))
    }

    @Test func whatIsDeletedWhileItIsReadIsSaid() async throws {
        let place = TopicPartition("t", 0)
        try await write(ProduceBatch((0..<9).map(String.init), to: "t"))
        let gate = Mutex(false)
        let following = MirrorSource(
            try MirrorSettings(brokers: "o", topics: ["t"], follow: true, batch: 2, refresh: .seconds(3600)),
            connector: "mirror",
            from: other,
            to: own,
            onEvent: { [events, other] event in
                events.update { $0.append(event) }
                // After the partitions' bounds were asked for, before the first read.
                guard case .added = event, !gate.withLock({ $0 }) else { return }
                gate.withLock { $0 = true }
                do {
                    try other.deleteRecords(in: place, before: 5)
                } catch {
                    Issue.record(error)
                }
            }
        )
        let run = Task { try await following.run(into: intake) }
        try await intake.state { $0.records.count == 4 }
        run.cancel()
        try await run.value
        #expect(intake.records.map(\.id) == (5..<9).map { "t/0/\($0)" })
        #expect(events.value.contains(.deleted(place, unread: 0..<5)))
    }

    @Test func aTopicThatComesLaterIsMirroredToo() async throws {
        try await write(ProduceBatch(["a"], to: "first"))
        let source = try mirror(follow: true)
        let run = Task { try await source.run(into: intake) }
        try await intake.state { $0.records.count == 1 }
        try await write(ProduceBatch(["b"], to: "second"))
        try await intake.state { $0.records.count == 2 && $0.lag == 0 }
        #expect(own.topicNames.contains("second"))
        run.cancel()
        try await run.value
    }

    @Test func aClusterThatDoesNotAnswerIsNamed() async throws {
        let down = LogError(.unreachable, name: "_TRANSPORT", message: "no broker answers", isRetriable: true)
        other.failNext(.describe, with: down)
        let error = await #expect(throws: ConnectorError.self) { try await mirror().run(into: intake) }
        #expect(error?.code == .sourceUnavailable)
        #expect(error?.message == "the mirrored cluster at other:9092: no broker answers [_TRANSPORT]")
    }
}

private struct MirrorBench: PullSourceBench {
    private let other = InMemoryLog(.init(clusterID: "other"))
    private let own = InMemoryLog(.init(clusterID: "own"))

    func makeSource(for reader: String) async throws -> any Source { try source(follow: false) }
    func makeFollowingSource(for reader: String) async throws -> any Source { try source(follow: true) }

    func add(_ payloads: [String]) async throws {
        let producer = try await other.producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(ProduceBatch(payloads, to: "in", partition: 0)) {
            throw error
        }
        await producer.close(within: .zero)
    }

    private func source(follow: Bool) throws -> MirrorSource {
        MirrorSource(
            try MirrorSettings(
                brokers: "other",
                topics: ["in"],
                follow: follow,
                batch: 4,
                refresh: .milliseconds(10)
            ),
            connector: "mirror",
            from: other,
            to: own
        )
    }
}
