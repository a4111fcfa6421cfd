/// What appends own, guarded by the append lock.
struct LogWriter {
    var producers: ProducerTable
    /// ms; when the active segment got its first batch.
    var segmentSince: Int64?
    /// A failed write left bytes behind the end that could not be cut off.
    var hasGarbage = false
    /// A compaction's swap that was decided and could not be completed.
    var pendingSwap: PendingSwap?
    /// The marker of the last clean stop is still there.
    var hasCleanMarker: Bool
    /// Index writes that failed; they are repeated, and reported when the segment closes.
    var indexFailure: StorageError?
}
