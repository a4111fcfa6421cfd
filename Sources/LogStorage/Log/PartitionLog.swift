package import NIOCore

/// One partition's log on disk.
///
/// Any thread may call anything; calls block on the disk, so none belongs on an event loop or the cooperative pool.
/// One append at a time runs inside; reads wait neither for appends nor for syncs.
package final class PartitionLog: Sendable {
    package let directory: String
    /// What `open` found.
    package let recovery: RecoveryReport

    init(directory: String) {
        self.directory = directory
        recovery = RecoveryReport()
    }

    /// Opens or creates the log, after a crash cutting off a torn tail and nothing else.
    /// - Parameter now: ms since 1970.
    /// - Throws: `.configuration`, `.newerFormat`, `.diskFull`, `.io`.
    package static func open(
        directory: String,
        configuration: LogConfiguration,
        files: FileCache,
        now: Int64
    ) throws(StorageError) -> PartitionLog { throw .unbuilt }

    package var configuration: LogConfiguration { LogConfiguration() }
    package func update(_ configuration: LogConfiguration) throws(StorageError) { throw .unbuilt }

    package var offsets: LogOffsets {
        LogOffsets(startOffset: 0, lastStableOffset: 0, highWatermark: 0, durableEndOffset: 0, endOffset: 0)
    }
    /// Bytes in segment files.
    package var byteCount: Int { 0 }

    /// Called after the high watermark or the last stable offset has moved, on the thread that moved it, with no lock
    /// held; must not block. One observer; a later call replaces it.
    package func observe(_ onAdvance: @escaping @Sendable () -> Void) {}

    /// Appends whole record batches (v2), assigning offsets. Not durable before `sync`: see `GroupCommitter.commit`.
    /// - Parameter leaderEpoch: written into the batches.
    /// - Throws: `.corruptBatch`, `.invalidRecord`, `.invalidTimestamp`, `.unsupportedFormat`, `.batchTooLarge`,
    ///   `.outOfOrderSequence`, `.duplicateSequence`, `.invalidProducerEpoch`, `.invalidTransactionState`, `.diskFull`,
    ///   `.io`, `.unavailable`, `.closed`. Nothing was appended then.
    package func append(
        _ batches: ByteBuffer,
        origin: AppendOrigin,
        leaderEpoch: Int32,
        now: Int64
    ) throws(StorageError) -> AppendResult { throw .unbuilt }

    /// Appends a transaction's commit or abort marker; returns its offset.
    /// - Throws: `.invalidProducerEpoch`, `.coordinatorFenced` and what `append` throws of the disk.
    package func appendMarker(
        producerID: Int64,
        epoch: Int16,
        committed: Bool,
        coordinatorEpoch: Int32,
        leaderEpoch: Int32,
        now: Int64
    ) throws(StorageError) -> Int64 { throw .unbuilt }

    /// Whole batches from the one that holds `offset` (or the first after it), of one segment.
    /// - Parameters:
    ///   - maxBytes: bound on the slice; with `minOneBatch` the first batch is returned even when larger.
    /// - Throws: `.offsetOutOfRange` outside `startOffset...highWatermark`; `.damaged` when the batch wanted is not
    ///   what was written; `.io`.
    package func read(
        from offset: Int64,
        maxBytes: Int,
        minOneBatch: Bool,
        isolation: Isolation
    ) throws(StorageError) -> LogSlice { throw .unbuilt }

    /// The first record with this timestamp or a later one, nil when there is none that the isolation shows.
    /// In a compressed batch whose codec is missing, the batch's first offset is given.
    package func offset(
        forTimestamp timestamp: Int64,
        isolation: Isolation
    ) throws(StorageError) -> TimestampedOffset? { throw .unbuilt }

    /// The record with the largest timestamp (ListOffsets -3), nil when the log is empty.
    package func maxTimestamp() throws(StorageError) -> TimestampedOffset? { throw .unbuilt }

    /// Makes everything appended before the call durable. Returns at once when it is.
    /// - Throws: `.io`, `.diskFull`: what was not durable may be lost, and its appends must not be acknowledged.
    package func sync() throws(StorageError) { throw .unbuilt }

    /// Deletes records below `offset` (-1: all below the high watermark), durably; returns the new start offset.
    /// - Throws: `.offsetOutOfRange` beyond the high watermark.
    package func deleteRecords(before offset: Int64) throws(StorageError) -> Int64 { throw .unbuilt }

    /// Deletes segments that are too old or too many, forgets idle producers, closes a segment past its time.
    package func applyRetention(now: Int64) throws(StorageError) -> RetentionReport { throw .unbuilt }

    /// One compaction pass, when the topic is compacted and enough is new (or `force`).
    package func compact(now: Int64, force: Bool = false) throws(StorageError) -> CompactionReport { throw .unbuilt }

    /// Reads and checks every batch; for an operator, not for every day.
    package func verify() throws(StorageError) -> [Damage] { throw .unbuilt }

    /// Producers known, sorted by id.
    package func producers() -> [ProducerSummary] { [] }

    /// The epoch and sequences of one producer are forgotten no earlier than it expires.
    /// Closes the log. `clean`: syncs and leaves a marker, so that the next open scans nothing.
    package func close(clean: Bool) throws(StorageError) { throw .unbuilt }

    /// Closes the log and removes its files and directory.
    package func delete() throws(StorageError) { throw .unbuilt }
}

extension StorageError {
    static let unbuilt = StorageError(.unavailable, "this part of the log is not written yet")
}
