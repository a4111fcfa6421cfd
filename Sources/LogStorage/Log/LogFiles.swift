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
    /// The start offset that DeleteRecords set.
    var startOffset: Checkpoint { Checkpoint(path: directory + "/start-offset", disk: disk) }
    /// The offset below which the log is compacted.
    var cleanedTo: Checkpoint { Checkpoint(path: directory + "/cleaned-to", disk: disk) }

    func snapshotPath(_ offset: Int64) -> String { SegmentPaths.path(directory, offset, SegmentPaths.snapshot) }

    /// Writes the producers as of `offset`, durably and in one step.
    func writeSnapshot(_ producers: ProducerTable, at offset: Int64) throws(StorageError) {
        let path = snapshotPath(offset)
        let file = try disk.open(path + ".tmp", create: true)
        try file.truncate(to: 0)
        try file.write(ProducerSnapshot.encode(producers), at: 0)
        try file.sync()
        try disk.rename(path + ".tmp", to: path)
        try disk.syncDirectory(directory)
    }

    /// - Returns: nil when there is none, or it is damaged.
    func readSnapshot(at offset: Int64) throws(StorageError) -> ProducerTable? {
        do {
            let file = try disk.open(snapshotPath(offset), create: false)
            return ProducerSnapshot.decode(try file.bytes(at: 0, count: file.size()))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Offsets of the snapshots there are, ascending.
    func snapshots() throws(StorageError) -> [Int64] {
        try disk.list(directory).compactMap { SegmentPaths.offset($0, SegmentPaths.snapshot) }.sorted()
    }

    /// Removes snapshots that no recovery would begin with: all below the last but one at or before `offset`.
    func pruneSnapshots(keeping offset: Int64) throws(StorageError) {
        let useful = try snapshots().filter { $0 <= offset }.suffix(2)
        guard let first = useful.first else { return }
        for old in try snapshots() where old < first { try disk.remove(snapshotPath(old)) }
    }
}
