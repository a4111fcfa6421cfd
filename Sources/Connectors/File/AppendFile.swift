internal import Glibc

/// A file that lines are appended to, by one writer at a time.
///
/// ```
/// line\n line\n line\n torn…
/// └── length ─────────┘└ cut off at open, kept beside the file as <path>.torn
/// ```
/// Not `Sendable`: it lives in a ``Confined``.
final class AppendFile {
    let path: String
    private let descriptor: Int32
    private let identity: FileIdentity
    /// Bytes up to the end of the last whole line.
    private(set) var length: Int64

    /// Opens or creates `path` and its folders, locks it, and cuts off a line that a crash left without its end: its record
    /// was never reported as delivered.
    init(path: String) throws(FileFailure) {
        self.path = path
        let folder = Self.folder(of: path)
        let created = try Self.makeFolders(folder)
        descriptor = try Self.open(path)
        do throws(FileFailure) {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw FileFailure("flock", path) }
            identity = try FileIdentity(descriptor, path)
            length = identity.size
            if length > 0 {
                length = try Self.cutTornLine(descriptor, path, length)
            } else {
                try Self.syncFolders(from: folder, upTo: created)
            }
        } catch {
            // A failed initializer runs no deinit before every property is set.
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Whether `path` still leads to this file: rotation and deletion by others are noticed before each write.
    var isCurrent: Bool {
        FileIdentity.of(path).map { $0.isSameFile(as: identity) } ?? false
    }

    /// Appends `lines` and waits until they are on the disk. After an error the file has its old length again where the
    /// disk allows it; this object must not be used any more, because the state of the page cache after a failed fsync is
    /// unknown (fsync(2), NOTES).
    func append(_ lines: [UInt8]) throws(FileFailure) {
        do throws(FileFailure) {
            try write(lines)
            guard fdatasync(descriptor) == 0 else { throw FileFailure("fdatasync", path) }
            length += Int64(lines.count)
        } catch {
            // Failing here leaves a torn line, which the next open cuts off.
            _ = ftruncate(descriptor, off_t(length))
            throw error
        }
    }

    private func write(_ lines: [UInt8]) throws(FileFailure) {
        var written = 0
        while written < lines.count {
            let count = lines.withUnsafeBytes { buffer in
                pwrite(
                    descriptor,
                    buffer.baseAddress?.advanced(by: written),
                    lines.count - written,
                    off_t(length) + off_t(written)
                )
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure("write", path)
            }
            written += count
        }
    }
}

extension AppendFile {
    private static func open(_ path: String) throws(FileFailure) -> Int32 {
        while true {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw FileFailure("open", path) }
        }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes `folder` and what is missing above it; returns the deepest folder that was there already.
    private static func makeFolders(_ folder: String) throws(FileFailure) -> String {
        if mkdir(folder, 0o750) == 0 { return Self.folder(of: folder) }
        switch errno {
        case EEXIST:
            return folder
        case ENOENT where folder != "/" && folder != ".":
            let existing = try makeFolders(Self.folder(of: folder))
            guard mkdir(folder, 0o750) == 0 || errno == EEXIST else { throw FileFailure("mkdir", folder) }
            return existing
        default:
            throw FileFailure("mkdir", folder)
        }
    }

    /// Makes the names of a new file and its new folders durable.
    private static func syncFolders(from folder: String, upTo top: String) throws(FileFailure) {
        var current = folder
        while true {
            let descriptor = Glibc.open(current, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileFailure("open", current) }
            defer { close(descriptor) }
            guard fsync(descriptor) == 0 else { throw FileFailure("fsync", current) }
            if current == top || current == "/" || current == "." { return }
            current = Self.folder(of: current)
        }
    }

    /// Returns the length up to and including the last line feed.
    private static func cutTornLine(_ descriptor: Int32, _ path: String, _ size: Int64) throws(FileFailure) -> Int64 {
        var end = size
        var torn: [UInt8] = []
        while end > 0 {
            let start = max(0, end - 65_536)
            let chunk = try FileBytes.read(descriptor, path, from: start, count: Int(end - start))
            if let last = chunk.lastIndex(of: UInt8(ascii: "\n")) {
                torn.insert(contentsOf: chunk[(last + 1)...], at: 0)
                end = start + Int64(last) + 1
                break
            }
            torn.insert(contentsOf: chunk, at: 0)
            end = start
        }
        guard end < size else { return size }
        try keep(torn, beside: path)
        guard ftruncate(descriptor, off_t(end)) == 0, fsync(descriptor) == 0 else {
            throw FileFailure("truncate", path)
        }
        return end
    }

    private static func keep(_ torn: [UInt8], beside path: String) throws(FileFailure) {
        let aside = path + ".torn"
        let descriptor = Glibc.open(aside, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw FileFailure("open", aside) }
        defer { close(descriptor) }
        let bytes = torn + [UInt8(ascii: "\n")]
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == bytes.count, fsync(descriptor) == 0 else { throw FileFailure("write", aside) }
    }
}
