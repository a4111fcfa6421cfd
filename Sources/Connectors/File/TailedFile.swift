internal import Glibc

/// An open file and how far it has been read.
final class TailedFile {
    /// A batch holds at most this many bytes, or one line.
    static let batchBytes = 1 << 20

    let path: String
    let identity: FileIdentity
    private(set) var offset: Int64 = 0
    private let descriptor: Int32
    /// The file's first bytes as they were when they were read; at most ``FilePosition/longestPrefix``.
    private var prefix: [UInt8] = []
    /// The fingerprint that a stored position demands; checked before the first read.
    private var expected: FilePosition?
    /// Where there was no whole line at this size; looking again before it grows is useless.
    private var quietSize: Int64 = -1

    /// Opens `path` for reading; `nil` when there is no such file.
    init?(path: String) throws(FileFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure("open", path)
        }
        do throws(FileFailure) {
            identity = try FileIdentity(descriptor, path)
        } catch {
            close(descriptor)
            throw error
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    func `continue`(at position: FilePosition) {
        offset = position.offset
        expected = position
    }

    func rewind() {
        offset = 0
        prefix = []
        expected = nil
        quietSize = -1
    }

    /// Whether what has been read is not (any more) the beginning of this file.
    func wasRewritten() throws(FileFailure) -> Bool {
        let size = try FileIdentity(descriptor, path).size
        guard size >= offset else { return true }
        if let expected {
            let bytes = try FileBytes.read(descriptor, path, from: 0, count: expected.prefixLength)
            guard bytes.count == expected.prefixLength, FilePosition.fingerprint(bytes) == expected.prefix else {
                return true
            }
            prefix = bytes
            self.expected = nil
        }
        guard size != quietSize else { return false }
        return try FileBytes.read(descriptor, path, from: 0, count: prefix.count) != prefix
    }

    /// The lines that follow, at most `lines`, and advances behind them.
    ///
    /// With `takesRest` a last line without a line feed counts as one. `nil` when there is no whole line.
    /// - Throws: ``OverlongLine`` or ``FileFailure``; the offset stays.
    func read(lines: Int, maxLine: Int, takesRest: Bool) throws -> FileBatch? {
        let size = try FileIdentity(descriptor, path).size
        guard size > offset, takesRest || size != quietSize else { return nil }
        // One byte more than a line may have, and its line feed.
        let window = max(Self.batchBytes, maxLine + 2)
        let bytes = try FileBytes.read(descriptor, path, from: offset, count: Int(min(Int64(window), size - offset)))
        let reachesEnd = offset + Int64(bytes.count) >= size
        let split = try LineSplit(bytes, at: offset, lines: lines, maxLine: maxLine, takesRest: takesRest && reachesEnd)
        guard split.consumed > 0 else {
            quietSize = size
            return nil
        }
        try extendPrefix(to: offset + Int64(split.consumed))
        offset += Int64(split.consumed)
        return FileBatch(lines: split.lines, position: position)
    }

    /// Which generation this is, the caller knows.
    private var position: FilePosition {
        FilePosition(
            generation: 0,
            inode: identity.inode,
            offset: offset,
            prefix: FilePosition.fingerprint(prefix),
            prefixLength: prefix.count
        )
    }

    private func extendPrefix(to end: Int64) throws(FileFailure) {
        let length = Int(min(end, Int64(FilePosition.longestPrefix)))
        guard prefix.count < length else { return }
        prefix = try FileBytes.read(descriptor, path, from: 0, count: length)
    }
}

extension TailedFile {
    /// The file that `position` is about, under another name in the same folder (rotation by renaming); `nil` when it is
    /// not there.
    static func find(_ position: FilePosition, besides path: String) throws(FileFailure) -> TailedFile? {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard let stream = opendir(folder) else { throw FileFailure("opendir", folder) }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            guard UInt64(entry.pointee.d_ino) == position.inode, entry.pointee.d_type != UInt8(DT_DIR) else { continue }
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let file = try TailedFile(path: "\(folder)/\(name)") else { continue }
            file.continue(at: position)
            return try file.wasRewritten() ? nil : file
        }
        return nil
    }
}

/// Cuts bytes into lines.
struct LineSplit {
    private(set) var lines: [FileBatch.Line] = []
    /// Bytes up to the end of the last line taken.
    private(set) var consumed = 0

    /// - Throws: ``OverlongLine``, only if it is the first: lines before it are taken.
    init(
        _ bytes: [UInt8],
        at offset: Int64,
        lines limit: Int,
        maxLine: Int,
        takesRest: Bool
    ) throws(OverlongLine) {
        while lines.count < limit, consumed < bytes.count {
            let feed = bytes[consumed...].firstIndex(of: UInt8(ascii: "\n"))
            guard (feed ?? bytes.count) - consumed <= maxLine else {
                if consumed == 0 { throw OverlongLine(offset: offset) }
                return
            }
            guard let end = feed ?? (takesRest ? bytes.count : nil) else { return }
            var content = bytes[consumed..<end]
            if feed != nil, content.last == UInt8(ascii: "\r") { content.removeLast() }
            if !content.isEmpty {
                lines.append(FileBatch.Line(offset: offset + Int64(consumed), bytes: [UInt8](content)))
            }
            consumed = feed.map { $0 + 1 } ?? bytes.count
            if consumed >= TailedFile.batchBytes { return }
        }
    }
}
