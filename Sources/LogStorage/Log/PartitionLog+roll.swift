internal import Synchronization

extension PartitionLog {
    /// Makes the log fit for an append: undoes what a failure left. The caller holds `writer`.
    func prepare(_ writer: inout LogWriter, now: Int64) throws(StorageError) {
        let (isClosed, failure) = view.withLock { ($0.isClosed, $0.failure) }
        guard !isClosed else { throw StorageError(.closed, "the log is closed", path: directory) }
        if failure != nil { try giveUp(&writer, now: now) }
        try undo(&writer)
        if writer.hasCleanMarker {
            try files.disk.remove(LogFiles(directory, files.disk).cleanStop.path)
            writer.hasCleanMarker = false
        }
    }

    /// Completes or takes back what a failing disk interrupted.
    func undo(_ writer: inout LogWriter) throws(StorageError) {
        if writer.pendingSwap != nil { try finishSwap(&writer) }
        guard writer.hasGarbage else { return }
        let (segment, end) = view.withLock { ($0.active, $0.end) }
        try segment.file().truncate(to: end.position)
        writer.hasGarbage = false
    }

    /// After a failed sync: cuts the log back to what is durable, as a restart would, and takes appends again.
    ///
    /// Nobody has seen what is given up, nor was it acknowledged. Under an interval policy both may be the case, so
    /// there the log stays closed to appends until it is opened anew.
    private func giveUp(_ writer: inout LogWriter, now: Int64) throws(StorageError) {
        try flushing.withLock { (state) throws(StorageError) in
            let (configuration, durable, failure) = view.withLock { ($0.configuration, $0.durable, $0.failure) }
            guard let failure else { return }
            guard case .groupCommit = configuration.flush else { throw failure }
            let loader = LogLoader(directory: directory, files: files, now: now)
            let loaded = try loader.load(giveUpFrom: durable)
            state = FlushState(checkpoint: loaded.checkpoint)
            writer.producers = loaded.producers
            writer.segmentSince = loaded.segmentSince
            writer.hasGarbage = false
            writer.pendingSwap = nil
            let old = view.withLock { view -> [LogSegment] in
                let old = view.segments
                var renewed = loaded.view(configuration)
                renewed.startOffset = max(renewed.startOffset, view.startOffset)
                renewed.generation = view.generation + 1
                view = renewed
                return old
            }
            hints.withLock { $0.removeAll() }
            for segment in old { segment.retire() }
        }
    }

    /// Begins a new segment when the active one has no room, or its time is over.
    func rollIfNeeded(for bytes: Int, records: Int64, _ writer: inout LogWriter, now: Int64) throws(StorageError) {
        let (segment, end, configuration) = view.withLock { ($0.active, $0.end, $0.configuration) }
        guard end.position > 0 else {
            // An empty segment takes any batch that its index can describe.
            return
        }
        let isFull = end.position + bytes > configuration.segmentBytes
        let isOld = writer.segmentSince.map { now - $0 >= configuration.segmentMilliseconds } ?? false
        let isBeyondIndex = end.offset + records - segment.baseOffset > Int64(Int32.max)
        if isFull || isOld || isBeyondIndex { try roll(&writer) }
    }

    /// Closes the active segment, durably, and begins the next at the log's end.
    ///
    /// The old segment is on disk before the new one exists: so only the last segment can have a torn tail. This sync
    /// runs under the append lock, once per segment.
    func roll(_ writer: inout LogWriter) throws(StorageError) {
        let (segment, end) = view.withLock { ($0.active, $0.end) }
        guard end.position > 0 else { return }
        try flushing.withLock { (state) throws(StorageError) in
            if let failure = view.withLock({ $0.failure }) { throw failure }
            try syncActive(segment, to: end)
            try segment.seal()
            let logFiles = LogFiles(directory, files.disk)
            try logFiles.writeSnapshot(writer.producers, at: end.offset)
            try logFiles.pruneSnapshots(base: end.offset, upTo: end.offset)
            let next = LogSegment(directory: directory, baseOffset: end.offset, byteCount: 0, files: files)
            try next.create()
            try files.disk.syncDirectory(directory)
            segment.markSealed(before: end.offset)
            view.withLock { view in
                view.segments.append(next)
                view.end = LogMark(offset: end.offset, position: 0)
                view.durable = view.end
                view.settle()
            }
            state.recoveryPoint = LogMark(offset: -1, position: 0)
            state.checkpoint = 0
        }
        writer.segmentSince = nil
        writer.indexFailure = nil
    }
}
