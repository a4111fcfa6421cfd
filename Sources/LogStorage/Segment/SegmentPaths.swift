/// File names of a partition's directory, as Kafka names them.
enum SegmentPaths {
    static func name(_ baseOffset: Int64, _ suffix: String) -> String {
        let digits = String(baseOffset)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits + suffix
    }

    static func path(_ directory: String, _ baseOffset: Int64, _ suffix: String) -> String {
        directory + "/" + name(baseOffset, suffix)
    }

    /// The offset that a file of this suffix is named after, nil for other files.
    static func offset(_ name: String, _ suffix: String) -> Int64? {
        guard name.count == 20 + suffix.count, name.hasSuffix(suffix) else { return nil }
        return Int64(name.prefix(20))
    }

    static let log = ".log"
    static let index = ".index"
    static let timeIndex = ".timeindex"
    static let transactionIndex = ".txnindex"
    static let snapshot = ".snapshot"
    /// Of a segment compaction is writing.
    static let cleaned = ".cleaned"
    /// Of a compacted segment that is complete and replaces others.
    static let swap = ".swap"
    static let ofSegment = [log, index, timeIndex, transactionIndex]
}
