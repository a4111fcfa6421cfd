internal import ArgumentParser
internal import ConnectorKit
internal import Contracts
internal import Delivery
internal import Expressions
internal import Foundation
internal import JSON
internal import Kafka
internal import LocalStack
internal import Log
internal import Synchronization
internal import Telemetry
internal import Worker

/// `busbar-bench pipeline`: topic → contract → dedupe → filter → topic, exactly once, next to bare consumption.
struct Pipeline: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The exactly-once pipeline of a connector, next to bare consumption of the same topic.",
        discussion: """
            Example: busbar-bench pipeline --count 100000 --json

            Events of about 300 bytes; every tenth is a duplicate, half of the rest pass the filter. Counted are records \
            whose transaction is committed, checked against what lies in the output topic.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 200_000

    @Option(help: "Partitions of each topic.")
    var partitions = 6

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let segment = ByteSize(bytes: 1 << 30)
        let input = try await BenchTopic.created("in", partitions, segment, broker)
        let output = try await BenchTopic.created("out", partitions, segment, broker)
        let events = PipelineEvents(count: count)
        try await events.produce(to: input)
        let samples = try await Runner(bench: "pipeline", rounds: options.runs).run([
            .init(name: "pipeline") { round in
                try await output.expecting(events.passing) { try await pipeline(input.client, round: round) }
            },
            .init(name: "consume") { round in try await input.consume(count, group: "bare-\(round)") { _ in 0 }.sample
            },
        ])
        let pairs = zip(samples[0], samples[1])
        return [
            Figure("pipeline", "rate", unit: "messages/s", samples[0].map(\.rate)),
            Figure("pipeline", "consume_rate", unit: "messages/s", samples[1].map(\.rate)),
            Figure("pipeline", "share_of_consume", unit: "ratio", pairs.map { $0.rate / $1.rate }),
            Figure("pipeline", "cpu", unit: "s/million messages", samples[0].map { $0.cpu / Double($0.count) * 1e6 }),
        ]
    }

    private func pipeline(_ client: ClientConfiguration, round: Int) async throws -> Sample {
        let name = "bench-\(round)"
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // A round that fails leaves its state to whoever looks for the cause.
        let sample = try await pipeline(client, name, state: folder)
        try FileManager.default.removeItem(at: folder)
        return sample
    }

    private func pipeline(_ client: ClientConfiguration, _ name: String, state folder: URL) async throws -> Sample {
        let log = KafkaLog(client, logger: BenchTopic.silent)
        let board = StatusBoard()
        board.add(name)
        let environment = DriverEnvironment(
            log: log,
            logger: BenchTopic.silent,
            board: board,
            meter: ConnectorMeter(connector: name, registry: MetricsRegistry()),
            stateDirectory: folder.path
        )
        let plan = try PipelineEvents.plan(name)
        let driver = try TransactionDriver(
            LogTask(
                plan: plan,
                start: .earliest,
                consumer: try await log.consumer(
                    ConsumerConfiguration(group: plan.group, topics: ["in"], maxBatch: 10_000)
                ),
                producer: try await log.producer(ProducerConfiguration(transactionalID: name)),
                environment: environment
            )
        )
        let running = Task { try await driver.run() }
        let sample = try await watch(board)
        await driver.stop()
        try await running.value
        return sample
    }

    /// Waits until the connector has settled everything; the clock starts with the first record.
    private func watch(_ board: StatusBoard) async throws -> Sample {
        var stopwatch: Stopwatch?
        while true {
            let consumed = try consumed(board)
            if stopwatch == nil, consumed > 0 { stopwatch = Stopwatch() }
            if consumed >= count, let stopwatch { return stopwatch.sample(consumed) }
            // A question every 5 ms; against seconds of measured time its error is below one percent.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func consumed(_ board: StatusBoard) throws -> Int {
        try JSONDocument(StatusReport(board).connectors()).withRoot { line in
            line["consumed"]?.number?.int64.map(Int.init) ?? 0
        }
    }

}
