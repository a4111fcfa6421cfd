import LogStorage
import Synchronization

/// The real disk, which can be told to be full.
final class FullableDisk: Disk {
    private let disk = POSIXDisk()
    private let full = Atomic<Bool>(false)

    var isFull: Bool {
        get { full.load(ordering: .relaxed) }
        set { full.store(newValue, ordering: .relaxed) }
    }

    func open(_ path: String, create: Bool) throws(StorageError) -> any DiskFile {
        File(try disk.open(path, create: create), self)
    }

    func createDirectory(_ path: String) throws(StorageError) { try disk.createDirectory(path) }
    func exists(_ path: String) throws(StorageError) -> Bool { try disk.exists(path) }
    func list(_ directory: String) throws(StorageError) -> [String] { try disk.list(directory) }
    func rename(_ from: String, to: String) throws(StorageError) { try disk.rename(from, to: to) }
    func remove(_ path: String) throws(StorageError) { try disk.remove(path) }
    func removeDirectory(_ path: String) throws(StorageError) { try disk.removeDirectory(path) }
    func syncDirectory(_ path: String) throws(StorageError) { try disk.syncDirectory(path) }

    private final class File: DiskFile {
        private let file: any DiskFile
        private let disk: FullableDisk

        init(_ file: any DiskFile, _ disk: FullableDisk) {
            self.file = file
            self.disk = disk
        }

        var descriptor: Int32 { file.descriptor }
        func size() throws(StorageError) -> Int { try file.size() }
        func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
            try file.read(into: buffer, at: position)
        }
        func write(_ pieces: [UnsafeRawBufferPointer], at position: Int) throws(StorageError) {
            guard !disk.isFull else { throw StorageError(.diskFull, "the disk is full") }
            try file.write(pieces, at: position)
        }
        func truncate(to size: Int) throws(StorageError) { try file.truncate(to: size) }
        func sync() throws(StorageError) { try file.sync() }
    }
}
