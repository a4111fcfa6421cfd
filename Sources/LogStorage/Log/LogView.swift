/// A batch boundary in the log: its offset, and where in the active segment it lies.
struct LogMark: Sendable, Hashable {
    var offset: Int64
    var position: Int
}

/// What readers see of a log, guarded by one short lock.
///
/// `segments` is never empty; its last one is the active segment, and `end` and `durable` lie in it.
struct LogView {
    var segments: [LogSegment]
    var startOffset: Int64
    var end: LogMark
    var durable: LogMark
    /// The first offset of the oldest open transaction.
    var firstOpenOffset: Int64?
    /// Ended transactions whose marker is not below the high watermark yet: they still hold the last stable offset.
    var completing: [ProducerTable.Completed] = []
    var configuration: LogConfiguration
    /// Grows when appended data was given up: appends of an earlier generation are not in the log.
    var generation = 0
    /// A sync failed: nothing after `durable` can be trusted.
    var failure: StorageError?
    var isClosed = false

    var active: LogSegment { segments[segments.count - 1] }

    var highWatermark: Int64 {
        switch configuration.flush {
        case .groupCommit: durable.offset
        case .interval: end.offset
        }
    }

    /// The high watermark's place in the active segment.
    var visible: LogMark {
        switch configuration.flush {
        case .groupCommit: durable
        case .interval: end
        }
    }

    var lastStableOffset: Int64 {
        var stable = highWatermark
        if let first = firstOpenOffset { stable = min(stable, first) }
        for transaction in completing { stable = min(stable, transaction.firstOffset) }
        return max(stable, min(startOffset, highWatermark))
    }

    var offsets: LogOffsets {
        LogOffsets(
            startOffset: startOffset,
            lastStableOffset: lastStableOffset,
            highWatermark: highWatermark,
            durableEndOffset: durable.offset,
            endOffset: end.offset
        )
    }

    /// Takes note that everything up to `mark` of the active segment is on disk.
    mutating func advanceDurable(to mark: LogMark) {
        if mark.offset > durable.offset { durable = mark }
        settle()
    }

    /// Forgets ended transactions whose markers are visible.
    mutating func settle() {
        let watermark = highWatermark
        if let first = completing.first, first.markerOffset < watermark {
            completing.removeAll { $0.markerOffset < watermark }
        }
    }

    /// The index of the segment that holds `offset`, or would.
    func segmentIndex(of offset: Int64) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].baseOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
