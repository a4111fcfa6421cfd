/// Who appends: decides which rules apply.
package enum AppendOrigin: Sendable, Hashable {
    /// A producer: epochs and sequences are checked, control batches refused.
    case client
    /// The broker's own coordinators: no sequence check.
    case coordinator
    /// A copy of another log: taken as it is, control batches included; offsets are still assigned here.
    case replicated
}

/// What an append did.
package struct AppendResult: Sendable, Hashable {
    /// The first record's offset. For a duplicate, the one it got the first time.
    package var baseOffset: Int64
    package var lastOffset: Int64
    /// The broker's time in ms given to the records, nil unless the topic uses `LogAppendTime`.
    package var logAppendTime: Int64?
    package var logStartOffset: Int64
    /// The batch was in the log already: nothing was written. It must still be durable before it is acknowledged.
    package var duplicate: Bool
    /// Which life of the log's tail this belongs to: `GroupCommitter` fails appends that a failed sync took back.
    var generation: Int
}

/// What a reader may see.
package enum Isolation: Sendable, Hashable {
    /// Up to the high watermark.
    case uncommitted
    /// Up to the last stable offset, with the aborted transactions to leave out.
    case committed
}

/// The log's marks, all of one moment:
/// `startOffset ≤ lastStableOffset ≤ highWatermark ≤ endOffset` and `durableEndOffset ≤ endOffset`
/// (a start offset moved by deletion may pass the last stable offset).
package struct LogOffsets: Sendable, Hashable {
    /// The first offset that can be read.
    package var startOffset: Int64
    /// Records below it belong to no open transaction.
    package var lastStableOffset: Int64
    /// Consumers see records below it: the durable end under group commit, else the end.
    package var highWatermark: Int64
    /// Records below it survive a power loss.
    package var durableEndOffset: Int64
    /// The offset the next record gets.
    package var endOffset: Int64
}

/// An aborted transaction whose records lie in a slice (`Fetch` response, `AbortedTransactions`).
package struct AbortedTransaction: Sendable, Hashable {
    package var producerID: Int64
    package var firstOffset: Int64
}

/// Whole record batches in a file, to be sent without copying.
///
/// `file` stays open and its bytes unchanged as long as the slice is held, even when the segment is deleted or
/// compacted meanwhile. Batches come in offset order; the first may begin before the offset asked for.
package struct LogSlice: Sendable {
    package var file: any DiskFile
    /// The first byte.
    package var position: Int
    /// Bytes; 0 when there is nothing to read at that offset yet.
    package var count: Int
    /// Sorted by first offset; empty for `Isolation.uncommitted`.
    package var abortedTransactions: [AbortedTransaction]
    package var offsets: LogOffsets
    /// The offset to read on from after this slice, or the one asked for when it is empty.
    package var nextOffset: Int64

    /// A copy of the bytes, where `sendfile` cannot be used (TLS).
    /// - Throws: `.io` when the disk fails, `.damaged` when the file is shorter than it was.
    package func bytes() throws(StorageError) -> [UInt8] {
        let bytes = try file.bytes(at: position, count: count)
        guard bytes.count == count else {
            throw StorageError(.damaged, "a segment file lost bytes: \(bytes.count) of \(count) at \(position)")
        }
        return bytes
    }
}

/// A record's timestamp (ms) and offset.
package struct TimestampedOffset: Sendable, Hashable {
    package var timestamp: Int64
    package var offset: Int64

    package init(timestamp: Int64, offset: Int64) {
        self.timestamp = timestamp
        self.offset = offset
    }
}

/// Bytes on disk that are not what was written.
package struct Damage: Sendable, Hashable {
    package var path: String
    package var position: Int
    /// The first offset after the last good batch before the damage.
    package var offset: Int64
    package var reason: String
}

/// What opening a log found and did.
package struct RecoveryReport: Sendable, Hashable {
    /// The log was closed properly: nothing was scanned.
    package var wasClean = false
    /// Bytes of a torn tail that were cut off.
    package var truncatedBytes = 0
    /// Bytes scanned and checked.
    package var scannedBytes = 0
    /// Damage inside data that had been durable; it was left in place and is not served.
    package var damages: [Damage] = []
    /// Files of an unfinished compaction or roll that were finished or removed.
    package var removedFiles: [String] = []
}

/// A producer as DescribeProducers shows it.
package struct ProducerSummary: Sendable, Hashable {
    package var producerID: Int64
    package var epoch: Int16
    /// -1 when none is known.
    package var lastSequence: Int32
    /// ms; -1 when none is known.
    package var lastTimestamp: Int64
    package var coordinatorEpoch: Int32
    /// The first offset of its open transaction.
    package var transactionStart: Int64?
}

/// What retention removed.
package struct RetentionReport: Sendable, Hashable {
    package var deletedSegments = 0
    package var deletedBytes = 0
    package var expiredProducers = 0
    package var startOffset: Int64 = 0
}

/// What a compaction pass did.
package struct CompactionReport: Sendable, Hashable {
    package var segmentsBefore = 0
    package var segmentsAfter = 0
    package var bytesBefore = 0
    package var bytesAfter = 0
    /// Batches removed or written anew with fewer records.
    package var changedBatches = 0
    package var recordsRemoved = 0
    /// Segments left as they are, with the reason: a compressed batch without codec, damage.
    package var skipped: [Damage] = []
    /// The log is compacted below this offset.
    package var cleanedTo: Int64 = 0
}
