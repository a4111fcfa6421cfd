internal import KafkaProtocol
internal import NIOCore

/// After a crash.
extension LogLoader {
    /// Reads what cannot be trusted: the last segment from its checkpoint on; without one the whole of it, and the
    /// headers that producers are rebuilt from.
    func recover(_ loaded: inout LoadedLog) throws(StorageError) {
        let active = loaded.segments[loaded.segments.count - 1]
        if let start = try resume(active, &loaded) { return try scan(active, from: start, &loaded) }
        let incomplete = try firstWithoutTransactionIndex(loaded.segments.dropLast())
        let snapshot = try bestSnapshot(upTo: (incomplete ?? active).baseOffset)
        loaded.producers = snapshot.producers
        for segment in loaded.segments.dropLast() where try isNeeded(segment, in: loaded, from: snapshot.offset) {
            try replay(segment, from: snapshot.offset, &loaded)
        }
        try active.resetIndexes()
        active.expectScan()
        try scan(active, from: LogMark(offset: active.baseOffset, position: 0), &loaded)
    }

    /// Takes the producers of the last checkpoint, and brings the indexes back to it.
    /// - Returns: where it is; nil when there is none that can be used.
    private func resume(_ active: LogSegment, _ loaded: inout LoadedLog) throws(StorageError) -> LogMark? {
        guard let checkpoint = try logFiles.checkpoint.read().flatMap(SegmentCheckpoint.init),
            checkpoint.baseOffset == active.baseOffset, checkpoint.mark.position <= active.byteCount,
            let producers = try logFiles.readSnapshot(at: checkpoint.mark.offset),
            try firstWithoutTransactionIndex(loaded.segments) == nil, try active.resume(from: checkpoint)
        else { return nil }
        loaded.producers = producers
        loaded.checkpoint = checkpoint.mark.position
        var walker = try active.walker(from: 0)
        loaded.segmentSince = try walker.header(at: 0).map { min(now, $0.maxTimestamp) }
        return checkpoint.mark
    }

    /// The latest readable snapshot at or before `offset`; empty from the start when there is none.
    private func bestSnapshot(upTo offset: Int64) throws(StorageError) -> (offset: Int64, producers: ProducerTable) {
        for candidate in try logFiles.snapshots().reversed() where candidate <= offset {
            if let producers = try logFiles.readSnapshot(at: candidate) { return (candidate, producers) }
        }
        return (-1, ProducerTable())
    }

    /// Whether a sealed segment has batches at or behind `offset`.
    private func isNeeded(_ segment: LogSegment, in loaded: LoadedLog, from offset: Int64) throws(StorageError) -> Bool
    {
        guard let next = loaded.segments.first(where: { $0.baseOffset > segment.baseOffset }) else { return true }
        return next.baseOffset > offset
    }

    /// Rebuilds producers, and a missing index of aborted transactions, from a sealed segment's headers.
    private func replay(_ segment: LogSegment, from offset: Int64, _ loaded: inout LoadedLog) throws(StorageError) {
        let isMissing = try !disk.list(directory).contains(
            SegmentPaths.name(segment.baseOffset, SegmentPaths.transactionIndex)
        )
        if isMissing { try segment.aborted.reset() }
        var scan = try SegmentScan(segment, checksums: false)
        while let step = try scan.next() {
            switch step {
            case .batch(let header, let position):
                guard header.baseOffset >= offset else { continue }
                let marker = try control(header, at: position, in: segment)
                _ = loaded.producers.take(header, marker, now: now, aborted: isMissing ? segment.aborted : nil)
            case .damage(let range, let reason):
                loaded.report.note(segment, range, scan.nextOffset, reason)
            }
        }
        if isMissing { try segment.aborted.sync() }
    }

    /// Checks every batch of the last segment from a mark on, cuts off a torn tail, and goes on with its indexes.
    private func scan(
        _ segment: LogSegment,
        from start: LogMark,
        _ loaded: inout LoadedLog
    ) throws(StorageError) {
        let point = try logFiles.recoveryPoint.read() ?? []
        let isOurs = point.count == 3 && point[0] == segment.baseOffset
        let trusted = isOurs ? Int(point[1]) : 0
        var scan = try SegmentScan(
            segment,
            checksums: true,
            passUntil: min(trusted, segment.byteCount),
            from: start
        )
        while let step = try scan.next() {
            switch step {
            case .batch(let header, let position):
                try take(header, at: position, in: segment, &loaded)
            case .damage(let range, let reason):
                loaded.report.note(segment, range, scan.nextOffset, reason)
                segment.wantIndexEntry()
            }
        }
        loaded.report.scannedBytes += scan.position - start.position
        loaded.report.truncatedBytes += segment.byteCount - scan.position
        if scan.position < segment.byteCount { try cut(segment, to: scan.position) }
        // What a killed process left in the page cache is not on disk yet.
        try segment.file().sync()
        let lost = isOurs && scan.position <= trusted ? point[2] : 0
        loaded.end = LogMark(offset: max(scan.nextOffset, lost), position: scan.position)
    }

    private func take(
        _ header: BatchHeader,
        at position: Int,
        in segment: LogSegment,
        _ loaded: inout LoadedLog
    ) throws(StorageError) {
        segment.note(header, at: position, interval: 4096)
        segment.markVerified(position..<position + header.byteCount)
        if let failure = segment.flushIndexes() { throw failure }
        if loaded.segmentSince == nil { loaded.segmentSince = min(now, header.maxTimestamp) }
        let marker = try control(header, at: position, in: segment)
        _ = loaded.producers.take(header, marker, now: now, aborted: segment.aborted)
    }

    /// The marker in a control batch; its checksum was right, or the batch tells nothing.
    private func control(
        _ header: BatchHeader,
        at position: Int,
        in segment: LogSegment
    ) throws(StorageError) -> ControlRecord? {
        guard header.isControl else { return nil }
        return ControlRecord.read(ByteBuffer(bytes: try segment.file().bytes(at: position, count: header.byteCount)))
    }
}

extension RecoveryReport {
    mutating func note(_ segment: LogSegment, _ range: Range<Int>, _ offset: Int64, _ reason: String) {
        damages.append(Damage(path: segment.path, position: range.lowerBound, offset: offset, reason: reason))
    }
}
