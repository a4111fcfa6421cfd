internal import Glibc

/// The machine's file system.
package struct POSIXDisk: Disk {
    package init() {}

    package func open(_ path: String, create: Bool) throws(StorageError) -> any DiskFile {
        let flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0)
        // Records and credentials are for the broker's user only.
        let descriptor = retrying { unsafe Glibc.open(path, flags, 0o600) }
        guard descriptor >= 0 else { throw .system("open", errno, path) }
        return POSIXFile(descriptor: descriptor, path: path)
    }

    package func createDirectory(_ path: String) throws(StorageError) {
        if unsafe mkdir(path, 0o750) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .system("mkdir", errno, path)
        }
        try createDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else { throw .system("mkdir", errno, path) }
    }

    package func exists(_ path: String) throws(StorageError) -> Bool {
        if unsafe access(path, F_OK) == 0 { return true }
        guard errno == ENOENT || errno == ENOTDIR else { throw .system("access", errno, path) }
        return false
    }

    package func list(_ directory: String) throws(StorageError) -> [String] {
        guard let stream = unsafe opendir(directory) else { throw .system("opendir", errno, directory) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    package func rename(_ from: String, to: String) throws(StorageError) {
        guard unsafe Glibc.rename(from, to) == 0 else { throw .system("rename", errno, from) }
    }

    package func remove(_ path: String) throws(StorageError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .system("unlink", errno, path) }
    }

    package func removeDirectory(_ path: String) throws(StorageError) {
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .system("rmdir", errno, path) }
    }

    package func syncDirectory(_ path: String) throws(StorageError) {
        let descriptor = retrying { unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw .system("open", errno, path) }
        defer { close(descriptor) }
        guard retrying({ fsync(descriptor) }) == 0 else { throw .system("fsync", errno, path) }
    }
}

/// A file of `POSIXDisk`; owns its descriptor.
final class POSIXFile: DiskFile {
    let descriptor: Int32
    private let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        // Linux frees the descriptor even when close fails (close(2)); what matters was reported by sync.
        close(descriptor)
    }

    func size() throws(StorageError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .system("fstat", errno, path) }
        return Int(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int {
        var done = 0
        while done < buffer.count {
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = retrying { unsafe pread(descriptor, rest.baseAddress, rest.count, position + done) }
            guard count >= 0 else { throw .system("pread", errno, path) }
            if count == 0 { break }
            done += count
        }
        return done
    }

    func write(_ pieces: [UnsafeRawBufferPointer], at position: Int) throws(StorageError) {
        var vectors = unsafe pieces.map { piece in
            unsafe iovec(iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress), iov_len: piece.count)
        }
        var position = position
        var first = 0
        while unsafe first < vectors.count {
            // IOV_MAX is 1024 on Linux.
            let count = unsafe min(1024, vectors.count - first)
            let written = unsafe vectors.withUnsafeMutableBufferPointer { all in
                retrying {
                    unsafe pwritev(descriptor, all.baseAddress.map { unsafe $0 + first }, Int32(count), position)
                }
            }
            guard written >= 0 else { throw .system("pwritev", errno, path) }
            position += written
            first = unsafe advance(&vectors, from: first, by: written)
        }
    }

    /// Drops `written` bytes from the front of the vectors; returns the first that has bytes left.
    private func advance(_ vectors: inout [iovec], from first: Int, by written: Int) -> Int {
        var first = first
        var left = written
        while unsafe first < vectors.count, unsafe left >= vectors[first].iov_len {
            unsafe left -= vectors[first].iov_len
            first += 1
        }
        if left > 0 {
            unsafe vectors[first].iov_base += left
            unsafe vectors[first].iov_len -= left
        }
        return first
    }

    func truncate(to size: Int) throws(StorageError) {
        guard retrying({ ftruncate(descriptor, size) }) == 0 else { throw .system("ftruncate", errno, path) }
    }

    func sync() throws(StorageError) {
        guard retrying({ fdatasync(descriptor) }) == 0 else { throw .system("fdatasync", errno, path) }
    }
}

/// Calls again while a signal interrupted the call.
private func retrying<Value: BinaryInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}

extension StorageError {
    /// What a failed system call means; `number` is its errno.
    static func system(_ call: String, _ number: Int32, _ path: String) -> StorageError {
        let reason = unsafe String(cString: strerror(number))
        switch number {
        case ENOSPC, EDQUOT, EFBIG:
            let message = "\(call): \(reason). Free space or lower the topic's retention"
            return StorageError(.diskFull, message, path: path, errorNumber: number)
        case ENOENT:
            return StorageError(.notFound, "\(call): \(reason)", path: path, errorNumber: number)
        default:
            return StorageError(.io, "\(call): \(reason)", path: path, errorNumber: number)
        }
    }
}
