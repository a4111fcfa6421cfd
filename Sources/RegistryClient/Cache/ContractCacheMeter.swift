internal import Telemetry

/// The metrics of a worker's cache of contracts.
struct ContractCacheMeter: Sendable {
    /// What came of asking the registry, by the values of the label `result`.
    enum Answer: String {
        case known = "ok"
        case unknown
        case failed = "error"
    }

    private let metrics: MetricsRegistry

    init(_ metrics: MetricsRegistry) {
        self.metrics = metrics
    }

    func answered(_ answer: Answer) {
        metrics.counter(.contractRequests, [.result: answer.rawValue]).add()
    }

    func holds(entries: Int, bytes: Int) {
        metrics.gauge(.contractCacheEntries).set(entries)
        metrics.gauge(.contractCacheBytes).set(bytes)
    }

    func evicted(_ count: Int) {
        metrics.counter(.contractCacheEvictions).add(count)
    }
}
