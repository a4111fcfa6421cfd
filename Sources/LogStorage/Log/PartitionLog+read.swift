internal import Synchronization

extension PartitionLog {
    /// Whole batches from the one that holds `offset` (or the first after it), of one segment.
    ///
    /// `maxBytes` bounds the slice; with `minOneBatch` the first batch is returned even when larger.
    /// - Throws: `.offsetOutOfRange` outside `startOffset...endOffset`; `.damaged` when the batch wanted is not what
    ///   was written; `.closed`, `.io`.
    package func read(
        from offset: Int64,
        maxBytes: Int,
        minOneBatch: Bool,
        isolation: Isolation
    ) throws(StorageError) -> LogSlice {
        while true {
            let seen = view.withLock { $0 }
            do throws(StorageError) {
                let bounds = (maxBytes: max(0, maxBytes), minOneBatch: minOneBatch)
                return try slice(of: seen, from: offset, bounds, isolation)
            } catch {
                // A segment went between the look at the list and its use: look again, unless it is still listed.
                guard error.code == .notFound, view.withLock({ !$0.lists(seen.segments) }) else { throw error }
            }
        }
    }

    private func slice(
        of view: LogView,
        from offset: Int64,
        _ bounds: (maxBytes: Int, minOneBatch: Bool),
        _ isolation: Isolation
    ) throws(StorageError) -> LogSlice {
        guard !view.isClosed else { throw StorageError(.closed, "the log is closed", path: directory) }
        guard offset >= view.startOffset, offset <= view.end.offset else {
            let message = "offset \(offset) is outside \(view.startOffset) to \(view.end.offset)"
            throw StorageError(.offsetOutOfRange, message, path: directory)
        }
        let limit = isolation == .committed ? view.lastStableOffset : view.highWatermark
        var index = view.segmentIndex(of: offset)
        while offset < limit, index < view.segments.count, view.segments[index].baseOffset < limit {
            let segment = view.segments[index]
            if let range = try range(in: segment, of: view, from: offset, limit, bounds) {
                if range.isEmpty { break }
                let next = try nextOffset(in: segment, of: view, at: range, limit: limit)
                hints.withLock { $0.note(next, in: segment, at: range.upperBound) }
                let aborted = isolation == .committed ? try aborted(in: view, from: index, offset..<next) : []
                return LogSlice(
                    file: try segment.file(),
                    position: range.lowerBound,
                    count: range.count,
                    abortedTransactions: aborted,
                    offsets: view.offsets,
                    nextOffset: next
                )
            }
            index += 1
        }
        return try empty(view, at: offset)
    }

    private func empty(_ view: LogView, at offset: Int64) throws(StorageError) -> LogSlice {
        LogSlice(
            file: try view.active.file(),
            position: 0,
            count: 0,
            abortedTransactions: [],
            offsets: view.offsets,
            nextOffset: offset
        )
    }

    /// The bytes to serve of a segment, nil when it holds nothing from `offset` to `limit`.
    private func range(
        in segment: LogSegment,
        of view: LogView,
        from offset: Int64,
        _ limit: Int64,
        _ bounds: (maxBytes: Int, minOneBatch: Bool)
    ) throws(StorageError) -> Range<Int>? {
        let bound = try position(ofLimit: limit, in: segment, of: view)
        guard let start = try start(of: offset, in: segment, bound: bound), start < bound else { return nil }
        var walker = try segment.walker(from: start, limit: bound)
        guard try walker.next() != nil else { return nil }
        let firstEnd = walker.position
        var end = firstEnd
        if firstEnd - start > bounds.maxBytes {
            guard bounds.minOneBatch else { return start..<start }
        } else {
            let wanted = start + min(bounds.maxBytes, bound - start)
            end = try segment.wholeEnd(from: start, upTo: wanted, bound: bound)
        }
        let good = try segment.verifiedEnd(from: start, to: end)
        guard good > start else {
            let message = "the batch at byte \(start) is not what was written; offset \(offset) cannot be read"
            throw StorageError(.damaged, message, path: segment.path)
        }
        return start..<good
    }

    /// Where the batch begins that holds `offset`, or the first after it; nil when the segment ends before.
    private func start(of offset: Int64, in segment: LogSegment, bound: Int) throws(StorageError) -> Int? {
        if let hint = hints.withLock({ $0.position(of: offset, in: segment) }) { return hint }
        return try segment.locate(offset)?.position
    }

    /// The place in a segment before which a reader may see everything.
    private func position(
        ofLimit limit: Int64,
        in segment: LogSegment,
        of view: LogView
    ) throws(StorageError) -> Int {
        if segment === view.active {
            if limit == view.visible.offset { return view.visible.position }
            return min(try segment.locate(limit)?.position ?? view.visible.position, view.visible.position)
        }
        guard let next = view.segments.first(where: { $0.baseOffset > segment.baseOffset }) else { return 0 }
        if limit >= next.baseOffset { return segment.byteCount }
        return try segment.locate(limit)?.position ?? segment.byteCount
    }

    /// The offset behind a range of batches.
    private func nextOffset(
        in segment: LogSegment,
        of view: LogView,
        at range: Range<Int>,
        limit: Int64
    ) throws(StorageError) -> Int64 {
        if segment === view.active, range.upperBound == view.visible.position { return view.visible.offset }
        return try segment.nextOffset(atEndOf: range)
    }

    /// Aborted transactions with records in `offsets`, by the indexes from a segment on: a transaction's entry is with
    /// its marker, which may lie in a later segment.
    private func aborted(
        in view: LogView,
        from index: Int,
        _ offsets: Range<Int64>
    ) throws(StorageError) -> [AbortedTransaction] {
        var found: [AbortedTransaction] = []
        for segment in view.segments[index...] {
            for entry in try segment.abortedEntries() {
                if entry.lastOffset >= offsets.lowerBound, entry.firstOffset < offsets.upperBound {
                    found.append(AbortedTransaction(producerID: entry.producerID, firstOffset: entry.firstOffset))
                }
                if entry.lastStableOffset >= offsets.upperBound {
                    return found.sorted { $0.firstOffset < $1.firstOffset }
                }
            }
        }
        return found.sorted { $0.firstOffset < $1.firstOffset }
    }
}

extension LogView {
    /// Whether exactly these segments are the log's.
    func lists(_ others: [LogSegment]) -> Bool {
        segments.count == others.count && zip(segments, others).allSatisfy { $0 === $1 }
    }
}
