internal import Foundation

/// A Prometheus histogram, read from the text format: cumulative counts by upper bound.
struct HistogramReading {
    private(set) var buckets: [(bound: Double, count: Double)] = []

    /// The histograms of one name, by their label `connector`.
    static func all(named name: String, in text: String) -> [String: HistogramReading] {
        var readings: [String: HistogramReading] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix(name + "_bucket{") {
            guard let connector = label("connector", of: line), let bound = label("le", of: line),
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { continue }
            readings[connector, default: HistogramReading()].buckets.append((Double(bound) ?? .infinity, value))
        }
        return readings
    }

    /// The value below which the given part of the observations lie, interpolated inside its bucket as PromQL's
    /// `histogram_quantile` does; 0 without observations, the highest finite bound beyond it.
    func quantile(_ part: Double) -> Double {
        let sorted = buckets.sorted { $0.bound < $1.bound }
        guard let total = sorted.last?.count, total > 0 else { return 0 }
        let rank = part * total
        var lower = (bound: 0.0, count: 0.0)
        for bucket in sorted {
            if bucket.count >= rank {
                guard bucket.bound.isFinite else { return lower.bound }
                let inside = bucket.count - lower.count
                let share = inside == 0 ? 0 : (rank - lower.count) / inside
                return lower.bound + (bucket.bound - lower.bound) * share
            }
            lower = bucket
        }
        return lower.bound
    }

    private static func label(_ name: String, of line: Substring) -> String? {
        guard let start = line.range(of: "\(name)=\"") else { return nil }
        return line[start.upperBound...].prefix { $0 != "\"" }.description
    }
}
