package import Telemetry

/// Handles of the registry's series; got once, because getting one costs a lock.
package final class RegistryMetrics: Sendable {
    /// Where the series are shown.
    package let registry: MetricsRegistry
    let changes: Counter
    private let seconds: Histogram
    private let subjects: Gauge
    private let schemas: Gauge
    private let checks: Gauge
    private let ignored: Gauge

    /// Handles of `registry`'s series.
    package init(_ registry: MetricsRegistry = MetricsRegistry()) {
        self.registry = registry
        changes = registry.counter(.registryChanges)
        seconds = registry.histogram(.registryRequestSeconds)
        subjects = registry.gauge(.registrySubjects)
        schemas = registry.gauge(.registrySchemas)
        checks = registry.gauge(.registryChecks)
        ignored = registry.gauge(.registryIgnoredRecords)
    }

    func answered(_ status: Int, after time: Duration) {
        registry.counter(.registryRequests, [.code: String(status)]).add()
        seconds.observe(time / .seconds(1))
    }

    /// What `/metrics` shows of a catalogue, at this moment.
    func exposition(_ catalogue: SchemaCatalogue, checks underWay: Int) -> String {
        let counts = catalogue.counts
        subjects.set(counts.subjects)
        schemas.set(counts.schemas)
        checks.set(underWay)
        ignored.set(catalogue.ignoredRecords)
        return registry.exposition()
    }
}
