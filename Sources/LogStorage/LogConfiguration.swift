/// When appended data reaches the disk, and what is told before it has.
package enum FlushPolicy: Sendable, Hashable {
    /// An append is durable before it is acknowledged or shown to consumers. Appends that arrive within `window`
    /// (0 to 5 ms) of a sync share the next one; `bytes` waiting start it at once.
    case groupCommit(window: Duration, bytes: Int)
    /// Appends are acknowledged and visible when written; a sync follows within the interval (1 ms to 1 h). A power
    /// loss can take back that much; a killed process cannot.
    case interval(Duration)

    /// Sync before acknowledging, at most every 2 ms under load.
    package static let standard = FlushPolicy.groupCommit(window: .milliseconds(2), bytes: 4 << 20)
}

/// Which clock a record's timestamp is of: `message.timestamp.type`.
package enum TimestampSource: Sendable, Hashable {
    case createTime
    case logAppendTime
}

/// One partition's settings. Names and meanings are Kafka's topic settings'; times are milliseconds, sizes bytes.
package struct LogConfiguration: Sendable, Hashable {
    /// A segment is closed before it would grow beyond this many bytes (`segment.bytes`, 1 KiB to 2 GiB - 1).
    package var segmentBytes = 1 << 30
    /// A segment is closed when its first record is this old (`segment.ms`, at least 1).
    package var segmentMilliseconds: Int64 = 7 * 24 * 3_600_000
    /// One index entry for this many bytes of log (`index.interval.bytes`, at least 1).
    package var indexIntervalBytes = 4096
    /// Whether old segments are deleted (`cleanup.policy` contains `delete`).
    package var deletes = true
    /// Whether only the last value of a key is kept (`cleanup.policy` contains `compact`).
    package var compacts = false
    /// Age at which a segment is deleted, nil for never (`retention.ms`).
    package var retentionMilliseconds: Int64? = 7 * 24 * 3_600_000
    /// Size above which the oldest segments are deleted, nil for none (`retention.bytes`).
    package var retentionBytes: Int? = nil
    /// How long compaction keeps a tombstone (`delete.retention.ms`).
    package var deleteRetentionMilliseconds: Int64 = 24 * 3_600_000
    /// Records younger than this are not compacted (`min.compaction.lag.ms`).
    package var minCompactionLagMilliseconds: Int64 = 0
    /// Compaction waits until this share of the bytes is new, 0 to 1 (`min.cleanable.dirty.ratio`).
    package var minCleanableRatio = 0.5
    /// Keys that one compaction pass may hold in memory; a larger log takes more passes. At least 1.
    package var compactionKeys = 1 << 18
    /// Bytes of those keys at most, at least 1.
    package var compactionKeyBytes = 32 << 20
    /// The largest batch taken (`max.message.bytes`).
    package var maxBatchBytes = 1_048_588
    /// `message.timestamp.type`.
    package var timestamps = TimestampSource.createTime
    /// How far a record's timestamp may lie in the future, nil for any (`message.timestamp.after.max.ms`).
    package var maxFutureMilliseconds: Int64? = nil
    /// A producer silent for this long, with no transaction open, is forgotten (`producer.id.expiration.ms`).
    package var producerExpirationMilliseconds: Int64 = 24 * 3_600_000
    /// Producers remembered at most; beyond it those silent longest, with no transaction open, are forgotten first.
    package var maxProducers = 100_000
    package var flush = FlushPolicy.standard
    /// The group committer writes a checkpoint when the active segment has grown by this many bytes, at least 1: what a
    /// recovery reads of each partition at most, plus what came since.
    package var checkpointBytes = 32 << 20

    package init() {}

    /// - Throws: `.configuration` naming the first setting out of range.
    package func validate() throws(StorageError) {
        try check("segment.bytes", segmentBytes, in: 1024...Int(Int32.max))
        try check("segment.ms", Int(segmentMilliseconds), in: 1...Int.max)
        try check("index.interval.bytes", indexIntervalBytes, in: 1...Int(Int32.max))
        try check("retention.ms", Int(retentionMilliseconds ?? 0), in: 0...Int.max)
        try check("retention.bytes", retentionBytes ?? 0, in: 0...Int.max)
        try check("delete.retention.ms", Int(deleteRetentionMilliseconds), in: 0...Int.max)
        try check("min.compaction.lag.ms", Int(minCompactionLagMilliseconds), in: 0...Int.max)
        try check("max.message.bytes", maxBatchBytes, in: 61...Int(Int32.max))
        try check("producer.id.expiration.ms", Int(producerExpirationMilliseconds), in: 1...Int.max)
        try check("compaction keys", compactionKeys, in: 1...Int(Int32.max))
        try check("compaction key bytes", compactionKeyBytes, in: 1...Int.max)
        try check("producers remembered", maxProducers, in: 1...Int(Int32.max))
        try check("checkpoint bytes", checkpointBytes, in: 1...Int.max)
        guard (0...1).contains(minCleanableRatio) else {
            throw StorageError(.configuration, "min.cleanable.dirty.ratio is \(minCleanableRatio); give 0 to 1")
        }
        try validateFlush()
    }

    private func validateFlush() throws(StorageError) {
        switch flush {
        case .groupCommit(let window, let bytes):
            guard window >= .zero, window <= .milliseconds(5) else {
                throw StorageError(.configuration, "the group-commit window is \(window); give 0 to 5 ms")
            }
            try check("group-commit bytes", bytes, in: 1...Int.max)
        case .interval(let interval):
            guard interval >= .milliseconds(1), interval <= .seconds(3600) else {
                throw StorageError(.configuration, "the sync interval is \(interval); give 1 ms to 1 h")
            }
        }
    }

    private func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws(StorageError) {
        guard range.contains(value) else {
            let message = "\(name) is \(value); give \(range.lowerBound) to \(range.upperBound)"
            throw StorageError(.configuration, message)
        }
    }
}
