internal import Synchronization

/// A series of observations in buckets. Observing takes a short lock, once per call: observe whole batches. Any thread.
package final class Histogram: Sendable {
    /// A consistent picture: the counts always sum to ``count``.
    struct Snapshot {
        /// Observations per bucket, not cumulative; the last is for everything above the last bound.
        var counts: [UInt64]
        var sum = 0.0
        var count: UInt64 { counts.reduce(0, +) }
    }

    /// Upper bounds, inclusive, ascending.
    let bounds: [Double]
    private let state: Mutex<Snapshot>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(Snapshot(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    /// Counts one observation in the metric's unit. What is not a number is not counted.
    package func observe(_ value: Double) {
        observe([value])
    }

    /// Counts one duration in seconds.
    package func observe(_ duration: Duration) {
        observe([duration.seconds])
    }

    /// Counts a batch of observations under one lock.
    package func observe(_ values: [Double]) {
        state.withLock { state in
            for value in values where !value.isNaN {
                state.counts[bucket(of: value)] += 1
                state.sum += value
            }
        }
    }

    func snapshot() -> Snapshot {
        state.withLock { $0 }
    }

    private func bucket(of value: Double) -> Int {
        bounds.firstIndex { value <= $0 } ?? bounds.count
    }
}

extension Duration {
    /// Seconds as metrics and logs want them.
    package var seconds: Double {
        let parts = components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }
}
