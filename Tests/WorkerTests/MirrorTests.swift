import ConnectorKit
import Connectors
import Delivery
import Log
import Telemetry
import TestKit
import Testing

@testable import Worker

/// The `mirror` source and sink as the worker drives them.
@Suite(.timeLimit(.minutes(2)))
struct MirrorTests {
    private let other = InMemoryLog(.init(clusterID: "other"))
    private let plan: ConnectorPlan

    init() {
        var plan = ConnectorPlan.copying(deadLetter: nil)
        plan.routes = [PlannedRoute(target: .log(MirrorSink()))]
        self.plan = plan
    }

    /// Three partitions in two topics, with records that differ in everything a record may have, and a pull source's
    /// position.
    private func fill() async throws {
        try await other.createTopics([
            TopicSpecification("a", partitions: 2), TopicSpecification("b", partitions: 1),
            TopicSpecification(PositionStore.topic, partitions: 1, settings: ["cleanup.policy": "compact"]),
        ])
        var batch = ProduceBatch()
        for number in 0..<12 {
            batch.append(
                topic: number % 3 == 2 ? "b" : "a",
                partition: PartitionID(rawValue: number % 3 == 1 ? 1 : 0),
                key: number % 4 == 0 ? nil : [UInt8(number)],
                value: number % 5 == 0 ? nil : [UInt8](repeating: 0xFF, count: number % 4),
                headers: number % 2 == 0 ? [Header("h", "1"), Header("h", nil)] : [],
                timestamp: Timestamp(milliseconds: 1_000_000 + Int64(number))
            )
        }
        batch.append(
            topic: PositionStore.topic,
            key: Array(#"["files","/in"]"#.utf8),
            value: [7],
            headers: [Header("x", "y")]
        )
        let producer = try await other.producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .zero)
    }

    private func run(_ rig: Rig) async throws {
        let source = MirrorSource(
            try MirrorSettings(
                brokers: "other:9092",
                topics: ["^."],
                follow: false,
                batch: 3,
                refresh: .milliseconds(10)
            ),
            connector: rig.name,
            from: other,
            to: rig.access
        )
        let driver = try IngestDriver(
            plan: plan,
            source: source,
            producer: try await rig.access.producer(ProducerConfiguration(transactionalID: "busbar.tickets.worker.0")),
            positions: try await PositionStore.load(connector: rig.name, from: rig.access),
            environment: rig.environment()
        )
        try await RunningDriver(driver).task.value
    }

    /// What differs between the clusters, of topics and of other connectors' positions.
    private func differences(_ log: InMemoryLog) -> [String] {
        let places = [TopicPartition("a", 0), TopicPartition("a", 1), TopicPartition("b", 0)]
        let records = places.filter { place in
            func content(_ log: InMemoryLog) -> [LogRecord] {
                log.records(in: place).map { record in
                    var record = record
                    record.offset = 0
                    return record
                }
            }
            return content(log) != content(other)
        }.map { "\($0) differs" }
        let positions = log.records(in: PositionStore.topic).filter { $0.key == Array(#"["files","/in"]"#.utf8) }
        let arrived = positions.map(\.value) == [[7]] && positions.first?.headers == [Header("x", "y")]
        return records + (arrived ? [] : ["positions of files: \(positions.count)"])
    }

    @Test(arguments: [LogError.transient, .abortable, .fatal])
    func everyRecordIsMirroredOnceWhicheverCallFails(error: LogError) async throws {
        try await fill()
        for failing in 1... {
            let log = InMemoryLog(.init(clusterID: "own"))
            let faults = FaultyLog(log) { number, _ in number == failing ? error : nil }
            let rig = Rig(log: log, faults: faults)
            try await log.createTopics([TopicSpecification(PositionStore.topic, partitions: 1)])
            var starts = 0
            while true {
                starts += 1
                guard starts < 10 else { throw TimeoutFailure("a mirror, call \(failing)") }
                do {
                    try await run(rig)
                    break
                } catch {
                    // as the runtime does: once more
                }
            }
            #expect(differences(log) == [], "call \(failing)")
            #expect(rig.accounting.settled[.delivered] == 13 && rig.accounting.isBalanced, "call \(failing)")
            #expect(log.records(in: "tickets.dlq").isEmpty)
            if faults.calls < failing { break }
        }
    }

    @Test func whatIsNotMirroredYetIsShownAsLag() async throws {
        try await fill()
        let rig = Rig(log: InMemoryLog(.init(clusterID: "own")))
        try await rig.log.createTopics([TopicSpecification(PositionStore.topic, partitions: 1)])
        try await run(rig)
        let report = String(decoding: StatusReport(rig.board).connectors(), as: UTF8.self)
        #expect(report.contains(#""delivered":13,"#) && report.contains(#""lag":0}"#))
        rig.board.report(lag: 5, of: rig.name)
        #expect(String(decoding: StatusReport(rig.board).connectors(), as: UTF8.self).contains(#""lag":5}"#))
        StatusReport(rig.board).refresh(rig.registry)
        #expect(rig.registry.exposition().contains(#"busbar_source_lag_messages{connector="tickets"} 5"#))
    }

    @Test func aRecordThatTheTargetDoesNotTakeStopsTheMirror() async throws {
        try await fill()
        let rig = Rig(log: InMemoryLog(.init(clusterID: "own")))
        try await rig.log.createTopics([
            TopicSpecification(PositionStore.topic, partitions: 1),
            TopicSpecification("a", partitions: 2, settings: ["max.message.bytes": "2"]),
        ])
        await #expect(throws: (any Error).self) { try await run(rig) }
        #expect(rig.log.records(in: "a").isEmpty && rig.log.records(in: "b").isEmpty)
    }
}
