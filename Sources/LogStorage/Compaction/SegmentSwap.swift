/// A compacted file that replaces the segments from `first` to `last` (base offsets), decided when it has this name.
///
/// The name says what is replaced, so a crash at any point after is finished by the next start.
struct SegmentSwap {
    let directory: String
    let first: Int64
    let last: Int64

    init(directory: String, first: Int64, last: Int64) {
        self.directory = directory
        self.first = first
        self.last = last
    }

    /// - Returns: nil when the name is not that of a swap file.
    init?(_ name: String, in directory: String) {
        guard name.hasSuffix(SegmentPaths.swap), name.count == 41 + SegmentPaths.swap.count,
            let first = Int64(name.prefix(20)), let last = Int64(name.dropFirst(21).prefix(20))
        else { return nil }
        self.init(directory: directory, first: first, last: last)
    }

    var path: String {
        directory + "/" + SegmentPaths.name(first, "-") + SegmentPaths.name(last, SegmentPaths.swap)
    }

    /// Removes what is replaced and gives the file its place. Indexes of offsets and times are made again from it, and
    /// so is that of aborted transactions when several segments became one.
    func finish(_ disk: any Disk) throws(StorageError) {
        // The first file itself is replaced by the rename: there is no moment without one.
        let keepsFirst = first == last ? [SegmentPaths.log, SegmentPaths.transactionIndex] : [SegmentPaths.log]
        let names = try disk.list(directory)
        for name in names {
            for suffix in SegmentPaths.ofSegment {
                guard let base = SegmentPaths.offset(name, suffix), (first...last).contains(base) else { continue }
                let isKept = base == first && keepsFirst.contains(suffix)
                if !isKept { try disk.remove(directory + "/" + name) }
            }
        }
        // It may have its place already, when only the sync after it failed.
        if names.contains(String(path.dropFirst(directory.count + 1))) {
            try disk.rename(path, to: SegmentPaths.path(directory, first, SegmentPaths.log))
        }
        try disk.syncDirectory(directory)
    }
}
