internal import Synchronization

/// Finding batches.
extension LogSegment {
    /// A batch and where it begins.
    struct Found {
        var position: Int
        var header: BatchHeader
    }

    /// Headers from a batch's begin on.
    func walker(from position: Int, limit: Int? = nil) throws(StorageError) -> HeaderWalker {
        HeaderWalker(
            file: try file(),
            path: path,
            offsets: offsetRange,
            from: position,
            limit: limit ?? byteCount
        )
    }

    /// The first batch whose last offset is `offset` or larger, nil when the segment ends before.
    func locate(_ offset: Int64) throws(StorageError) -> Found? {
        let start = try indexed(for: offset)
        var walker = try walker(from: start)
        while true {
            let position = walker.position
            guard let header = try walker.next() else { return nil }
            if header.lastOffset >= offset { return Found(position: position, header: header) }
        }
    }

    /// The begin of a batch at or before the one that holds `offset`, by the index.
    private func indexed(for offset: Int64) throws(StorageError) -> Int {
        try checkIndexes()
        let relative = offset - baseOffset
        guard let entry = try offsets.lastEntry(where: { Int64($0.relativeOffset) <= relative }) else { return 0 }
        if try isRight(entry) { return Int(entry.position) }
        guard state.withLock({ $0.nextBase != nil }) else { return 0 }
        try rebuildIndexes()
        guard let entry = try offsets.lastEntry(where: { Int64($0.relativeOffset) <= relative }) else { return 0 }
        return Int(entry.position)
    }

    /// Whether the batch that the entry names is there.
    private func isRight(_ entry: OffsetEntry) throws(StorageError) -> Bool {
        let limit = byteCount
        guard entry.position >= 0, Int(entry.position) < limit else { return false }
        var walker = try walker(from: Int(entry.position), limit: limit)
        guard let header = try walker.header(at: Int(entry.position)) else { return false }
        return header.lastOffset == baseOffset + Int64(entry.relativeOffset)
    }

    /// The end of the last whole batch at or before `limit`, from the batch that begins at `start` on.
    func wholeEnd(from start: Int, upTo limit: Int, bound: Int) throws(StorageError) -> Int {
        guard limit < bound else { return bound }
        try checkIndexes()
        let entry = try offsets.lastEntry { Int($0.position) <= limit }
        var from = start
        if let entry, Int(entry.position) > start, try isRight(entry) { from = Int(entry.position) }
        var walker = try walker(from: from, limit: bound)
        while true {
            let end = walker.position
            guard try walker.next() != nil, walker.position <= limit else { return end }
        }
    }

    /// The offset behind the last batch of a range of whole batches.
    func nextOffset(atEndOf range: Range<Int>) throws(StorageError) -> Int64 {
        let entry = try offsets.lastEntry { Int($0.position) < range.upperBound }
        var from = range.lowerBound
        if let entry, Int(entry.position) > from, try isRight(entry) { from = Int(entry.position) }
        var walker = try walker(from: from, limit: range.upperBound)
        var next = baseOffset
        while let header = try walker.next() { next = header.nextOffset }
        return next
    }

    /// Transactions whose abort marker is in this segment. Most segments have none, and that is remembered.
    func abortedEntries() throws(StorageError) -> [AbortedEntry] {
        try aborted.count() == 0 ? [] : try aborted.all()
    }

    /// The end of the bytes from `start` on that are what was written, at most `end`; equal to `start` when the first
    /// batch is not. Bytes already checked in this process's life are not read again.
    func verifiedEnd(from start: Int, to end: Int) throws(StorageError) -> Int {
        let known = state.withLock { $0.verified.end(from: start) }
        if known >= end { return end }
        var walker = try walker(from: known, limit: end)
        let size = byteCount
        let file = try file()
        var good = known
        while true {
            let header: BatchHeader?
            do { header = try walker.next() } catch {
                guard error.code == .damaged else { throw error }
                break
            }
            guard let header, try file.matchesChecksum(header, at: good), try walker.isFollowed(upTo: size) else {
                break
            }
            good = walker.position
        }
        let checked = known..<good
        state.withLock { $0.verified.insert(checked) }
        return good
    }

    /// The largest timestamp and its batch's last offset, nil when the segment is empty.
    func largestTimestamp() throws(StorageError) -> TimestampedOffset? {
        if let largest = state.withLock({ $0.largest }) { return largest }
        guard byteCount > 0 else { return nil }
        try checkIndexes()
        if try times.last() == nil { try rebuildIndexes() }
        guard let last = try times.last() else { return nil }
        let largest = TimestampedOffset(timestamp: last.timestamp, offset: baseOffset + Int64(last.relativeOffset))
        state.withLock { $0.largest = largest }
        return largest
    }

    /// The begin of a batch before which every record is older than `timestamp`.
    func position(beforeTimestamp timestamp: Int64) throws(StorageError) -> Int {
        try checkIndexes()
        guard let entry = try times.lastEntry(where: { $0.timestamp <= timestamp }) else { return 0 }
        return try indexed(for: baseOffset + Int64(entry.relativeOffset))
    }

    /// Once per life: the index files are whole, or are made again.
    func checkIndexes() throws(StorageError) {
        guard !state.withLock({ $0.indexesChecked }) else { return }
        if try areIndexesIntact() {
            state.withLock { $0.indexesChecked = true }
        } else {
            try rebuildIndexes()
        }
    }

    private func areIndexesIntact() throws(StorageError) -> Bool {
        guard try offsets.isWhole(), try times.isWhole() else { return false }
        if let last = try offsets.last() { return try isRight(last) }
        return byteCount <= Self.unindexedBytes
    }

    /// Bytes of log for an entry of an index made again.
    private static var rebuildInterval: Int { 4096 }

    /// The next batch gets an index entry, so that nobody has to walk over the damage before it.
    func wantIndexEntry() {
        state.withLock { $0.unindexed = Int(Int32.max) }
    }

    /// Makes offset and time index from the batches, past damage.
    func rebuildIndexes() throws(StorageError) {
        try rebuild.withLock { (_) throws(StorageError) in try makeIndexes() }
    }

    private func makeIndexes() throws(StorageError) {
        try offsets.reset()
        try times.reset()
        state.withLock { state in
            state.largest = nil
            state.unindexed = 0
            state.indexesChecked = true
        }
        var scan = try SegmentScan(self, checksums: false)
        while let step = try scan.next() {
            guard case .batch(let header, let position) = step else {
                wantIndexEntry()
                continue
            }
            note(header, at: position, interval: Self.rebuildInterval)
            if let failure = flushIndexes() { throw failure }
        }
        if let largest = state.withLock({ $0.largest }) { noteTime(largest) }
    }
}
