internal import ConnectorKit
internal import Delivery
internal import Log

/// Writes dead letters and waits until the log has them.
struct DeadLetterWriter: Sendable {
    private let topic: TopicName?
    private let letter: DeadLetter
    private let producer: any LogProducer
    private let clock: RuntimeClock
    private let meter: ConnectorMeter

    init(plan: ConnectorPlan, producer: any LogProducer, environment: DriverEnvironment) {
        topic = plan.delivery.deadLetter
        letter = DeadLetter(connector: plan.name, task: 0, version: plan.contractVersion)
        self.producer = producer
        clock = environment.clock
        meter = environment.meter
    }

    /// Appends the dead letter of `record`, which is the one that was read, to `batch`.
    func append(_ record: Record, _ cause: DeadLetterCause, to batch: inout ProduceBatch) {
        guard let topic else { return }
        var copy = record
        copy.headers = letter.headers(of: record, cause: cause, at: clock.wallTime())
        batch.append(copy, to: LogRoute(topic: topic, keyOf: record))
    }

    /// Returns when all in-sync replicas have the dead letter of `record`.
    /// - Throws: when they do not; the record is still the caller's.
    func write(_ record: Record, _ cause: DeadLetterCause) async throws(LogError) {
        var batch = ProduceBatch()
        append(record, cause, to: &batch)
        for case .failed(let error) in try await producer.send(batch) { throw error }
        meter.deadLettered(cause.reason)
    }
}
