internal import KafkaProtocol
internal import NIOCore
internal import Synchronization

extension PartitionLog {
    /// The first record with this timestamp or a later one, nil when there is none that the isolation shows.
    ///
    /// In a compressed batch whose codec is missing, the batch's first offset is given.
    package func offset(
        forTimestamp timestamp: Int64,
        isolation: Isolation
    ) throws(StorageError) -> TimestampedOffset? {
        let seen = view.withLock { $0 }
        let limit = isolation == .committed ? seen.lastStableOffset : seen.highWatermark
        for segment in seen.segments where segment.baseOffset < limit {
            let next = seen.segments.first { $0.baseOffset > segment.baseOffset }?.baseOffset ?? Int64.max
            guard next > seen.startOffset, let largest = try segment.largestTimestamp(), largest.timestamp >= timestamp
            else { continue }
            if let found = try segment.first(timestamp, from: seen.startOffset) {
                return found.offset < limit ? found : nil
            }
        }
        return nil
    }

    /// The first record that has the largest timestamp (ListOffsets -3), nil when the log is empty.
    package func maxTimestamp() throws(StorageError) -> TimestampedOffset? {
        let seen = view.withLock { $0 }
        var largest: TimestampedOffset?
        for segment in seen.segments {
            guard let candidate = try segment.largestTimestamp(), candidate.offset >= seen.startOffset else { continue }
            if candidate.timestamp > (largest?.timestamp ?? Int64.min) { largest = candidate }
        }
        guard let largest else { return nil }
        return try offset(forTimestamp: largest.timestamp, isolation: .uncommitted)
    }
}

extension LogSegment {
    /// The first record from `start` on that is not older than `timestamp`.
    fileprivate func first(_ timestamp: Int64, from start: Int64) throws(StorageError) -> TimestampedOffset? {
        let byTime = try position(beforeTimestamp: timestamp)
        let byOffset = start > baseOffset ? try locate(start)?.position ?? byteCount : 0
        var walker = try walker(from: max(byTime, byOffset))
        let file = try file()
        while true {
            let position = walker.position
            guard let header = try walker.next() else { return nil }
            guard header.maxTimestamp >= timestamp, header.recordCount > 0 else { continue }
            if let found = try record(timestamp, from: start, in: header, at: position, file) { return found }
        }
    }

    private func record(
        _ timestamp: Int64,
        from start: Int64,
        in header: BatchHeader,
        at position: Int,
        _ file: any DiskFile
    ) throws(StorageError) -> TimestampedOffset? {
        let coarse = TimestampedOffset(timestamp: header.maxTimestamp, offset: max(start, header.baseOffset))
        guard header.codec == 0 else { return coarse }
        var bytes = ByteBuffer(bytes: try file.bytes(at: position, count: header.byteCount))
        do {
            var records = try RecordReader(RecordBatch(readingFrom: &bytes))
            while let record = try records.next() {
                guard record.timestamp >= timestamp, record.offset >= start else { continue }
                return TimestampedOffset(timestamp: record.timestamp, offset: record.offset)
            }
            return nil
        } catch {
            // Only the producer knows what it wrote here; whoever reads from the batch's begin misses nothing.
            return coarse
        }
    }
}
