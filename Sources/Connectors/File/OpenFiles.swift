/// The files that a sink has open: at most `limit`, the least recently used closed first.
struct OpenFiles {
    private struct Entry {
        var file: AppendFile
        var lastUse: UInt64
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var uses: UInt64 = 0

    /// - Parameter limit: from 1.
    init(limit: Int) {
        self.limit = limit
    }

    var paths: Set<String> { Set(entries.keys) }

    /// Appends to the file at `path`, which is opened (again) where necessary.
    mutating func append(_ lines: [UInt8], to path: String) throws(FileFailure) {
        let file = try file(at: path)
        do {
            try file.append(lines)
        } catch {
            entries[path] = nil
            throw error
        }
    }

    mutating func closeAll() {
        entries.removeAll()
    }

    private mutating func file(at path: String) throws(FileFailure) -> AppendFile {
        uses += 1
        if let entry = entries[path] {
            if entry.file.isCurrent {
                entries[path]?.lastUse = uses
                return entry.file
            }
            entries[path] = nil
        }
        evict()
        let file = try AppendFile(path: path)
        entries[path] = Entry(file: file, lastUse: uses)
        return file
    }

    private mutating func evict() {
        guard entries.count >= limit, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
            return
        }
        entries[oldest.key] = nil
    }
}
