internal import Synchronization

/// Holds every series of the process and writes them out for Prometheus. Any thread.
///
/// Get handles at start and keep them. After ``remove(_:_:)`` a kept handle still takes values, but they show nowhere
/// until the handle is got anew.
package final class MetricsRegistry: Sendable {
    /// One series' storage.
    enum Cell {
        case number(AtomicDouble)
        case histogram(Histogram)
    }

    /// A metric and its series by label values, in the order of its labels.
    struct Family {
        let metric: Metric
        var series: [[String]: Cell] = [:]
    }

    /// Series one metric may have; further ones are counted in `busbar_metric_series_refused_total` and not kept.
    package let seriesLimit: Int
    private let families = Mutex<[String: Family]>([:])
    private let refused = AtomicDouble()

    /// - Parameter seriesLimit: Series per metric, 1 or more.
    package init(seriesLimit: Int = 5000) {
        precondition(seriesLimit > 0, "no series could be kept")
        self.seriesLimit = seriesLimit
    }

    /// The counter of these label values, made if there is none.
    ///
    /// Giving other labels than the metric declares is a programmer error.
    package func counter(_ metric: Metric, _ labels: KeyValuePairs<MetricLabel, String> = [:]) -> Counter {
        Counter(cell: number(metric, .counter, labels))
    }

    /// The gauge of these label values, made if there is none.
    package func gauge(_ metric: Metric, _ labels: KeyValuePairs<MetricLabel, String> = [:]) -> Gauge {
        Gauge(cell: number(metric, .gauge, labels))
    }

    /// The histogram of these label values, made if there is none.
    package func histogram(_ metric: Metric, _ labels: KeyValuePairs<MetricLabel, String> = [:]) -> Histogram {
        let cell = cell(metric, .histogram, labels) { .histogram(Histogram(bounds: metric.buckets)) }
        guard case .histogram(let histogram) = cell else { preconditionFailure("\(metric.name) is no histogram") }
        return histogram
    }

    /// Sets a state set: 1 for `current`, 0 for every other of `states`.
    package func setState(
        _ metric: Metric,
        _ labels: KeyValuePairs<MetricLabel, String>,
        to current: String,
        of states: [String]
    ) {
        for state in states {
            let values = values(of: metric, labels, adding: [.state: state])
            let cell = cell(metric, .gauge, values) { .number(AtomicDouble()) }
            if case .number(let number) = cell { number.set(state == current ? 1 : 0) }
        }
    }

    /// Deletes every series whose `label` has this value: when a connector, topic or group goes away.
    package func remove(_ label: MetricLabel, _ value: String) {
        families.withLock { families in
            for (name, family) in families {
                guard let position = family.metric.labels.firstIndex(of: label) else { continue }
                families[name]?.series = family.series.filter { $0.key[position] != value }
            }
        }
    }

    /// Deletes every series of a connector.
    package func remove(connector: String) {
        remove(.connector, connector)
    }

    /// A picture of all families, sorted by name.
    func snapshot() -> [Family] {
        var all = families.withLock { Array($0.values) }
        if refused.value > 0 {
            all.append(Family(metric: .seriesRefused, series: [[]: .number(refused)]))
        }
        return all.sorted { $0.metric.name < $1.metric.name }
    }

    private func number(
        _ metric: Metric,
        _ kind: Metric.Kind,
        _ labels: KeyValuePairs<MetricLabel, String>
    ) -> AtomicDouble {
        let cell = cell(metric, kind, labels) { .number(AtomicDouble()) }
        guard case .number(let number) = cell else { preconditionFailure("\(metric.name) is a histogram") }
        return number
    }

    private func cell(
        _ metric: Metric,
        _ kind: Metric.Kind,
        _ labels: KeyValuePairs<MetricLabel, String>,
        make: () -> Cell
    ) -> Cell {
        cell(metric, kind, values(of: metric, labels), make: make)
    }

    private func cell(_ metric: Metric, _ kind: Metric.Kind, _ values: [String], make: () -> Cell) -> Cell {
        precondition(metric.kind == kind, "\(metric.name) is a \(metric.kind.rawValue), not a \(kind.rawValue)")
        return families.withLock { families in
            var family = families[metric.name] ?? Family(metric: metric)
            if let cell = family.series[values] { return cell }
            let cell = make()
            guard family.series.count < seriesLimit else {
                refused.add(1)
                return cell
            }
            family.series[values] = cell
            families[metric.name] = family
            return cell
        }
    }

    private func values(
        of metric: Metric,
        _ labels: KeyValuePairs<MetricLabel, String>,
        adding more: KeyValuePairs<MetricLabel, String> = [:]
    ) -> [String] {
        precondition(labels.count + more.count == metric.labels.count, "\(metric.name) has labels \(metric.labels)")
        return metric.labels.map { label in
            let given = labels.first { $0.key == label } ?? more.first { $0.key == label }
            guard let given else { preconditionFailure("\(metric.name) needs a value for \(label.rawValue)") }
            return given.value
        }
    }
}
