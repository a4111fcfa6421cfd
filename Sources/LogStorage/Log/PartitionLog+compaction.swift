internal import KafkaProtocol
internal import Synchronization

/// A compacted file on its way into the log: decided on disk, not yet finished.
struct PendingSwap {
    let swap: SegmentSwap
    let sources: [LogSegment]
    let byteCount: Int
    let aborted: [AbortedEntry]
}

extension PartitionLog {
    /// One compaction pass, when the topic is compacted and enough is new (or `force`).
    ///
    /// Leaves the active segment alone, and everything from the last stable offset on. Segments that cannot be read
    /// stay as they are and are named in the report. Appends and reads go on meanwhile; each group of segments is
    /// replaced under the append lock, for as long as a few renames take.
    /// - Throws: `.diskFull`, `.io`: what was replaced before stays replaced.
    package func compact(now: Int64, force: Bool = false) throws(StorageError) -> CompactionReport {
        try cleaning.withLock { (_) throws(StorageError) -> CompactionReport in
            let seen = view.withLock { $0 }
            guard seen.configuration.compacts, !seen.isClosed else { return CompactionReport() }
            return try pass(seen, now: now, force: force)
        }
    }

    private func pass(_ seen: LogView, now: Int64, force: Bool) throws(StorageError) -> CompactionReport {
        let checkpoint = LogFiles(directory, files.disk).cleanedTo
        let cleaned = max(try checkpoint.read()?.first ?? 0, seen.segments[0].baseOffset)
        let sources = try cleanable(seen, now: now)
        var report = CompactionReport()
        report.cleanedTo = cleaned
        guard isWorthwhile(sources, from: cleaned, seen, force: force) else { return report }
        let aborted = AbortedRanges(try seen.segments.abortedEntries())
        let (keys, end) = readKeys(sources, from: cleaned, seen, aborted, &report)
        var compactor = Compactor(
            end: end,
            now: now,
            deleteRetention: seen.configuration.deleteRetentionMilliseconds,
            keys: keys,
            aborted: aborted,
            lastBatches: Set(
                writer.withLock { $0.producers.producers.values.compactMap { $0.batches.last?.lastOffset } }
            )
        )
        report.segmentsBefore = seen.segments.count
        for group in groups(sources.filter { $0.baseOffset < end }, seen.configuration) {
            try rewrite(group, &compactor, &report, now: now)
        }
        report.segmentsAfter = segmentCount
        report.recordsRemoved = compactor.removedRecords
        report.changedBatches = compactor.changedBatches
        report.cleanedTo = end
        try checkpoint.replace([end])
        return report
    }

    /// Sealed segments wholly below the last stable offset and older than the lag.
    private func cleanable(_ seen: LogView, now: Int64) throws(StorageError) -> [LogSegment] {
        var found: [LogSegment] = []
        let lag = seen.configuration.minCompactionLagMilliseconds
        for (segment, next) in zip(seen.segments, seen.segments.dropFirst()) {
            guard next.baseOffset <= seen.lastStableOffset else { break }
            if lag > 0, let largest = try segment.largestTimestamp(), now - largest.timestamp < lag { break }
            found.append(segment)
        }
        return found
    }

    private func isWorthwhile(_ sources: [LogSegment], from cleaned: Int64, _ seen: LogView, force: Bool) -> Bool {
        guard !sources.isEmpty else { return false }
        if force { return true }
        let total = sources.reduce(0) { $0 + $1.byteCount }
        let dirty = sources.filter { $0.baseOffset >= cleaned }.reduce(0) { $0 + $1.byteCount }
        return dirty > 0 && Double(dirty) >= Double(total) * seen.configuration.minCleanableRatio
    }

    /// The last offsets of the keys from `cleaned` on, as many as memory allows, and the offset where they end.
    private func readKeys(
        _ sources: [LogSegment],
        from cleaned: Int64,
        _ seen: LogView,
        _ aborted: AbortedRanges,
        _ report: inout CompactionReport
    ) -> (KeyOffsets, end: Int64) {
        let settings = seen.configuration
        var keys = KeyOffsets(keyLimit: settings.compactionKeys, byteLimit: settings.compactionKeyBytes)
        var end = cleaned
        for segment in sources {
            let next = seen.segments.first { $0.baseOffset > segment.baseOffset }?.baseOffset ?? end
            guard next > cleaned else { continue }
            do throws(StorageError) {
                end = try keys.read(segment, from: cleaned, without: aborted)
            } catch {
                // Without its keys nothing before or in it may be judged by them; it is tried again next time.
                report.skip(segment, error)
                return (keys, end)
            }
            if keys.isFull { return (keys, end) }
            end = next
        }
        return (keys, end)
    }

    /// Neighbours that fit into one segment together.
    private func groups(_ sources: [LogSegment], _ settings: LogConfiguration) -> [[LogSegment]] {
        var groups: [[LogSegment]] = []
        var bytes = 0
        for segment in sources {
            let fits = bytes + segment.byteCount <= settings.segmentBytes
            let first = groups.last?.first?.baseOffset ?? segment.baseOffset
            if !groups.isEmpty, fits, segment.baseOffset - first < Int64(Int32.max) / 2 {
                groups[groups.count - 1].append(segment)
                bytes += segment.byteCount
            } else {
                groups.append([segment])
                bytes = segment.byteCount
            }
        }
        return groups
    }

    private func rewrite(
        _ group: [LogSegment],
        _ compactor: inout Compactor,
        _ report: inout CompactionReport,
        now: Int64
    ) throws(StorageError) {
        let before = group.reduce(0) { $0 + $1.byteCount }
        report.bytesBefore += before
        let changes = compactor.changedBatches
        var output = try CleanedFile(directory: directory, first: group[0].baseOffset, disk: files.disk)
        do throws(StorageError) {
            for segment in group { try output.take(segment, &compactor) }
            try output.finish()
        } catch {
            try files.disk.remove(output.path)
            guard error.code == .damaged else { throw error }
            report.skip(group[0], error)
            report.bytesAfter += before
            return
        }
        guard compactor.changedBatches > changes || group.count > 1 else {
            report.bytesAfter += before
            return try files.disk.remove(output.path)
        }
        report.bytesAfter += output.byteCount
        try replace(group, with: output, now: now)
    }

    /// Puts the file in the segments' place, unless they are no longer the log's.
    private func replace(_ group: [LogSegment], with output: CleanedFile, now: Int64) throws(StorageError) {
        try appending { (writer) throws(StorageError) in
            try prepare(&writer, now: now)
            let isCurrent = view.withLock { view in
                guard let start = view.segments.firstIndex(where: { $0 === group[0] }) else { return false }
                return view.segments[start...].count > group.count
                    && zip(view.segments[start...], group).allSatisfy { $0 === $1 }
            }
            guard isCurrent else { return try files.disk.remove(output.path) }
            let last = group[group.count - 1].baseOffset
            let swap = SegmentSwap(directory: directory, first: group[0].baseOffset, last: last)
            let aborted = try group.count == 1 ? [] : group.abortedEntries()
            try files.disk.rename(output.path, to: swap.path)
            writer.pendingSwap = PendingSwap(
                swap: swap,
                sources: group,
                byteCount: output.byteCount,
                aborted: aborted
            )
            try files.disk.syncDirectory(directory)
            try finishSwap(&writer)
        }
    }

    /// Completes a swap that was decided; called again before every append until it succeeds.
    func finishSwap(_ writer: inout LogWriter) throws(StorageError) {
        guard let pending = writer.pendingSwap else { return }
        for source in pending.sources { source.retire() }
        try pending.swap.finish(files.disk)
        let segment = LogSegment(
            directory: directory,
            baseOffset: pending.swap.first,
            byteCount: pending.byteCount,
            files: files
        )
        let sources = pending.sources
        segment.markSealed(before: sources[sources.count - 1].offsetRange.upperBound)
        if pending.sources.count > 1 {
            try segment.aborted.reset()
            for entry in pending.aborted { segment.aborted.append(entry) }
            try segment.aborted.sync()
        }
        writer.pendingSwap = nil
        hints.withLock { $0.removeAll() }
        view.withLock { view in
            guard let start = view.segments.firstIndex(where: { $0 === pending.sources[0] }) else { return }
            view.segments.replaceSubrange(start..<start + pending.sources.count, with: [segment])
        }
    }
}

extension CompactionReport {
    fileprivate mutating func skip(_ segment: LogSegment, _ error: StorageError) {
        skipped.append(Damage(path: segment.path, position: 0, offset: segment.baseOffset, reason: error.message))
    }
}

extension [LogSegment] {
    fileprivate func abortedEntries() throws(StorageError) -> [AbortedEntry] {
        var all: [AbortedEntry] = []
        for segment in self { all += try segment.abortedEntries() }
        return all
    }
}

extension CleanedFile {
    /// Takes over what compaction keeps of a segment.
    fileprivate mutating func take(_ segment: LogSegment, _ compactor: inout Compactor) throws(StorageError) {
        var reader = try BatchReader(segment)
        while let batch = try reader.next() {
            switch try compactor.judge(batch) {
            case .keep: try append(batch.bytes)
            case .drop: break
            case .replace(let bytes): try append(bytes)
            }
        }
    }
}

extension KeyOffsets {
    /// Notes the keys of a segment's records from `start` on; returns the offset behind the last batch noted.
    fileprivate mutating func read(
        _ segment: LogSegment,
        from start: Int64,
        without aborted: AbortedRanges
    ) throws(StorageError) -> Int64 {
        var reader = try BatchReader(segment)
        var end = max(start, segment.baseOffset)
        while let batch = try reader.next() {
            if batch.header.lastOffset < start { continue }
            if isFull { return end }
            if !batch.header.attributes.isControl, !aborted.contains(batch.header) {
                for record in try BatchRecords.read(batch) {
                    if let key = record.key { note(key, at: record.offset) }
                }
            }
            end = batch.header.lastOffset + 1
        }
        return end
    }
}
