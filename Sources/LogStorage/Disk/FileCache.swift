internal import Synchronization

/// The open files of all logs that share it: opened on use, closed when the least recently used beyond the bound.
///
/// A file that somebody still holds (a slice being sent, an unsynced segment) stays open until it is let go, so the
/// bound is that of idle files: `capacity` plus what is in use.
package final class FileCache: Sendable {
    /// A path with a file identity of its own: a file that replaces another by rename is another `Name`.
    package final class Name: Sendable {
        package let path: String

        package init(_ path: String) {
            self.path = path
        }
    }

    private struct Entry {
        let file: any DiskFile
        let name: Name
        var used: UInt64
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var clock: UInt64 = 0
    }

    package let disk: any Disk
    package let capacity: Int
    private let state = Mutex(State())

    /// Keeps up to `capacity` files, at least 1, open while nobody uses them.
    package init(disk: any Disk, capacity: Int = 1024) {
        self.disk = disk
        self.capacity = max(1, capacity)
    }

    /// Files open in the cache now.
    package var count: Int { state.withLock { $0.entries.count } }

    /// The open file, opened anew when it was closed meanwhile.
    func file(_ name: Name, create: Bool = false) throws(StorageError) -> any DiskFile {
        let known = state.withLock { state -> (any DiskFile)? in
            state.clock += 1
            state.entries[ObjectIdentifier(name)]?.used = state.clock
            return state.entries[ObjectIdentifier(name)]?.file
        }
        if let known { return known }
        let opened = try disk.open(name.path, create: create)
        return state.withLock { state in
            if let entry = state.entries[ObjectIdentifier(name)] { return entry.file }
            if state.entries.count >= capacity { Self.evict(&state, to: capacity - 1) }
            state.entries[ObjectIdentifier(name)] = Entry(file: opened, name: name, used: state.clock)
            return opened
        }
    }

    /// Forgets the file; it closes when its last user lets go.
    func drop(_ name: Name) {
        _ = state.withLock { $0.entries.removeValue(forKey: ObjectIdentifier(name)) }
    }

    /// Drops an eighth at a time, so that a sort is paid once for many opens.
    private static func evict(_ state: inout State, to limit: Int) {
        let excess = max(state.entries.count - limit, min(state.entries.count, limit / 8))
        let oldest = state.entries.sorted { $0.value.used < $1.value.used }.prefix(excess)
        for entry in oldest { state.entries.removeValue(forKey: entry.key) }
    }
}
