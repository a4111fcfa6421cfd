/// The files of a partition's directory that are not segments.
struct LogFiles {
    let directory: String
    let disk: any Disk

    init(_ directory: String, _ disk: any Disk) {
        self.directory = directory
        self.disk = disk
    }

    /// `base offset, position, offset` of the active segment: everything before is on disk. A lower bound.
    var recoveryPoint: Checkpoint { Checkpoint(path: directory + "/recovery-point", disk: disk) }
    /// `base offset, byte count, end offset` of the active segment at the last clean stop. Valid while the segment has
    /// that size, so its removal need not be durable: what is appended later makes the segment longer.
    var cleanStop: Checkpoint { Checkpoint(path: directory + "/clean-stop", disk: disk) }
    /// How the active segment stood when it was last known to be on disk with all that belongs to it: a
    /// ``SegmentCheckpoint``.
    var checkpoint: Checkpoint { Checkpoint(path: directory + "/checkpoint", disk: disk) }
    /// The start offset that DeleteRecords set.
    var startOffset: Checkpoint { Checkpoint(path: directory + "/start-offset", disk: disk) }
    /// The offset below which the log is compacted.
    var cleanedTo: Checkpoint { Checkpoint(path: directory + "/cleaned-to", disk: disk) }

    func snapshotPath(_ offset: Int64) -> String { SegmentPaths.path(directory, offset, SegmentPaths.snapshot) }

    /// Writes the producers as of `offset`, durably and in one step.
    func writeSnapshot(_ producers: ProducerTable, at offset: Int64) throws(StorageError) {
        try AtomicFile(snapshotPath(offset), on: disk).replace(ProducerSnapshot.encode(producers))
    }

    /// - Returns: nil when there is none, or it is damaged.
    func readSnapshot(at offset: Int64) throws(StorageError) -> ProducerTable? {
        try AtomicFile(snapshotPath(offset), on: disk).read().flatMap(ProducerSnapshot.decode)
    }

    /// Offsets of the snapshots there are, ascending.
    func snapshots() throws(StorageError) -> [Int64] {
        try disk.list(directory).compactMap { SegmentPaths.offset($0, SegmentPaths.snapshot) }.sorted()
    }

    /// Removes snapshots that no recovery would begin with: of those up to the active segment's `base`, and of those
    /// up to `offset`, the last two are kept.
    func pruneSnapshots(base: Int64, upTo offset: Int64) throws(StorageError) {
        let known = try snapshots().filter { $0 <= offset }
        let useful = Set(known.filter { $0 <= base }.suffix(2) + known.suffix(2))
        for old in known where !useful.contains(old) { try disk.remove(snapshotPath(old)) }
    }
}
