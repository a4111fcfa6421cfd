internal import Glibc

/// What tells one file from another under the same name.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
    /// Bytes, when it was asked.
    let size: Int64

    /// Of an open file.
    init(_ descriptor: Int32, _ path: String) throws(FileFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileFailure("stat", path) }
        self.init(status)
    }

    /// Of what `path` leads to now; `nil` when there is nothing, or nothing that may be seen.
    static func of(_ path: String) -> FileIdentity? {
        var status = stat()
        return stat(path, &status) == 0 ? FileIdentity(status) : nil
    }

    func isSameFile(as other: FileIdentity) -> Bool {
        device == other.device && inode == other.inode
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
    }
}

/// Reads at a position.
enum FileBytes {
    /// Up to `count` bytes from `start`; fewer only at the end of the file.
    static func read(
        _ descriptor: Int32,
        _ path: String,
        from start: Int64,
        count: Int
    ) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor,
                    buffer.baseAddress?.advanced(by: filled),
                    count - filled,
                    off_t(start) + off_t(filled)
                )
                if got == 0 { return }
                if got > 0 {
                    filled += got
                } else if errno != EINTR {
                    failure = FileFailure("read", path)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
