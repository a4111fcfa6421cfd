import ConnectorKit
import Delivery
import Log
import TestKit

@testable import Worker

/// The `kafka` source as the worker runs it, seen as a ``Source``: a delivery driver whose target is the intake.
///
/// What the intake throws becomes what a target would say; the stored position is what the driver commits for the group.
struct DrivenSource: Source {
    let log: any Log
    let topic: TopicName
    /// Names the consumer group.
    let reader: String
    var order = Order.partition
    /// Whether it waits for more at the end of the topic.
    var follows = false

    func run(into intake: any Intake) async throws {
        let sink = IntakeSink(intake)
        let plan = ConnectorPlan(
            name: reader,
            routes: [PlannedRoute(target: .external(sink))],
            delivery: DeliveryPolicy(order: order, inFlight: 8, retry: .fast, timeout: .seconds(60), deadLetter: nil)
        )
        let board = StatusBoard()
        board.add(plan.name)
        let driver = try await driver(plan, board)
        let ends = try await ends()
        intake.ready("reading \(topic)")
        let end = Task {
            if follows { return try await Gate().waitForCancellation() }
            try await board.reaches(ends, in: plan.name)
        }
        let stopper = Task {
            _ = await end.result
            await driver.stop()
        }
        try await withTaskCancellationHandler {
            let result = await Task { try await driver.run() }.result
            end.cancel()
            await stopper.value
            if let error = sink.failure.value { throw error }
            try result.get()
        } onCancel: {
            end.cancel()
        }
    }

    private func driver(_ plan: ConnectorPlan, _ board: StatusBoard) async throws -> DeliveryDriver {
        try DeliveryDriver(
            LogTask(
                plan: plan,
                start: .earliest,
                consumer: try await log.consumer(ConsumerConfiguration(group: plan.group, topics: [topic])),
                producer: try await log.producer(ProducerConfiguration()),
                environment: .conformance(log, board: board, plan.name)
            )
        )
    }

    /// Where the topic ends now.
    private func ends() async throws -> [TopicPartition: Offset] {
        let reader = try await log.reader()
        var ends: [TopicPartition: Offset] = [:]
        for partition in try await log.partitions(of: topic) {
            let place = TopicPartition(topic, partition)
            ends[place] = try await reader.bounds(of: place).upperBound
        }
        await reader.close()
        return ends
    }
}

/// A target that is an intake.
private struct IntakeSink: Sink {
    let intake: any Intake
    /// What ended the source.
    let failure = Observed<IntakeError?>(nil)
    let batching: BatchPolicy? = BatchPolicy(max: 4, within: .milliseconds(1))

    init(_ intake: any Intake) {
        self.intake = intake
    }

    func deliver(_ records: [Record]) async -> [SinkResult] {
        do throws(IntakeError) {
            return try await intake.accept(records, position: nil).map { _ in .delivered }
        } catch {
            let result: SinkResult
            switch error {
            case .overloaded(let after): result = .retry(.rateLimit, after: after)
            case .stopping: result = .retry(.timeout)
            case .unavailable(let detail):
                failure.update { $0 = error }
                result = .fatal(detail: detail)
            }
            return records.map { _ in result }
        }
    }

    func close() async {}
}

extension DriverEnvironment {
    /// Of a connector in a conformance check, on any log.
    static func conformance(_ log: any Log, board: StatusBoard, _ name: String) -> DriverEnvironment {
        var environment = Rig(name).environment { $0.drainDeadline = .milliseconds(200) }
        environment.log = log
        environment.board = board
        return environment
    }
}

extension StatusBoard {
    /// Returns when the connector's partitions have been settled up to these offsets.
    func reaches(_ ends: [TopicPartition: Offset], in connector: String) async throws {
        // Nothing announces the board's changes: the pause is only between two looks.
        while !ends.allSatisfy({ place, end in
            let view = snapshot().first { $0.name == connector }?.entry.partitions[place]
            return view.map { $0.committable >= end } ?? false
        }) {
            try await ContinuousClock().sleep(for: .milliseconds(2))
        }
    }
}

extension Gate {
    /// - Throws: `CancellationError`, when the task is cancelled.
    func waitForCancellation() async throws {
        await pass()
        try Task.checkCancellation()
    }
}
