internal import Synchronization

/// A sorted file of fixed-size entries: appended through a small buffer, searched in the file, never held in memory.
///
/// Its content can always be made again from the segment, so a write that fails is kept in the buffer and tried again
/// by the next; `sync` reports it.
final class IndexFile<Entry: IndexEntry>: Sendable {
    private struct State {
        /// Entries in the file; nil until it was looked at.
        var written: Int?
        var pending: [Entry] = []
        var last: Entry?
    }

    private static var flushCount: Int { 128 }
    /// Bytes read at once at the end of a search.
    private static var blockCount: Int { 4096 / Entry.byteCount }

    let name: FileCache.Name
    private let files: FileCache
    private let state = Mutex(State())

    init(_ path: String, files: FileCache) {
        name = FileCache.Name(path)
        self.files = files
    }

    /// Whether the file is there and holds whole entries.
    func isWhole() throws(StorageError) -> Bool {
        do {
            return try files.file(name).size().isMultiple(of: Entry.byteCount)
        } catch {
            guard error.code == .notFound else { throw error }
            return false
        }
    }

    /// Empties the file, creating it if need be.
    func reset() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            try files.file(name, create: true).truncate(to: 0)
            state = State(written: 0)
        }
    }

    /// Keeps the first `count` entries of the file and forgets the buffer.
    /// - Returns: false when the file has fewer; it is left as it is then.
    func cut(to count: Int) throws(StorageError) -> Bool {
        try state.withLock { (state) throws(StorageError) in
            let file = try files.file(name, create: true)
            let size = try file.size()
            guard size >= count * Entry.byteCount else { return false }
            if size > count * Entry.byteCount { try file.truncate(to: count * Entry.byteCount) }
            state = State(
                written: count,
                last: try entries(in: file, from: max(0, count - 1), count: min(1, count)).last
            )
            return true
        }
    }

    func append(_ entry: Entry) {
        state.withLock { state in
            state.pending.append(entry)
            state.last = entry
        }
    }

    /// Appends when the last entry is what `follows` asks for, or there is none.
    func append(_ entry: Entry, ifAfter follows: (Entry) -> Bool) {
        state.withLock { state in
            guard state.last.map(follows) ?? true else { return }
            state.pending.append(entry)
            state.last = entry
        }
    }

    /// Whether the buffer should be written.
    var wantsFlush: Bool { state.withLock { $0.pending.count >= Self.flushCount } }

    /// Writes the buffer into the file.
    func flush() throws(StorageError) {
        try state.withLock { (state) throws(StorageError) in
            guard !state.pending.isEmpty else { return }
            let file = try files.file(name, create: true)
            let written = try count(&state, file)
            var bytes: [UInt8] = []
            bytes.reserveCapacity(state.pending.count * Entry.byteCount)
            for entry in state.pending { entry.append(to: &bytes) }
            try file.write(bytes, at: written * Entry.byteCount)
            state.written = written + state.pending.count
            state.pending.removeAll(keepingCapacity: true)
        }
    }

    /// Writes the buffer and makes the file durable.
    func sync() throws(StorageError) {
        try flush()
        try files.file(name, create: true).sync()
    }

    /// The last entry of all.
    func last() throws(StorageError) -> Entry? {
        try lastEntry { _ in true }
    }

    /// Entries in file and buffer.
    func count() throws(StorageError) -> Int {
        try state.withLock { (state) throws(StorageError) in
            try count(&state, files.file(name, create: true)) + state.pending.count
        }
    }

    /// The last entry for which `precedes` holds; it must hold for a front part of the entries.
    func lastEntry(where precedes: (Entry) -> Bool) throws(StorageError) -> Entry? {
        try state.withLock { (state) throws(StorageError) in
            if let last = state.last, precedes(last) { return last }
            if let found = state.pending.last(where: precedes) { return found }
            let file = try files.file(name, create: true)
            var low = 0
            var high = try count(&state, file)
            // Entries below `low` precede, those from `high` on do not.
            while high - low > Self.blockCount {
                let middle = low + (high - low) / 2
                guard let entry = try entries(in: file, from: middle, count: 1).first else { break }
                if precedes(entry) { low = middle + 1 } else { high = middle }
            }
            let from = max(0, low - 1)
            return try entries(in: file, from: from, count: high - from).last(where: precedes)
        }
    }

    /// All entries, for the small files of aborted transactions.
    func all() throws(StorageError) -> [Entry] {
        try state.withLock { (state) throws(StorageError) in
            let file = try files.file(name, create: true)
            return try entries(in: file, from: 0, count: count(&state, file)) + state.pending
        }
    }

    private func count(_ state: inout State, _ file: any DiskFile) throws(StorageError) -> Int {
        if let written = state.written { return written }
        let written = try file.size() / Entry.byteCount
        state.written = written
        return written
    }

    private func entries(in file: any DiskFile, from: Int, count: Int) throws(StorageError) -> [Entry] {
        let bytes = try file.bytes(at: from * Entry.byteCount, count: count * Entry.byteCount)
        return unsafe bytes.withUnsafeBytes { buffer in
            var entries: [Entry] = []
            for start in stride(from: 0, to: buffer.count - Entry.byteCount + 1, by: Entry.byteCount) {
                unsafe entries.append(Entry(UnsafeRawBufferPointer(rebasing: buffer[start..<start + Entry.byteCount])))
            }
            return entries
        }
    }
}
