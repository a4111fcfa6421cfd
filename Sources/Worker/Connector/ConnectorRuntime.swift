internal import ConnectorKit
internal import Delivery
internal import Log
internal import Logging
internal import Synchronization

/// Keeps one connector running: starts its driver, restarts it after failures, ends it when asked.
///
/// A connector that fails never disturbs another: all it can do to the worker is to be shown as failed.
package final class ConnectorRuntime: Sendable {
    private let name: String
    private let build: @Sendable () async throws -> PlanBuilder.Built
    private let environment: DriverEnvironment
    private let workerID: String
    private let driver = Mutex<Current>(.none)
    private let stopBell = Doorbell()

    private enum Current {
        case none
        case running(any ConnectorDriver, Task<Void, any Error>)
        case stopping
    }

    /// - Parameters:
    ///   - name: the connector's name.
    ///   - workerID: stable over restarts of this worker; part of transactional ids.
    ///   - environment: what its drivers live in.
    ///   - build: makes the connector anew for each start, so that secrets are current and nothing closed is used again.
    package init(
        _ name: String,
        workerID: String,
        environment: DriverEnvironment,
        build: @escaping @Sendable () async throws -> PlanBuilder.Built
    ) {
        self.name = name
        self.build = build
        self.workerID = workerID
        self.environment = environment
    }

    /// Runs until ``stop()``, or until its source has come to its end.
    package func run() async {
        var failures = 0
        while true {
            let began = environment.clock.now()
            do {
                try await runDriver()
                environment.board.change(name) { lifecycle in
                    _ = lifecycle.onStop()
                    _ = lifecycle.onDrained()
                }
                environment.logger.info("the connector has ended")
                return
            } catch is CancellationError where isStopping || Task.isCancelled {
                environment.board.change(name) { _ = $0.onDrained() }
                return
            } catch {
                environment.board.change(name, detail: "\(error)") { _ = $0.onFailure("\(error)") }
                environment.logger.error("the connector failed", metadata: ["error.message": "\(error)"])
            }
            // What ran well for a while starts over with the short wait.
            failures = began.duration(to: environment.clock.now()) > .seconds(300) ? 1 : failures + 1
            let wait = min(Duration.milliseconds(500) * (1 << min(failures - 1, 7)), .seconds(60))
            // The ticket comes before the look: a stop in between rings it.
            let ticket = stopBell.ticket()
            if isStopping { stopBell.ring() }
            _ = await stopBell.wait(for: ticket, atMost: wait, clock: environment.clock)
            if isStopping || Task.isCancelled { return }
            environment.board.change(name, detail: "restarting after: \(environment.board.detail(of: name))") {
                _ = $0.onRestart()
            }
        }
    }

    /// Drains and ends the connector; ``run()`` returns when that is done.
    package func stop() async {
        let current = driver.withLock { driver in
            defer { driver = .stopping }
            return driver
        }
        stopBell.ring()
        environment.board.change(name) { _ = $0.onStop() }
        if case .running(let driver, let task) = current {
            await driver.stop()
            // A source listens until its task is cancelled; the other drivers end by themselves once they have drained.
            if driver is IngestDriver { task.cancel() }
        }
    }

    private var isStopping: Bool {
        driver.withLock { if case .stopping = $0 { true } else { false } }
    }

    private func runDriver() async throws {
        let next = try await makeDriver()
        let task = Task { try await next.run() }
        let goesOn = driver.withLock { driver in
            if case .stopping = driver { return false }
            driver = .running(next, task)
            return true
        }
        if !goesOn {
            await next.stop()
            task.cancel()
        }
        try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func makeDriver() async throws -> any ConnectorDriver {
        let built = try await build()
        do {
            try await environment.log.createTopics(topics(of: built))
            switch built.source {
            case .log(let settings):
                let driver = try await makeLogDriver(built.plan, settings)
                environment.board.change(name, detail: "") { _ = $0.onStarted() }
                return driver
            case .external(let source):
                return try await makeIngestDriver(built.plan, source, built.kind)
            }
        } catch {
            // No driver will do it, and the next start makes new ones.
            for case .external(let sink) in built.plan.routes.map(\.target) { await sink.close() }
            throw error
        }
    }

    private func makeLogDriver(
        _ plan: ConnectorPlan,
        _ settings: LogSourceSettings
    ) async throws -> any ConnectorDriver {
        let consumer = try await environment.log.consumer(
            ConsumerConfiguration(
                group: plan.group,
                topics: settings.topics,
                start: settings.start == .earliest ? .earliest : .latest,
                instanceID: environment.instanceID
            )
        )
        do {
            return try await makeLogDriver(plan, settings.start == .earliest ? .earliest : .latest, consumer)
        } catch {
            await consumer.close()
            throw error
        }
    }

    private func makeLogDriver(
        _ plan: ConnectorPlan,
        _ start: StartPosition,
        _ consumer: any LogConsumer
    ) async throws -> any ConnectorDriver {
        let configuration =
            plan.isExactlyOnce ? ProducerConfiguration(transactionalID: transactionalID) : ProducerConfiguration()
        let cluster = plan.dedupe == nil ? nil : try await environment.log.clusterID()
        return try await withProducer(configuration) { producer in
            let task = LogTask(
                plan: plan,
                start: start,
                consumer: consumer,
                producer: producer,
                environment: environment,
                cluster: cluster
            )
            guard plan.isExactlyOnce else { return try DeliveryDriver(task) }
            return try TransactionDriver(task)
        }
    }

    /// Opens a producer for the driver that `make` makes; closed again when that fails.
    private func withProducer(
        _ configuration: ProducerConfiguration,
        _ make: (any LogProducer) async throws -> any ConnectorDriver
    ) async throws -> any ConnectorDriver {
        let producer = try await environment.log.producer(configuration)
        do {
            return try await make(producer)
        } catch {
            await producer.close(within: .zero)
            throw error
        }
    }

    private func makeIngestDriver(
        _ plan: ConnectorPlan,
        _ source: any Source,
        _ kind: SourceType.Kind
    ) async throws -> any ConnectorDriver {
        let configuration =
            kind == .pull
            ? ProducerConfiguration(transactionalID: transactionalID)
            // A sender waits for the answer: GitHub gives up after 10 s, and must hear of a failure before.
            : ProducerConfiguration(deliveryTimeout: .seconds(8))
        return try await withProducer(configuration) { producer in
            try IngestDriver(
                plan: plan,
                source: source,
                producer: producer,
                positions: try await PositionStore.load(connector: name, from: environment.log),
                environment: environment
            )
        }
    }

    /// Stable over restarts, so that a new incarnation fences the old one (KIP-98).
    private var transactionalID: String { "busbar.\(name).\(workerID).0" }

    /// What the connector needs to exist. A topic that exists already stays as it is.
    private func topics(of built: PlanBuilder.Built) -> [TopicSpecification] {
        var topics = [
            TopicSpecification(PositionStore.topic, partitions: 1, settings: ["cleanup.policy": "compact"])
        ]
        if let deadLetter = built.plan.delivery.deadLetter {
            topics.append(TopicSpecification(deadLetter, partitions: 1))
        }
        var data: [TopicName] = []
        if case .log(let settings) = built.source { data += settings.topics.filter { !$0.rawValue.hasPrefix("^") } }
        for case .log(let sink) in built.plan.routes.map(\.target) { data += sink.topics }
        topics += data.map { TopicSpecification($0, partitions: Self.defaultPartitions) }
        return topics
    }

    /// Partitions of a topic that no one has created before it is used.
    private static let defaultPartitions = 6
}

extension ConnectorPlan {
    /// Whether everything the connector writes goes into the log.
    var isExactlyOnce: Bool {
        routes.allSatisfy { route in
            if case .log = route.target { true } else { false }
        }
    }
}
