import ConnectorKit
import Connectors
import Delivery
import Log
import LogTesting
import TestKit

@testable import Worker

/// Which of the worker's drivers writes to the log.
enum LogWriter: String, CaseIterable {
    /// Events from outside: one answer per call.
    case ingest
    /// Topic to topic, exactly once.
    case transaction
    /// Topic to topic beside targets outside the log: at least once.
    case delivery
}

/// The `kafka` sink as the worker runs it, seen as a ``Sink``: what is delivered to it goes through a driver, and a record
/// that ends as a dead letter was rejected.
struct DrivenSink: Sink {
    private static let input: TopicName = "in"
    let batching: BatchPolicy? = BatchPolicy(max: 1000, within: .zero)
    private let log: any Log
    private let deadLetters: TopicName
    private let board: StatusBoard
    private let name: String
    private let driver: any ConnectorDriver
    private let run: Task<Void, any Error>
    private let feed: any LogProducer

    /// Starts the driver. The topics `in`, `out` and the dead-letter topic exist, with one partition each.
    init(_ writer: LogWriter, _ log: any Log, to topic: TopicName, deadLetters: TopicName) async throws {
        self.log = log
        self.deadLetters = deadLetters
        name = "conformance"
        board = StatusBoard()
        board.add(name)
        let plan = ConnectorPlan(
            name: name,
            routes: [PlannedRoute(target: .log(KafkaSink(try KafkaSinkSettings(topic: topic))))],
            delivery: DeliveryPolicy(order: .partition, retry: .fast, deadLetter: deadLetters)
        )
        let driver = try await Self.driver(writer, plan, log, .conformance(log, board: board, name))
        self.driver = driver
        run = Task { try await driver.run() }
        feed = try await log.producer(ProducerConfiguration())
    }

    private static func driver(
        _ writer: LogWriter,
        _ plan: ConnectorPlan,
        _ log: any Log,
        _ environment: DriverEnvironment
    ) async throws -> any ConnectorDriver {
        let id = writer == .transaction ? "busbar.\(plan.name)" : nil
        let producer = try await log.producer(ProducerConfiguration(transactionalID: id))
        if writer == .ingest {
            let positions = try await PositionStore.load(connector: plan.name, from: log)
            return try IngestDriver(
                plan: plan,
                source: SilentSource(),
                producer: producer,
                positions: positions,
                environment: environment
            )
        }
        let consumer = try await log.consumer(ConsumerConfiguration(group: plan.group, topics: [input]))
        let task = LogTask(
            plan: plan,
            start: .earliest,
            consumer: consumer,
            producer: producer,
            environment: environment
        )
        return writer == .delivery ? try DeliveryDriver(task) : try TransactionDriver(task)
    }

    func deliver(_ records: [Record]) async -> [SinkResult] {
        do {
            guard let intake = driver as? IngestDriver else { return try await passThrough(records) }
            return try await intake.accept(records, position: nil).map { outcome in
                switch outcome {
                case .delivered: .delivered
                case .deadLettered(let reason): .reject(reason, detail: "dead-lettered")
                case .filtered, .duplicate, .rejected: .fatal(detail: "\(outcome)")
                }
            }
        } catch {
            return records.map { _ in .retry(.unknown, detail: "\(error)") }
        }
    }

    /// Writes the records to the input and waits until the driver has settled them.
    private func passThrough(_ records: [Record]) async throws -> [SinkResult] {
        guard !records.isEmpty else { return [] }
        var batch = ProduceBatch()
        for record in records { batch.append(record, to: LogRoute(topic: Self.input, key: record.key)) }
        var offsets: [Offset] = []
        for result in try await feed.send(batch) {
            switch result {
            case .acknowledged(let place): offsets.append(place.offset)
            case .failed(let error): throw error
            }
        }
        let settled = Task { [board, name, last = offsets.max()] in
            try await board.reaches([TopicPartition(Self.input, 0): last?.next ?? 0], in: name)
        }
        try await settled.value
        let reasons = try await rejections()
        return offsets.map { offset in
            reasons["\(offset)"].map { .reject($0, detail: "dead-lettered") } ?? .delivered
        }
    }

    /// The reasons in the dead-letter topic, by the offset in the input.
    private func rejections() async throws -> [String: DeadLetterReason] {
        var reasons: [String: DeadLetterReason] = [:]
        for letter in try await LogConformance(log).readAll(TopicPartition(deadLetters, 0)) {
            let headers = Dictionary(letter.headers.map { ($0.name, $0.text ?? "") }) { $1 }
            reasons[headers["busbar-orig-offset"] ?? ""] = DeadLetterReason(
                rawValue: headers["busbar-dlq-reason"] ?? ""
            )
        }
        return reasons
    }

    func close() async {
        await feed.close(within: .seconds(5))
        await driver.stop()
        if driver is IngestDriver { run.cancel() }
        _ = await run.result
    }
}

/// A source that hands over nothing by itself.
private struct SilentSource: Source {
    func run(into intake: any Intake) async throws {
        try await Gate().waitForCancellation()
    }
}
