internal import Foundation

/// One measured quantity: the samples of one run of `busbar-bench`, shown as median and spread.
struct Figure {
    let bench: String
    /// What was measured, for example `ratio_to_c`.
    let name: String
    let unit: String
    let samples: [Double]

    init(_ bench: String, _ name: String, unit: String, _ samples: [Double]) {
        precondition(!samples.isEmpty, "a figure needs samples")
        self.bench = bench
        self.name = name
        self.unit = unit
        self.samples = samples.sorted()
    }

    /// How many times the rate per second of CPU of others `own` has, run by run.
    static func cpuRatio(_ bench: String, _ name: String, _ own: [Sample], to others: [Sample]) -> Figure {
        Figure(bench, name, unit: "ratio", zip(own, others).map { $0.cpuRate / $1.cpuRate })
    }

    var median: Double {
        let middle = samples.count / 2
        return samples.count.isMultiple(of: 2) ? (samples[middle - 1] + samples[middle]) / 2 : samples[middle]
    }

    /// The line that other programs read (DESIGN.md, section 4).
    func json() throws -> String {
        let line = Line(
            bench: bench,
            figure: name,
            unit: unit,
            median: rounded(median),
            min: rounded(samples[0]),
            max: rounded(samples[samples.count - 1]),
            runs: samples.count
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(line), as: UTF8.self)
    }

    /// The line that people read.
    var text: String {
        let values = [median, samples[0], samples[samples.count - 1]].map { String(rounded($0)) }
        return "\(bench) \(name): \(values[0]) \(unit) (\(values[1]) to \(values[2]), \(samples.count) runs)"
    }

    /// To four significant digits; below 1 to four decimals.
    private func rounded(_ value: Double) -> Double {
        guard value.isFinite, value != 0 else { return value }
        let scale = pow(10, 3 - floor(log10(max(abs(value), 0.1))))
        return (value * scale).rounded() / scale
    }

    private struct Line: Encodable {
        let bench: String
        let figure: String
        let unit: String
        let median: Double
        let min: Double
        let max: Double
        let runs: Int
    }
}
