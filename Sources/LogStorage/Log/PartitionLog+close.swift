internal import Synchronization

extension PartitionLog {
    /// Closes the log. With `clean` it is synced and a marker left, so that the next open scans nothing; without, it is
    /// left as it is, as after a crash. Slices already read stay good. Closing again does nothing.
    /// - Throws: `.io`, `.diskFull`: the log is closed, and the next open recovers it.
    package func close(clean: Bool) throws(StorageError) {
        try appending { (writer) throws(StorageError) in
            guard !view.withLock({ $0.isClosed }) else { return }
            defer { shut() }
            if clean { try leaveMarker(&writer) }
        }
    }

    private func leaveMarker(_ writer: inout LogWriter) throws(StorageError) {
        try undo(&writer)
        try flushing.withLock { (_) throws(StorageError) in
            let (segment, end, failure) = view.withLock { ($0.active, $0.end, $0.failure) }
            if let failure { throw failure }
            try syncActive(segment, to: end)
            try segment.seal()
            let logFiles = LogFiles(directory, files.disk)
            try logFiles.writeSnapshot(writer.producers, at: end.offset)
            let marker = [segment.baseOffset, Int64(end.position), end.offset]
            try logFiles.cleanStop.replace(marker)
            // The next life's crash then begins where this one ended.
            if end.position > 0 { try logFiles.checkpoint.replace(SegmentCheckpoint(of: segment, at: end).values) }
        }
    }

    /// Ends everybody's access and the files kept open.
    private func shut() {
        let segments = view.withLock { view in
            view.isClosed = true
            return view.segments
        }
        for segment in segments { segment.retire() }
    }

    /// Closes the log and removes its files and directory. Slices already read stay good.
    package func delete() throws(StorageError) {
        try close(clean: false)
        try Self.remove(directory, from: files.disk)
    }

    /// Removes the files and the directory of a log that nobody has open; one that is not there is no error.
    package static func remove(_ directory: String, from disk: any Disk) throws(StorageError) {
        guard try disk.exists(directory) else { return }
        for name in try disk.list(directory) { try disk.remove(directory + "/" + name) }
        try disk.removeDirectory(directory)
    }

    /// Reads and checks every batch; for an operator, not for every day.
    package func verify() throws(StorageError) -> [Damage] {
        var damages: [Damage] = []
        for segment in view.withLock({ $0.segments }) {
            var scan = try SegmentScan(segment, checksums: true)
            while let step = try scan.next() {
                guard case .damage(let range, let reason) = step else { continue }
                let damage = Damage(
                    path: segment.path,
                    position: range.lowerBound,
                    offset: scan.nextOffset,
                    reason: reason
                )
                damages.append(damage)
            }
        }
        return damages
    }
}
