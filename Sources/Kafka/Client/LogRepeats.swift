/// Thins out what librdkafka says again and again while a broker is away.
///
/// Two lines are the same when they differ in numbers only: addresses' ports and elapsed times change with every attempt.
/// The first is let through, then one in ``interval``, with the count of those that it stands for. Lines about fatal errors
/// always come through. Bounded: at most ``limit`` lines are remembered, and the oldest is forgotten.
struct LogRepeats {
    static let interval = Duration.seconds(30)
    static let limit = 64

    private struct Entry {
        var shown: ContinuousClock.Instant
        var hidden = 0
    }

    private var entries: [String: Entry] = [:]

    /// - Returns: how many lines this one stands for, itself included; `nil` to hide it.
    mutating func admit(_ facility: String, _ message: String, at now: ContinuousClock.Instant) -> Int? {
        guard facility != "FATAL" else { return 1 }
        let key = facility + " " + String(String.UnicodeScalarView(message.unicodeScalars.filter { !Self.isDigit($0) }))
        if var entry = entries[key], entry.shown.duration(to: now) < Self.interval {
            entry.hidden += 1
            entries[key] = entry
            return nil
        }
        let hidden = entries[key]?.hidden ?? 0
        entries[key] = Entry(shown: now)
        if entries.count > Self.limit, let oldest = entries.min(by: { $0.value.shown < $1.value.shown }) {
            entries[oldest.key] = nil
        }
        return hidden + 1
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
