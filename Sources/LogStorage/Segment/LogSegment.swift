internal import Synchronization

/// One segment: a file of batches from `baseOffset` on, with its indexes.
///
/// One writer at a time (the log's append lock); any number of readers beside it.
final class LogSegment: Sendable {
    struct State {
        var byteCount: Int
        /// Bytes since the last index entry.
        var unindexed = 0
        /// The largest timestamp; nil until it was asked of the time index.
        var largest: TimestampedOffset?
        /// The first batch's largest timestamp.
        var firstTimestamp: Int64?
        var verified = VerifiedRanges()
        var indexesChecked = false
        /// Where the next segment begins, once nothing is appended here any more.
        var nextBase: Int64?
        /// The file was replaced or removed: its name may now be another's.
        var isRetired = false
    }

    let directory: String
    let baseOffset: Int64
    let log: FileCache.Name
    let files: FileCache
    let offsets: IndexFile<OffsetEntry>
    let times: IndexFile<TimeEntry>
    let aborted: IndexFile<AbortedEntry>
    let state: Mutex<State>
    /// One rebuild of the indexes at a time; readers beside it find less in them and walk further.
    let rebuild = Mutex<Void>(())
    /// A segment with an empty index may have this many bytes; with more, the index lost its entries.
    static let unindexedBytes = 1 << 20

    init(directory: String, baseOffset: Int64, byteCount: Int, files: FileCache) {
        func path(_ suffix: String) -> String { SegmentPaths.path(directory, baseOffset, suffix) }
        self.directory = directory
        self.baseOffset = baseOffset
        self.files = files
        log = FileCache.Name(path(SegmentPaths.log))
        offsets = IndexFile(path(SegmentPaths.index), files: files)
        times = IndexFile(path(SegmentPaths.timeIndex), files: files)
        aborted = IndexFile(path(SegmentPaths.transactionIndex), files: files)
        state = Mutex(State(byteCount: byteCount))
    }

    var path: String { log.path }
    var byteCount: Int { state.withLock { $0.byteCount } }

    /// The open file of batches.
    /// - Throws: `.notFound` when the segment was removed or replaced meanwhile: look at the log again.
    func file() throws(StorageError) -> any DiskFile {
        let file = try files.file(log)
        guard !state.withLock({ $0.isRetired }) else {
            files.drop(log)
            throw StorageError(.notFound, "the segment was replaced", path: path)
        }
        return file
    }

    /// Creates the files of a new segment, empty.
    func create() throws(StorageError) {
        try files.file(log, create: true).truncate(to: 0)
        try resetIndexes()
        state.withLock { $0.indexesChecked = true }
    }

    func setByteCount(_ count: Int) {
        state.withLock { $0.byteCount = count }
    }

    func markVerified(_ range: Range<Int>) {
        state.withLock { $0.verified.insert(range) }
    }

    /// The marks are about to be made by a scan from the front.
    func expectScan() {
        state.withLock { $0 = State(byteCount: $0.byteCount, indexesChecked: true) }
    }

    /// Nothing is appended any more: the next segment has begun at that offset.
    func markSealed(before nextBase: Int64) {
        state.withLock { $0.nextBase = nextBase }
    }

    /// The offsets that batches here may have, by the layout of the log.
    var offsetRange: Range<Int64> {
        let last = baseOffset + min(Int64(Int32.max), Int64.max - 1 - baseOffset) + 1
        return baseOffset..<(state.withLock { $0.nextBase } ?? last)
    }

    /// To be called before the file under this name is replaced or removed.
    func retire() {
        state.withLock { $0.isRetired = true }
        for name in [log, offsets.name, times.name, aborted.name] { files.drop(name) }
    }

    /// Removes the files.
    func remove() throws(StorageError) {
        retire()
        for suffix in SegmentPaths.ofSegment {
            try files.disk.remove(SegmentPaths.path(directory, baseOffset, suffix))
        }
    }

    /// Takes note of a batch that was written at the end. `header` has its final offsets.
    func extend(by header: BatchHeader, interval: Int) {
        let position = state.withLock { state in
            defer { state.byteCount += header.byteCount }
            return state.byteCount
        }
        note(header, at: position, interval: interval)
        state.withLock { $0.verified.insert(position..<position + header.byteCount) }
    }

    /// Index entries and marks for the batch at `position`.
    func note(_ header: BatchHeader, at position: Int, interval: Int) {
        let relative = Int32(clamping: header.lastOffset - baseOffset)
        let entry = state.withLock { state -> (isDue: Bool, largest: TimestampedOffset?) in
            let largestBefore = state.largest
            if state.firstTimestamp == nil { state.firstTimestamp = header.maxTimestamp }
            if header.maxTimestamp > (state.largest?.timestamp ?? -1) {
                state.largest = TimestampedOffset(timestamp: header.maxTimestamp, offset: header.lastOffset)
            }
            let isDue = state.unindexed > interval
            state.unindexed = isDue ? header.byteCount : state.unindexed + header.byteCount
            return (isDue, largestBefore)
        }
        guard entry.isDue else { return }
        offsets.append(OffsetEntry(relativeOffset: relative, position: Int32(clamping: position)))
        if let largest = entry.largest { noteTime(largest) }
    }

    func noteTime(_ largest: TimestampedOffset) {
        times.appendIfLarger(
            TimeEntry(timestamp: largest.timestamp, relativeOffset: Int32(clamping: largest.offset - baseOffset))
        )
    }

    /// Writes index buffers that are full. What cannot be written stays in the buffer and is reported by `seal`.
    func flushIndexes() -> StorageError? {
        do throws(StorageError) {
            if offsets.wantsFlush { try offsets.flush() }
            if times.wantsFlush { try times.flush() }
            if aborted.wantsFlush { try aborted.flush() }
            return nil
        } catch {
            return error
        }
    }

    /// Completes the indexes and makes them durable; the batches are synced by the caller.
    func seal() throws(StorageError) {
        if let largest = state.withLock({ $0.largest }) { noteTime(largest) }
        try syncIndexes()
    }

    func syncIndexes() throws(StorageError) {
        try offsets.sync()
        try times.sync()
        try aborted.sync()
    }

    func resetIndexes() throws(StorageError) {
        try offsets.reset()
        try times.reset()
        try aborted.reset()
    }
}

extension IndexFile<TimeEntry> {
    /// Timestamps in the index ascend.
    func appendIfLarger(_ entry: TimeEntry) {
        append(entry, ifAfter: { $0.timestamp < entry.timestamp })
    }
}
