import ConnectorKit
import Delivery
import Foundation
import Log
import Logging
import Synchronization
import Telemetry
import TestKit

@testable import Worker

/// A log, a board and a folder for state: what drivers of one connector live in, over as many incarnations as a test wants.
final class Rig: Sendable {
    let log: InMemoryLog
    /// The log as the drivers see it.
    let access: any Log
    let board = StatusBoard()
    let registry = MetricsRegistry()
    let clock: RuntimeClock
    let directory: String
    let name: String

    init(
        _ name: String = "tickets",
        log: InMemoryLog = InMemoryLog(),
        clock: RuntimeClock = .system,
        faults: FaultyLog? = nil
    ) {
        self.name = name
        self.log = log
        access = faults ?? log
        self.clock = clock
        directory = NSTemporaryDirectory() + "busbar-worker-tests-" + UUID().uuidString
        board.add(name)
        board.change(name) { _ = $0.onStarted() }
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            // Only connectors with dedupe make the folder.
        }
    }

    /// The environment of one incarnation.
    func environment(state: String = "0", _ change: (inout DriverLimits) -> Void = { _ in }) -> DriverEnvironment {
        var limits = DriverLimits()
        limits.commitInterval = .milliseconds(5)
        change(&limits)
        var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        logger[metadataKey: "busbar.connector"] = "\(name)"
        return DriverEnvironment(
            log: access,
            clock: clock,
            limits: limits,
            logger: logger,
            board: board,
            meter: ConnectorMeter(connector: name, registry: registry),
            stateDirectory: directory + "/" + state
        )
    }

    func consumer(of plan: ConnectorPlan, maxBatch: Int = 100) async throws -> any LogConsumer {
        try await access.consumer(ConsumerConfiguration(group: plan.group, topics: ["in"], maxBatch: maxBatch))
    }

    /// A driver that delivers outside the log, running.
    func deliver(
        _ plan: ConnectorPlan,
        start: StartPosition = .earliest,
        state: String = "0",
        maxBatch: Int = 100,
        _ change: (inout DriverLimits) -> Void = { _ in }
    ) async throws -> RunningDriver<DeliveryDriver> {
        let consumer = try await consumer(of: plan, maxBatch: maxBatch)
        let producer = try await access.producer(ProducerConfiguration())
        return RunningDriver(
            try DeliveryDriver(
                LogTask(
                    plan: plan,
                    start: start,
                    consumer: consumer,
                    producer: producer,
                    environment: environment(state: state, change)
                )
            ),
            consumer
        )
    }

    /// A transactional driver, running.
    func transact(
        _ plan: ConnectorPlan,
        state: String = "0",
        id: String = "worker",
        maxBatch: Int = 100,
        _ change: (inout DriverLimits) -> Void = { _ in }
    ) async throws -> RunningDriver<TransactionDriver> {
        let consumer = try await consumer(of: plan, maxBatch: maxBatch)
        let producer = try await access.producer(ProducerConfiguration(transactionalID: "busbar.\(name).\(id).0"))
        return RunningDriver(
            try TransactionDriver(
                LogTask(
                    plan: plan,
                    start: .earliest,
                    consumer: consumer,
                    producer: producer,
                    environment: environment(state: state, change)
                )
            ),
            consumer
        )
    }

    /// Creates `in` with this many partitions.
    func createInput(partitions: Int = 1) async throws {
        try await log.createTopics([TopicSpecification("in", partitions: partitions)])
    }

    func produce(_ batch: ProduceBatch) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .zero)
    }

    /// Appends `values` to a partition of `in`.
    func produce(_ values: [String], key: String? = nil, partition: PartitionID = 0, headers: [Header] = [])
        async throws
    {
        var batch = ProduceBatch()
        for value in values {
            batch.append(
                topic: "in",
                partition: partition,
                key: key.map { Array($0.utf8) },
                value: Array(value.utf8),
                headers: headers
            )
        }
        try await produce(batch)
    }

    /// What the board says of the connector.
    var accounting: Accounting {
        board.snapshot().first { $0.name == name }?.entry.accounting ?? Accounting()
    }

    var state: ConnectorLifecycle.State? {
        board.snapshot().first { $0.name == name }?.entry.lifecycle.state
    }

    func committed(_ partition: PartitionID = 0) -> CommittedOffset? {
        log.committedOffsets(of: "busbar.\(name)")[TopicPartition("in", partition)]
    }

    /// Returns when `topic` holds `count` committed records.
    func waitForRecords(_ count: Int, in topic: TopicName) async throws -> [LogRecord] {
        try await eventually("\(count) records in \(topic), not \(log.records(in: topic).count)") {
            log.records(in: topic).count >= count
        }
        return log.records(in: topic)
    }
}

/// A driver and the task that runs it.
final class RunningDriver<Driver: ConnectorDriver>: Sendable {
    let driver: Driver
    let consumer: (any LogConsumer)?
    let task: Task<Void, any Error>
    private let ended = Flag()

    init(_ driver: Driver, _ consumer: (any LogConsumer)? = nil) {
        self.driver = driver
        self.consumer = consumer
        task = Task { [ended] in
            defer { ended.set() }
            try await driver.run()
        }
    }

    /// Whether it has ended, however.
    var hasEnded: Bool { ended.isSet }

    /// Stops it as the worker does and returns when it has ended.
    func stop() async throws {
        await driver.stop()
        try await task.value
    }

    /// Ends it as a crash would: nothing is drained or committed.
    func crash() async {
        task.cancel()
        _ = await task.result
    }
}

/// Something that happens once.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() {
        value.store(true, ordering: .releasing)
    }
}
