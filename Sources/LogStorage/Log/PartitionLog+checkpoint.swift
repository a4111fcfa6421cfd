internal import Synchronization

extension PartitionLog {
    /// Writes how the active segment stands, durably, when it has grown by at least so many `bytes` since the last time
    /// (nil for `checkpointBytes` of the settings): a recovery then reads on from there. Appends go on meanwhile.
    /// - Throws: `.io`, `.diskFull`, `.unavailable`. The last checkpoint holds on; nothing but time is lost.
    package func checkpoint(after bytes: Int? = nil) throws(StorageError) {
        let growth = max(1, bytes ?? configuration.checkpointBytes)
        let (position, isClosed) = view.withLock { ($0.durable.position, $0.isClosed) }
        guard !isClosed, position - flushing.withLock({ $0.checkpoint }) >= growth else { return }
        guard let (segment, checkpoint, producers) = try capture() else { return }
        try sync()
        try flushing.withLock { (state) throws(StorageError) in
            let isStill = view.withLock { $0.active === segment && $0.failure == nil && !$0.isClosed }
            guard isStill, checkpoint.mark.position > state.checkpoint else { return }
            try segment.syncIndexes()
            let logFiles = LogFiles(directory, files.disk)
            try logFiles.writeSnapshot(producers, at: checkpoint.mark.offset)
            try logFiles.checkpoint.replace(checkpoint.values)
            state.checkpoint = checkpoint.mark.position
            try logFiles.pruneSnapshots(base: segment.baseOffset, upTo: checkpoint.mark.offset)
        }
    }

    /// The log at the end of the last append; nil when there is nothing to be written down.
    private func capture() throws(StorageError) -> (LogSegment, SegmentCheckpoint, ProducerTable)? {
        try writer.withLock { (writer) throws(StorageError) in
            let (segment, end, isUsable) = view.withLock { ($0.active, $0.end, $0.failure == nil && !$0.isClosed) }
            guard isUsable, !writer.hasGarbage, end.position > 0 else { return nil }
            return (segment, try SegmentCheckpoint(of: segment, at: end), writer.producers)
        }
    }
}
