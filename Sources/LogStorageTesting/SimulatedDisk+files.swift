package import LogStorage
internal import Synchronization

extension SimulatedDisk {
    package func open(_ path: String, create: Bool) throws(StorageError) -> any DiskFile {
        if isDown { throw StorageError(.io, "the machine is off", path: path) }
        if let inode = state.withLock({ $0.names[path] }) { return SimulatedFile(inode, path, self) }
        guard create else { throw StorageError(.notFound, "no such file", path: path) }
        try change(path) { $0[path] = Inode() }
        guard let inode = state.withLock({ $0.names[path] }) else {
            throw StorageError(.io, "the file could not be created", path: path)
        }
        return SimulatedFile(inode, path, self)
    }

    package func createDirectory(_ path: String) throws(StorageError) {
        state.withLock { _ = $0.directories.insert(path) }
    }

    package func exists(_ path: String) throws(StorageError) -> Bool {
        if isDown { throw StorageError(.io, "the machine is off", path: path) }
        return state.withLock { $0.names[path] != nil || $0.directories.contains(path) }
    }

    package func list(_ directory: String) throws(StorageError) -> [String] {
        if isDown { throw StorageError(.io, "the machine is off", path: directory) }
        return state.withLock { state in
            state.names.keys.filter { $0.hasPrefix(directory + "/") }.map { String($0.dropFirst(directory.count + 1)) }
        }
    }

    package func rename(_ from: String, to: String) throws(StorageError) {
        guard state.withLock({ $0.names[from] != nil }) else {
            throw StorageError(.notFound, "no such file", path: from)
        }
        try change(from) { $0[to] = $0.removeValue(forKey: from) }
    }

    package func remove(_ path: String) throws(StorageError) {
        guard state.withLock({ $0.names[path] != nil }) else { return }
        try change(path) { $0.removeValue(forKey: path) }
    }

    package func removeDirectory(_ path: String) throws(StorageError) {
        if isDown { throw StorageError(.io, "the machine is off", path: path) }
        state.withLock { _ = $0.directories.remove(path) }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        if try hit(path) != nil { throw StorageError(.diskFull, "torn", path: path) }
        state.withLock { state in
            state.durableNames = state.names
            state.journal = []
        }
    }

    private func change(_ path: String, _ body: (inout [String: Inode]) -> Void) throws(StorageError) {
        let part = try hit(path)
        if part != nil { throw StorageError(.diskFull, "torn", path: path) }
        state.withLock { state in
            body(&state.names)
            state.journal.append(state.names)
        }
    }

    /// The bytes of a file, for tests that look or damage.
    package func bytes(_ path: String) -> [UInt8]? {
        state.withLock { $0.names[path] }?.content.withLock { $0.bytes }
    }

    /// Puts other bytes into a file, durably.
    package func overwrite(_ path: String, _ bytes: [UInt8]) {
        state.withLock { $0.names[path] }?.content.withLock { content in
            content.bytes = bytes
            content.durable = bytes
            content.pending = []
        }
    }

    /// Takes a file away, durably.
    package func erase(_ path: String) {
        state.withLock { state in
            state.names.removeValue(forKey: path)
            state.durableNames.removeValue(forKey: path)
        }
    }

    /// Every file, sorted.
    package var paths: [String] { state.withLock { $0.names.keys.sorted() } }
}

final class SimulatedFile: DiskFile {
    let descriptor: Int32 = -1
    private let inode: SimulatedDisk.Inode
    private let path: String
    private let disk: SimulatedDisk

    init(_ inode: SimulatedDisk.Inode, _ path: String, _ disk: SimulatedDisk) {
        self.inode = inode
        self.path = path
        self.disk = disk
    }

    func size() throws(StorageError) -> Int { inode.content.withLock { $0.bytes.count } }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        inode.content.withLock { content in
            let count = max(0, min(buffer.count, content.bytes.count - position))
            guard count > 0 else { return 0 }
            content.bytes.withUnsafeBytes { bytes in
                buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[position..<position + count]))
            }
            return count
        }
    }

    func write(_ pieces: [UnsafeRawBufferPointer], at position: Int) throws(StorageError) {
        var bytes: [UInt8] = []
        for piece in pieces { bytes.append(contentsOf: piece) }
        let part = try disk.hit(path)
        if let part { bytes = Array(bytes.prefix(Int(part * Double(bytes.count)))) }
        let kept = bytes
        inode.content.withLock { content in
            content.bytes.put(kept, at: position)
            content.pending.append(.write(position, kept))
        }
        if part != nil { throw StorageError(.diskFull, "a write tore", path: path) }
    }

    func truncate(to size: Int) throws(StorageError) {
        if try disk.hit(path) != nil { throw StorageError(.io, "a truncation tore", path: path) }
        inode.content.withLock { content in
            content.bytes.resize(to: size)
            content.pending.append(.truncate(size))
        }
    }

    func sync() throws(StorageError) {
        if try disk.hit(path) != nil { throw StorageError(.io, "a sync failed", path: path) }
        inode.content.withLock { content in
            content.durable = content.bytes
            content.pending = []
        }
    }
}
