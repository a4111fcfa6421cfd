/// Percentiles of durations in fixed memory, for tables and tests; a value, for one thread at a time.
///
/// Buckets are powers of two of a nanosecond, each cut in 32 (as HdrHistogram does), so a quantile is at most 1/32
/// (3.2 %) above the true value and never below it. Range: 1 ns to 292 years; negative durations count as zero.
package struct LatencyRecorder: Sendable {
    private static let cuts = 32
    private static let cutBits = 5

    /// Durations recorded.
    package private(set) var count = 0
    /// The longest, exactly; zero when there is none.
    package private(set) var maximum = Duration.zero
    private var total = Duration.zero
    private var buckets: [Int] = []

    /// A recorder of nothing.
    package init() {}

    /// The mean; zero when there is none.
    package var mean: Duration { count == 0 ? .zero : total / count }

    /// Counts one duration.
    package mutating func record(_ duration: Duration) {
        let duration = max(duration, .zero)
        let parts = duration.components
        let bucket = LatencyRecorder.bucket(
            of: UInt64(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
        )
        if bucket >= buckets.count { buckets += Array(repeating: 0, count: bucket + 1 - buckets.count) }
        buckets[bucket] += 1
        count += 1
        total += duration
        maximum = max(maximum, duration)
    }

    /// Adds another recorder's durations.
    package mutating func merge(_ other: LatencyRecorder) {
        if other.buckets.count > buckets.count {
            buckets += Array(repeating: 0, count: other.buckets.count - buckets.count)
        }
        for (index, count) in other.buckets.enumerated() { buckets[index] += count }
        count += other.count
        total += other.total
        maximum = max(maximum, other.maximum)
    }

    /// The smallest bucket bound that `quantile` (0 to 1) of the durations do not exceed; zero when there is none.
    package func quantile(_ quantile: Double) -> Duration {
        guard count > 0 else { return .zero }
        let rank = min(max(Int((quantile * Double(count)).rounded(.up)), 1), count)
        var seen = 0
        for (index, inBucket) in buckets.enumerated() {
            seen += inBucket
            if seen >= rank { return min(maximum, .nanoseconds(Int64(LatencyRecorder.upperBound(of: index)))) }
        }
        return maximum
    }

    /// Half of the durations are no longer.
    package var p50: Duration { quantile(0.5) }
    /// 95 % of the durations are no longer.
    package var p95: Duration { quantile(0.95) }
    /// 99 % of the durations are no longer.
    package var p99: Duration { quantile(0.99) }

    /// Below 32 ns each nanosecond has a bucket; above, the five bits after the leading one choose it.
    private static func bucket(of nanoseconds: UInt64) -> Int {
        guard nanoseconds >= UInt64(cuts) else { return Int(nanoseconds) }
        let shift = UInt64.bitWidth - 1 - nanoseconds.leadingZeroBitCount - cutBits
        return (shift + 1) * cuts + Int(nanoseconds >> UInt64(shift)) - cuts
    }

    /// The largest number of nanoseconds in the bucket.
    private static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= cuts else { return UInt64(bucket) }
        let shift = UInt64(bucket / cuts - 1)
        return (UInt64(bucket % cuts + cuts + 1) << shift) - 1
    }
}
