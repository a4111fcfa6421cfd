internal import Delivery
internal import Log
package import Telemetry

/// The metrics of one connector: handles fetched once, added to on the hot path.
package struct ConnectorMeter: Sendable {
    private let connector: String
    private let registry: MetricsRegistry
    private let outcomes: [String: Counter]
    private let attempts: [String: Counter]
    private let delivery: Histogram
    private let endToEnd: Histogram
    private let consumed: Counter
    private let queueFull: Counter
    private let deadLetterFailures: Counter

    /// - Parameters:
    ///   - connector: label of every series.
    ///   - registry: where the series live.
    package init(connector: String, registry: MetricsRegistry) {
        self.connector = connector
        self.registry = registry
        outcomes = Dictionary(
            uniqueKeysWithValues: ["delivered", "filtered", "duplicate", "dead_lettered"].map { outcome in
                (outcome, registry.counter(.records, [.connector: connector, .outcome: outcome]))
            }
        )
        attempts = Dictionary(
            uniqueKeysWithValues: SinkResult.labels.map { result in
                (result, registry.counter(.attempts, [.connector: connector, .result: result]))
            }
        )
        delivery = registry.histogram(.deliverySeconds, [.connector: connector])
        endToEnd = registry.histogram(.endToEndSeconds, [.connector: connector])
        consumed = registry.counter(.consumed, [.connector: connector])
        queueFull = registry.counter(.queueFull, [.connector: connector, .queue: "lanes"])
        deadLetterFailures = registry.counter(.deadLetterFailures, [.connector: connector])
    }

    func consumed(_ count: Int) {
        consumed.add(count)
    }

    func settled(_ outcome: Outcome, count: Int = 1) {
        outcomes[outcome.label]?.add(count)
    }

    /// - Parameter latency: from the record's timestamp to its outcome.
    func endToEnd(_ latency: Duration) {
        endToEnd.observe(latency)
    }

    func attempted(_ results: [SinkResult], in time: Duration) {
        for result in results { attempts[result.label]?.add() }
        delivery.observe(time)
    }

    func deadLettered(_ reason: DeadLetterReason) {
        registry.counter(.deadLetters, [.connector: connector, .reason: reason.rawValue]).add()
    }

    func deadLetterFailed() {
        deadLetterFailures.add()
    }

    func violated(_ subject: String) {
        registry.counter(.contractFailures, [.connector: connector, .subject: subject]).add()
    }

    func circuit(_ state: CircuitBreaker.State) {
        let current =
            switch state {
            case .closed: "closed"
            case .open: "open"
            case .halfOpen: "half_open"
            }
        for label in ["closed", "open", "half_open"] {
            registry.gauge(.circuitState, [.connector: connector, .state: label]).set(label == current ? 1 : 0)
        }
    }

    /// The queue between reading and delivering is full: reading waits.
    func waitedForRoom() {
        queueFull.add()
    }

    /// The queue between reading and delivering, and what is held up beside it.
    func queue(records: Int, limit: Int, retries: Int, pausedPartitions: Int) {
        registry.gauge(.queueRecords, [.connector: connector, .queue: "lanes"]).set(records)
        registry.gauge(.queueLimitRecords, [.connector: connector, .queue: "lanes"]).set(limit)
        registry.gauge(.retriesWaiting, [.connector: connector]).set(retries)
        registry.gauge(.partitionsPaused, [.connector: connector]).set(pausedPartitions)
    }

    /// - Parameters:
    ///   - keys: held in memory now.
    ///   - rebuilds: since the last call.
    func dedupe(keys: Int, rebuilds: Int) {
        registry.gauge(.dedupeKeys, [.connector: connector]).set(keys)
        registry.counter(.dedupeRebuilds, [.connector: connector]).add(rebuilds)
    }

    func rebalanced() {
        registry.counter(.rebalances, [.connector: connector]).add()
    }

    /// Partitions whose next record is of a schema that is not known yet.
    func waitsForSchemas(partitions: Int) {
        registry.gauge(.contractWaitingPartitions, [.connector: connector]).set(partitions)
    }

    func committed(ok: Bool) {
        registry.counter(.commits, [.connector: connector, .result: ok ? "ok" : "error"]).add()
    }
}

extension SinkResult {
    static let labels = ["delivered", "retry", "reject", "pause", "fatal"]

    /// The value of the label `result`.
    var label: String {
        switch self {
        case .delivered: "delivered"
        case .retry: "retry"
        case .reject: "reject"
        case .pause: "pause"
        case .fatal: "fatal"
        }
    }
}
