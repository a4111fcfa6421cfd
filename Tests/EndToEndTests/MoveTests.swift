import Dev
import Foundation
import JSON
import Kafka
import LocalStack
import Log
import Logging
import Synchronization
import TestKit
import Testing

/// A running installation moves from the embedded log to another broker, step by step as docs/moving-to-kafka.md says.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct MoveTests {
    /// Of 3000 events this many are written before the move, of 600 lines the first 400.
    private static let before = (events: 1800, lines: 400)
    /// Of the events before the move, the last ones come while the target of `move-http` is out of order.
    private static let outage = 300
    private static let lines = 600
    private let plan = EventPlan(count: 3000, seed: TestSeed.value)

    @Test func aRunningInstallationMovesWithoutLossOrDouble() async throws {
        try await Bench.run { bench in
            let target = try await FakeTarget.start()
            let installation = try Installation(bench, target)
            var worker = try await installation.setup.start()
            try await worker.ready()
            try await installation.append(0..<Self.before.lines)
            let (first, last) = (Self.before.events - Self.outage, Self.before.events)
            async let producing: Void = bench.produce(
                plan.events[..<first],
                to: installation.oldLog,
                topic: "move.events"
            )
            let mirror = try await mirrorThatIsKilled(installation)
            try await producing
            _ = try await worker.settled("move-http", consumed: first)
            target.answer(TargetAnswer(status: 503))
            try await bench.produce(plan.events[first..<last], to: installation.oldLog, topic: "move.events")
            _ = try await worker.settled("move-copy", consumed: last)
            try await refuse(installation, "stop whatever reads as this group")

            let stopped = ContinuousClock.now
            #expect(try await worker.stop() == 0)
            let old = try await installation.startOldBroker()
            try await poll("the mirror has caught up", within: .seconds(60), every: .milliseconds(200)) {
                try await installation.move("--dry-run").status == 0 ? () : nil
            }
            #expect(try await mirror.stop() == 0)
            try await move(installation)
            try await old.end()

            try installation.switchTheLine()
            worker = try await installation.setup.start()
            target.removeRules()
            try await worker.ready()
            print("stood still for \(stopped.duration(to: .now))")
            try await bench.produce(plan.events[Self.before.events...], to: bench.log, topic: "move.events")
            try await installation.append(Self.before.lines..<Self.lines)
            try await check(installation, worker, target)
            #expect(try await worker.stop() == 0)
            try await target.stop()
        }
    }

    /// Starts the mirror, kills it in the middle of its work, and starts it again.
    private func mirrorThatIsKilled(_ installation: Installation) async throws -> RunningWorker {
        let setup = try installation.mirror()
        let first = try await setup.start()
        let reached = try await first.progress(of: "mirror", past: 200)
        try await first.kill()
        let second = try await setup.start()
        _ = try await second.progress(of: "mirror", past: reached)
        return second
    }

    private func refuse(_ installation: Installation, _ reason: String) async throws {
        let refused = try await installation.move("--group", "busbar.move-copy")
        #expect(refused.status == 1)
        #expect(refused.output.contains("nothing was moved") && refused.output.contains(reason), "\(refused.output)")
    }

    private func move(_ installation: Installation) async throws {
        let moved = try await installation.move("--json")
        try #require(moved.status == 0, "\(moved.output)")
        let lines = moved.output.split(separator: "\n").filter { $0.hasPrefix("{") }
        // Both connectors have committed in each of the topic's six partitions.
        #expect(lines.count == 12 && lines.allSatisfy { $0.contains(#""state":"moved""#) }, "\(moved.output)")
        let rest = try lines.map { line in
            try JSONDocument(Array(line.utf8)).withRoot { $0["records"]?.number?.int64 ?? 0 }
        }.reduce(0, +)
        // Those of the outage, but for what needs no target: filtered, duplicates, dead letters.
        #expect(rest > 0)
        print("moved 12 offsets; \(rest) records were still to be read, seed \(plan.seed)")
        let again = try await installation.move()
        #expect(again.status == 0 && again.output.contains("0 offsets of 2 groups moved, 12 were there already"))
    }

    private func check(_ installation: Installation, _ worker: RunningWorker, _ target: FakeTarget) async throws {
        let bench = installation.bench
        for name in ["move-http", "move-copy"] {
            #expect(plan.differences(try await worker.settled(name, consumed: plan.events.count)) == [])
        }
        #expect(plan.differences(at: target) == [])
        let output = try await bench.records(of: "move.output")
        #expect(plan.differences(of: output.compactMap(\.eventNumber), what: "output") == [])
        #expect(try await bench.records(of: "move-copy.dlq").count == plan.deadLetters)
        let letters = Set(try await bench.records(of: "move-http.dlq").map { $0.value })
        #expect(letters.count == plan.deadLetters)
        let files = try await worker.settled("move-files", consumed: Self.lines)
        #expect(files.delivered == Self.lines && files.residue == 0)
        let lines = try await bench.records(of: "move.lines").compactMap(\.value)
        let numbers = lines.compactMap { Int(String(decoding: $0, as: UTF8.self).drop { !$0.isNumber }.dropLast()) }
        #expect(numbers.sorted() == Array(0..<Self.lines))
        let log = try String(contentsOfFile: worker.log, encoding: .utf8)
        #expect(log.contains("the dedupe journal was set aside and is rebuilt from the topic"))
        print("http: \(target.requests.count) requests, of them \(target.repeats.count) repeats of a known key")
    }
}

/// An installation on the embedded log: a file that is followed, one connector to HTTP, one to a topic.
private struct Installation {
    let bench: Bench
    let setup: WorkerSetup
    let oldLog: KafkaLog
    private let address: String

    init(_ bench: Bench, _ target: FakeTarget) throws {
        self.bench = bench
        address = "127.0.0.1:\(try LoopbackPort.free())"
        oldLog = KafkaLog(
            ClientConfiguration(brokers: [address]),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        setup = try bench.worker(
            connectors: [
                try bench.httpConnector("move-http", from: "move.events", target: target),
                try bench.kafkaConnector("move-copy", from: "move.events", to: "move.output"),
                try bench.write(
                    """
                    connector: move-files
                    owner: tests
                    from:
                      file: { path: \(bench.folder.path)/in.ndjson, poll: 10ms }
                    to:
                      kafka: { topic: move.lines }
                    """,
                    to: "move-files.yaml"
                ),
            ],
            log: "brokers: embedded\nembedded: { listen: \(address) }"
        )
        try bench.write("", to: "in.ndjson")
    }

    func append(_ numbers: Range<Int>) async throws {
        let file = try FileHandle(forWritingTo: bench.folder.appending(path: "in.ndjson"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(numbers.map { "{\"line\":\($0)}\n" }.joined().utf8))
        try file.close()
    }

    /// A worker of its own at the other broker.
    func mirror() throws -> WorkerSetup {
        let connector = try bench.write(
            """
            connector: mirror
            owner: tests
            from:
              mirror:
                brokers: \(address)
                topics: ["^move"]
                refresh: 200ms
            to:
              mirror: {}
            delivery: { dead_letter: none }
            """,
            to: "mirror.yaml"
        )
        return try bench.worker("mirror", connectors: [connector])
    }

    /// The embedded log without its worker, so that the mirror can finish.
    func startOldBroker() async throws -> ChildProcess {
        let broker = try await ChildProcess.start(
            WorkerSetup.binary("busbar-broker"),
            ["--data-dir", bench.folder.appending(path: "state-a/broker").path, "--listen", address],
            output: bench.folder.appending(path: "old-broker.log").path
        )
        bench.children.withLock { $0.append(broker) }
        return broker
    }

    /// `busbar offsets move` from the old broker to the new one.
    func move(_ arguments: String...) async throws -> (status: Int32, output: String) {
        let output = bench.folder.appending(path: "move-\(UUID().uuidString).log").path
        let command = try await ChildProcess.start(
            WorkerSetup.binary("busbar"),
            ["offsets", "move", "--from", address, "--to", bench.broker.address] + arguments,
            output: output
        )
        return (try await command.exit(), try String(contentsOfFile: output, encoding: .utf8))
    }

    /// `brokers:` of the worker's settings.
    func switchTheLine() throws {
        let settings = try String(contentsOfFile: setup.settings, encoding: .utf8)
        let changed = settings.replacing("brokers: embedded", with: "brokers: [\(bench.broker.address)]")
        try changed.write(toFile: setup.settings, atomically: true, encoding: .utf8)
    }
}

extension Bench {
    fileprivate func produce(_ events: ArraySlice<EventPlan.Event>, to log: KafkaLog, topic: TopicName) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        var rest = events
        while !rest.isEmpty {
            var batch = ProduceBatch()
            for event in rest.prefix(100) {
                batch.append(
                    topic: topic,
                    key: Array(event.key.utf8),
                    value: event.value,
                    headers: [Header("ce_id", event.id), Header("ce_source", "test")]
                )
            }
            for case .failed(let error) in try await producer.send(batch) { throw error }
            rest = rest.dropFirst(100)
        }
        await producer.close(within: .seconds(10))
    }
}
