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

    /// Removes what is replaced and gives the file its place. Indexes of offsets and times are made again from it;
    /// that of aborted transactions stays with the first segment.
    func finish(_ disk: any Disk) throws(StorageError) {
        for name in try disk.list(directory) {
            for suffix in SegmentPaths.ofSegment {
                guard let base = SegmentPaths.offset(name, suffix), (first...last).contains(base) else { continue }
                let isKept = base == first && (suffix == SegmentPaths.log || suffix == SegmentPaths.transactionIndex)
                if !isKept { try disk.remove(directory + "/" + name) }
            }
        }
        try disk.rename(path, to: SegmentPaths.path(directory, first, SegmentPaths.log))
        try disk.syncDirectory(directory)
    }
}
