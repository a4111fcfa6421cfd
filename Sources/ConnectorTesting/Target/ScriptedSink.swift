internal import ConnectorKit
internal import Delivery
internal import Log

/// Stands in for a sink whose target lies outside the log: meets the test's faults and remembers what was accepted.
final class ScriptedSink: Sink {
    private let real: any Sink
    /// `nil` for a sink that is not `http`.
    private let blueprint: RequestBlueprint?
    private let timeout: Duration
    private let clock: SteppingClock
    private let faults: FaultScript
    private let ledger: TargetLedger

    /// - Parameters:
    ///   - real: the sink it stands in for, which proves its settings and is never asked to deliver.
    ///   - blueprint: what would be sent.
    ///   - timeout: of one attempt; how long a `hang` lasts.
    ///   - scene: where the test takes place.
    init(real: any Sink, blueprint: RequestBlueprint?, timeout: Duration, scene: TestScene) {
        self.real = real
        self.blueprint = blueprint
        self.timeout = timeout
        clock = scene.clock
        faults = scene.faults
        ledger = scene.ledger
    }

    var batching: BatchPolicy? { real.batching }

    func deliver(_ records: [Record]) async -> [SinkResult] {
        guard let blueprint else { return await deliverRecords(records) }
        let plan = blueprint.plan(records)
        guard let request = plan.request else { return plan.refusals.map { $0 ?? .delivered } }
        let answer = await answer(blueprint)
        if answer == .delivered { ledger.add(request) }
        return plan.refusals.map { $0 ?? answer }
    }

    func close() async {
        await real.close()
    }

    private func deliverRecords(_ records: [Record]) async -> [SinkResult] {
        let answer = await answer(nil)
        if answer == .delivered {
            ledger.add(
                records.map { ObservedRecord(topic: nil, key: $0.key, value: $0.value.bytes(), headers: $0.headers) }
            )
        }
        return records.map { _ in answer }
    }

    private func answer(_ blueprint: RequestBlueprint?) async -> SinkResult {
        guard let fault = faults.next() else { return .delivered }
        switch fault.kind {
        case .status(let status):
            return HTTPDisposition.classify(
                status: status,
                retryAfter: fault.retryAfter,
                conflict: blueprint?.sendsIdempotencyKey == true ? .inProgress : .refused
            )
        case .reset:
            return .retry(.target5xx, detail: "the target closed the connection")
        case .hang:
            do {
                try await clock.sleep(for: timeout)
                return .retry(.timeout, detail: "no answer in time")
            } catch {
                return .retry(.unknown, detail: "the attempt was cancelled")
            }
        }
    }
}
