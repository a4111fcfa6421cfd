/// How long a key is remembered, measured on the partition's own time.
///
/// **Log time.** `L(o)` is the highest timestamp among the records at offsets up to and including `o` of the partition,
/// with or without a key. It never goes back, it depends on the log alone, and no clock is asked; so a replay of the log
/// gives the same answers.
///
/// **Rule.** A record at offset `o` with key `k` is a duplicate iff some earlier offset carried `k` with a timestamp `t`
/// and `L(o) - t < window`. A duplicate counts as having carried `k` too, so it extends the memory of `k`. For records in
/// timestamp order `L(o)` is the record's own timestamp. A record that comes late is judged at the log time it meets.
///
/// | window 100, key seen at | this record | log time | answer |
/// |---|---|---|---|
/// | 1000 | 1099 | 1099 | duplicate (99 < 100) |
/// | 1000 | 1100 | 1100 | first (100 is not < 100) |
/// | 1000 | 1050 | 1150 | first (a record at 1150 came in between) |
/// | 1080 | 1050 | 1150 | duplicate: earlier in the log, though later by its timestamp |
///
/// **Why forgetting is exact.** Timestamps are kept to the millisecond beside each key, and every answer compares them, so
/// generations never blur the edge. A generation holds the timestamps `[i·span, (i+1)·span)`. It is dropped once
/// `L - ((i+1)·span - 1) >= window`, that is when even its youngest possible entry has left the window; as `L` never
/// falls, none of its entries could ever be live again. The same holds for a journal row, with its highest timestamp in
/// place of the generation's end. `L` is taken at the *committed* offset, because what lies beyond may be taken back.
///
/// Timestamps below 0 (Kafka's -1 for "none") count as 0, those above 2⁵² as 2⁵². A record stamped far in the future
/// moves log time with it and makes everything before it expire: no record is lost by that, but duplicates of
/// earlier ones pass until timestamps catch up. See `message.timestamp.after.max.ms` (KIP-937) for the broker's guard.
struct DedupeWindow: Sendable, Equatable {
    /// The window's length; 1 to 2⁴⁰ (34 years).
    let milliseconds: Int64
    /// The length of a generation: half a window, and little enough for a 32-bit time in it (49 days).
    let span: Int64

    /// Log time before the first record; older than everything.
    static let beginning = Int64.min

    /// - Throws: ``DedupeError/Code/configuration`` when `duration` is below 1 ms or above 2⁴⁰ ms.
    init(_ duration: Duration) throws(DedupeError) {
        let (seconds, attoseconds) = duration.components
        let longest: Int64 = 1 << 40
        guard duration >= .milliseconds(1), seconds < longest / 1000 else {
            throw DedupeError(
                .configuration,
                "the dedupe window is \(duration); it must lie between 1 ms and \(longest / 1000) s"
            )
        }
        milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        span = min((milliseconds + 1) / 2, Int64(UInt32.max))
    }

    /// The timestamp as it is compared and stored: within 0...2⁵².
    static func clamp(_ milliseconds: Int64) -> Int64 {
        min(max(milliseconds, 0), 1 << 52)
    }

    /// Whether a key last seen at `timestamp` is still remembered at log time `logTime`.
    func isLive(_ timestamp: Int64, at logTime: Int64) -> Bool {
        timestamp > horizon(at: logTime)
    }

    /// The youngest timestamp that is no longer remembered at log time `logTime`.
    func horizon(at logTime: Int64) -> Int64 {
        logTime == Self.beginning ? Self.beginning : logTime - milliseconds
    }

    /// The number of the generation that holds `timestamp`, which is not negative.
    func generation(of timestamp: Int64) -> Int64 {
        timestamp / span
    }

    /// The first timestamp of a generation.
    func start(of generation: Int64) -> Int64 {
        generation * span
    }

    /// Whether nothing that a generation can hold is remembered at log time `logTime`, now or later.
    func isExpired(generation: Int64, at logTime: Int64) -> Bool {
        !isLive(start(of: generation + 1) - 1, at: logTime)
    }
}
