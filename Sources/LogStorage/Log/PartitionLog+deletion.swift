internal import Synchronization

extension PartitionLog {
    /// Deletes records below `offset` (-1: all below the high watermark), durably; returns the new start offset.
    /// - Throws: `.offsetOutOfRange` beyond the high watermark.
    package func deleteRecords(before offset: Int64) throws(StorageError) -> Int64 {
        try appending { (writer) throws(StorageError) -> Int64 in
            let seen = view.withLock { $0 }
            guard !seen.isClosed else { throw StorageError(.closed, "the log is closed", path: directory) }
            let target = offset == -1 ? seen.highWatermark : offset
            guard target >= 0, target <= seen.highWatermark else {
                let message = "offset \(offset) is outside 0 to the high watermark \(seen.highWatermark)"
                throw StorageError(.offsetOutOfRange, message, path: directory)
            }
            guard target > seen.startOffset else { return seen.startOffset }
            try LogFiles(directory, files.disk).startOffset.replace([target])
            view.withLock { $0.startOffset = max($0.startOffset, target) }
            var report = RetentionReport()
            try deleteSegments(&report) { _, _, next in next <= target }
            return target
        }
    }

    /// Deletes segments that are too old or too many, forgets idle producers, closes a segment past its time.
    package func applyRetention(now: Int64) throws(StorageError) -> RetentionReport {
        try appending { (writer) throws(StorageError) -> RetentionReport in
            var report = RetentionReport()
            try prepare(&writer, now: now)
            let settings = configuration
            report.expiredProducers = writer.producers.expire(
                now: now,
                after: settings.producerExpirationMilliseconds,
                limit: settings.maxProducers
            )
            try rollIfOver(&writer, settings, now: now)
            let start = view.withLock { $0.startOffset }
            var bytes = byteCount
            try deleteSegments(&report) { (segment, size, next) throws(StorageError) -> Bool in
                let isGone = next <= start
                let isOld = try segment.isOlder(than: settings.age, now: now)
                let isTooMuch = settings.size.map { bytes - size >= $0 } ?? false
                guard isGone || isOld || isTooMuch else { return false }
                bytes -= size
                return true
            }
            report.startOffset = view.withLock { $0.startOffset }
            return report
        }
    }

    /// A segment that nobody appends to any more ends too, so that retention can take it.
    private func rollIfOver(
        _ writer: inout LogWriter,
        _ settings: LogConfiguration,
        now: Int64
    ) throws(StorageError) {
        let active = view.withLock { $0.active }
        let isOld = writer.segmentSince.map { now - $0 >= settings.segmentMilliseconds } ?? false
        let isExpired = try active.isOlder(than: settings.age, now: now)
        if isOld || isExpired { try roll(&writer) }
    }

    /// Deletes sealed segments from the oldest on, as long as `isDue(segment, bytes, next base)` says so. The start
    /// offset moves first, so that no reader is sent to a file that goes.
    private func deleteSegments(
        _ report: inout RetentionReport,
        while isDue: (LogSegment, Int, Int64) throws(StorageError) -> Bool
    ) throws(StorageError) {
        while true {
            let (first, next, watermark) = view.withLock { view in
                (view.segments[0], view.segments.count > 1 ? view.segments[1].baseOffset : nil, view.highWatermark)
            }
            guard let next, next <= watermark, try isDue(first, first.byteCount, next) else { return }
            report.deletedSegments += 1
            report.deletedBytes += first.byteCount
            view.withLock { view in
                view.segments.removeFirst()
                view.startOffset = max(view.startOffset, next)
            }
            try first.remove()
            try removeSnapshots(before: next)
        }
    }

    private func removeSnapshots(before offset: Int64) throws(StorageError) {
        let logFiles = LogFiles(directory, files.disk)
        for old in try logFiles.snapshots() where old < offset { try files.disk.remove(logFiles.snapshotPath(old)) }
    }
}

extension LogConfiguration {
    fileprivate var age: Int64? { deletes ? retentionMilliseconds : nil }
    fileprivate var size: Int? { deletes ? retentionBytes : nil }
}

extension LogSegment {
    /// Whether even the youngest record is older than the retention.
    fileprivate func isOlder(than retention: Int64?, now: Int64) throws(StorageError) -> Bool {
        guard let retention, let largest = try largestTimestamp() else { return false }
        return now - largest.timestamp > retention
    }
}
