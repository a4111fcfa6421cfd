/// What a partition's directory holds, made fit for use.
struct LoadedLog {
    var segments: [LogSegment] = []
    var startOffset: Int64 = 0
    var end = LogMark(offset: 0, position: 0)
    var producers = ProducerTable()
    var segmentSince: Int64?
    /// Up to where a checkpoint of the active segment reaches; bytes.
    var checkpoint = 0
    var report = RecoveryReport()

    /// Everything loaded is on disk.
    func view(_ configuration: LogConfiguration) -> LogView {
        LogView(
            segments: segments,
            startOffset: startOffset,
            end: end,
            durable: end,
            firstOpenOffset: producers.firstOpenOffset,
            configuration: configuration
        )
    }
}

/// Opens a partition's directory, after a crash too.
///
/// What the files promise one another: a segment is on disk before the next one exists, so only the last can have a
/// torn tail; indexes and producers can be made again from the batches; a snapshot is complete or absent.
struct LogLoader {
    let directory: String
    let files: FileCache
    /// ms since 1970.
    let now: Int64

    var disk: any Disk { files.disk }
    var logFiles: LogFiles { LogFiles(directory, disk) }

    /// Loads the directory; given a mark, cuts the last segment there first, whatever is behind it.
    func load(giveUpFrom mark: LogMark?) throws(StorageError) -> LoadedLog {
        var loaded = LoadedLog()
        try tidy(&loaded.report)
        try adopt(&loaded)
        for (segment, next) in zip(loaded.segments, loaded.segments.dropFirst()) {
            segment.markSealed(before: next.baseOffset)
        }
        if let mark { try cut(loaded.segments[loaded.segments.count - 1], to: mark.position) }
        let isClean = mark == nil ? try loadClean(&loaded) : false
        if !isClean { try recover(&loaded) }
        let persisted = try logFiles.startOffset.read()?.first ?? 0
        loaded.startOffset = min(max(persisted, loaded.segments[0].baseOffset), loaded.end.offset)
        return loaded
    }

    /// Removes what an interrupted write left, and finishes a compaction that was decided.
    private func tidy(_ report: inout RecoveryReport) throws(StorageError) {
        try disk.createDirectory(directory)
        for name in try disk.list(directory).sorted() {
            let path = directory + "/" + name
            if name.hasSuffix(".tmp") || name.hasSuffix(SegmentPaths.cleaned) {
                try disk.remove(path)
                report.removedFiles.append(name)
            } else if let swap = SegmentSwap(name, in: directory) {
                try swap.finish(disk)
                report.removedFiles.append(name)
            }
        }
    }

    /// Takes the segments that are there, or creates the first.
    private func adopt(_ loaded: inout LoadedLog) throws(StorageError) {
        let names = try disk.list(directory)
        let bases = names.compactMap { SegmentPaths.offset($0, SegmentPaths.log) }.sorted()
        for base in bases {
            let name = FileCache.Name(SegmentPaths.path(directory, base, SegmentPaths.log))
            let size = try files.file(name).size()
            files.drop(name)
            loaded.segments.append(LogSegment(directory: directory, baseOffset: base, byteCount: size, files: files))
        }
        guard bases.isEmpty else { return }
        let start = try logFiles.startOffset.read()?.first ?? 0
        let first = LogSegment(directory: directory, baseOffset: start, byteCount: 0, files: files)
        try first.create()
        try disk.syncDirectory(directory)
        if let slash = directory.lastIndex(of: "/"), slash > directory.startIndex {
            try disk.syncDirectory(String(directory[..<slash]))
        }
        loaded.segments = [first]
    }

    /// After a clean stop: nothing is scanned.
    /// - Returns: false when it was none, or something is missing.
    private func loadClean(_ loaded: inout LoadedLog) throws(StorageError) -> Bool {
        let active = loaded.segments[loaded.segments.count - 1]
        guard let marker = try logFiles.cleanStop.read(), marker.count == 3, marker[0] == active.baseOffset,
            marker[1] == Int64(active.byteCount), let producers = try logFiles.readSnapshot(at: marker[2]),
            try !isTransactionIndexMissing(loaded.segments)
        else { return false }
        loaded.report.wasClean = true
        loaded.end = LogMark(offset: marker[2], position: active.byteCount)
        loaded.producers = producers
        loaded.checkpoint = active.byteCount
        try active.checkIndexes()
        if active.byteCount > 0 {
            var walker = try active.walker(from: 0)
            loaded.segmentSince = try walker.header(at: 0).map { min(now, $0.maxTimestamp) }
            _ = try active.largestTimestamp()
        }
        return true
    }

    private func isTransactionIndexMissing(_ segments: [LogSegment]) throws(StorageError) -> Bool {
        try firstWithoutTransactionIndex(segments) != nil
    }

    /// The first segment whose index of aborted transactions is gone.
    func firstWithoutTransactionIndex(_ segments: [LogSegment]) throws(StorageError) -> LogSegment? {
        let names = Set(try disk.list(directory))
        return segments.first { !names.contains(SegmentPaths.name($0.baseOffset, SegmentPaths.transactionIndex)) }
    }

    func cut(_ segment: LogSegment, to position: Int) throws(StorageError) {
        try segment.file().truncate(to: position)
        segment.setByteCount(position)
    }
}
