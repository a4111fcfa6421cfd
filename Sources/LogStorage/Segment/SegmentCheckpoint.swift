internal import Synchronization

/// How a segment stood at one batch boundary, so that a recovery need not read what lies before it.
///
/// It is valid when the batches, the indexes' entries counted here and the producers' snapshot at `mark.offset` were on
/// disk before it was written. What the indexes end in is told too: they may have been made again since, with other
/// entries.
struct SegmentCheckpoint: Equatable {
    private(set) var baseOffset: Int64
    private(set) var mark: LogMark
    private(set) var offsetEntries: Int
    private(set) var timeEntries: Int
    private(set) var abortedEntries: Int
    /// Where the last offset entry points; -1 when there is none.
    private(set) var lastPosition: Int
    private(set) var largest: TimestampedOffset

    /// The caller keeps appends away; the last time entry is made to be the largest timestamp.
    init(of segment: LogSegment, at mark: LogMark) throws(StorageError) {
        baseOffset = segment.baseOffset
        self.mark = mark
        largest = try segment.largestTimestamp() ?? TimestampedOffset(timestamp: -1, offset: segment.baseOffset)
        segment.noteTime(largest)
        offsetEntries = try segment.offsets.count()
        timeEntries = try segment.times.count()
        abortedEntries = try segment.aborted.count()
        lastPosition = try segment.offsets.last().map { Int($0.position) } ?? -1
    }

    /// - Returns: nil when these are not the values of a checkpoint.
    init?(_ values: [Int64]) {
        guard values.count == 9, values.allSatisfy({ $0 >= -1 }) else { return nil }
        baseOffset = values[0]
        mark = LogMark(offset: values[2], position: Int(values[1]))
        offsetEntries = Int(values[3])
        timeEntries = Int(values[4])
        abortedEntries = Int(values[5])
        lastPosition = Int(values[6])
        largest = TimestampedOffset(timestamp: values[7], offset: values[8])
    }

    /// As they stand in the file.
    var values: [Int64] {
        [
            baseOffset, Int64(mark.position), mark.offset, Int64(offsetEntries), Int64(timeEntries),
            Int64(abortedEntries), Int64(lastPosition), largest.timestamp, largest.offset,
        ]
    }
}

extension LogSegment {
    /// Brings indexes and marks to where they were at the checkpoint, for a scan from there on.
    /// - Returns: false when they are not what it says; they must be made again then.
    func resume(from checkpoint: SegmentCheckpoint) throws(StorageError) -> Bool {
        guard checkpoint.baseOffset == baseOffset, checkpoint.mark.position <= byteCount,
            try offsets.cut(to: checkpoint.offsetEntries), try times.cut(to: checkpoint.timeEntries),
            try aborted.cut(to: checkpoint.abortedEntries),
            try offsets.last().map({ Int($0.position) }) ?? -1 == checkpoint.lastPosition,
            let last = try times.last(), last.timestamp == checkpoint.largest.timestamp,
            baseOffset + Int64(last.relativeOffset) == checkpoint.largest.offset
        else { return false }
        expectScan()
        state.withLock { $0.largest = checkpoint.largest }
        wantIndexEntry()
        return true
    }
}
