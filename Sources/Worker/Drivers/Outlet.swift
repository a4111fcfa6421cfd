internal import ConnectorKit
internal import Delivery
internal import Log

/// Delivers records of a source to targets outside the log, in order, with the connector's retries.
struct Outlet: Sendable {
    private let plan: ConnectorPlan
    private let environment: DriverEnvironment

    init(plan: ConnectorPlan, environment: DriverEnvironment) {
        self.plan = plan
        self.environment = environment
    }

    /// Delivers what does not lead into the log; what cannot be delivered is left as a dead letter to be written.
    /// - Throws: when the sink cannot go on, or the task is cancelled between attempts.
    func deliverOutside(_ entries: [IntakeEntry]) async throws -> [IntakeEntry] {
        var entries = entries
        for index in entries.indices {
            guard case .produce(let record, let route) = entries[index].work,
                case .external(let sink) = plan.routes[route].target
            else { continue }
            entries[index].work = try await deliver(record, to: sink)
        }
        return entries
    }

    func close() async {
        for case .external(let sink) in plan.routes.map(\.target) { await sink.close() }
    }

    private func deliver(_ record: Record, to sink: any Sink) async throws -> IntakeEntry.Work {
        var generator = SystemRandomNumberGenerator()
        let since = environment.clock.now()
        var attempt = 0
        while true {
            let began = environment.clock.now()
            let results = await sink.deliver([record])
            environment.meter.attempted(results, in: began.duration(to: environment.clock.now()))
            guard let result = results.first, results.count == 1 else {
                throw DriverError.sink("the sink gave \(results.count) results for one record")
            }
            attempt += 1
            let verdict = Verdict.judge(
                result,
                attempt: attempt,
                elapsed: since.duration(to: environment.clock.now()),
                schedule: plan.delivery.retry,
                using: &generator
            )
            switch verdict {
            case .settle:
                return .done(.delivered)
            case .retry(let delay):
                try await environment.clock.sleep(delay)
            case .pause(let reason, let detail):
                attempt -= 1
                environment.board.pause(plan.name, reason, detail: detail)
                try await environment.clock.sleep(.seconds(5))
                environment.board.resume(plan.name, from: reason)
            case .deadLetter(let reason, let detail):
                return .deadLetter(DeadLetterCause(reason, detail: detail, stage: .delivery, attempts: attempt))
            case .stop(let detail):
                throw DriverError.sink(detail)
            }
        }
    }
}
