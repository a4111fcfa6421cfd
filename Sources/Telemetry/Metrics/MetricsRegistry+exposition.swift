extension MetricsRegistry {
    /// The content type of ``exposition()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// All series in the Prometheus text format 0.0.4 (prometheus.io, "Exposition formats"), sorted by metric and label
    /// values, so that equal states give equal text. Metrics without series are left out.
    package func exposition() -> String {
        var text = ""
        for family in snapshot() where !family.series.isEmpty {
            let metric = family.metric
            text += "# HELP \(metric.name) \(escape(metric.help, quotes: false))\n"
            text += "# TYPE \(metric.name) \(metric.kind.rawValue)\n"
            for (values, cell) in family.series.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                let labels = zip(metric.labels, values).map { ($0.rawValue, $1) }
                switch cell {
                case .number(let number): text += line(metric.name, labels, number.value)
                case .histogram(let histogram): text += lines(metric.name, labels, histogram)
                }
            }
        }
        return text
    }

    private func lines(_ name: String, _ labels: [(String, String)], _ histogram: Histogram) -> String {
        let snapshot = histogram.snapshot()
        var text = ""
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.bounds + [.infinity], snapshot.counts) {
            cumulative += count
            text += line("\(name)_bucket", labels + [("le", number(bound))], Double(cumulative))
        }
        text += line("\(name)_sum", labels, snapshot.sum)
        text += line("\(name)_count", labels, Double(cumulative))
        return text
    }

    private func line(_ name: String, _ labels: [(String, String)], _ value: Double) -> String {
        let pairs = labels.map { "\($0.0)=\"\(escape($0.1, quotes: true))\"" }.joined(separator: ",")
        return labels.isEmpty ? "\(name) \(number(value))\n" : "\(name){\(pairs)} \(number(value))\n"
    }

    /// A value as Go's `strconv.ParseFloat` reads it; whole numbers without a fraction.
    private func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }

    /// Backslash and line feed are escaped everywhere, the quote in label values only.
    private func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
