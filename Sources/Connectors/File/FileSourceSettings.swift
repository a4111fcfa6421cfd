/// What the `file` source reads and how.
package struct FileSourceSettings: Sendable {
    /// `path` (text, required): one file.
    package let path: String
    /// `follow` (true or false, default: true): wait for more at the end, through rotation; `false` reads to the end and is
    /// done.
    package let follow: Bool
    /// `poll` (duration, default: 200ms, range: 1ms-1m): how often a quiet file is looked at.
    package let poll: Duration
    /// `max_line` (bytes, default: 1 MiB, range: 1 KiB-10 MiB): a longer line stops the source with an error; nothing is
    /// cut or skipped.
    package let maxLine: Int
    /// `batch` (lines, default: 500, range: 1-10000): how many lines are handed over at once; a batch is also at most
    /// 1 MiB, or one line.
    package let batch: Int
    /// Told about what readers of the file should know (truncation, rotation, an overlong line); called on the source's
    /// task.
    package let onEvent: @Sendable (FileSourceEvent) -> Void

    /// - Throws: a ``ConnectorError`` that names the setting.
    package init(
        path: String,
        follow: Bool = true,
        poll: Duration = .milliseconds(200),
        maxLine: Int = 1 << 20,
        batch: Int = 500,
        onEvent: @escaping @Sendable (FileSourceEvent) -> Void = { _ in }
    ) throws(ConnectorError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .invalid("path", "the path is empty or holds a NUL byte; name the file to read.")
        }
        try ConnectorError.check("poll", poll, in: .milliseconds(1) ... .seconds(60))
        try ConnectorError.check("max_line", maxLine, in: 1024...(10 << 20))
        try ConnectorError.check("batch", batch, in: 1...10_000)
        self.path = path
        self.follow = follow
        self.poll = poll
        self.maxLine = maxLine
        self.batch = batch
        self.onEvent = onEvent
    }
}

/// Something happened to the file that a `file` source reads.
package enum FileSourceEvent: Sendable, Hashable, CustomStringConvertible {
    /// The file is shorter than what was read of it, or begins differently: reading starts at its beginning.
    case rewritten(path: String, readBefore: Int64)
    /// Another file has the name now; the old one was read to its end.
    case rotated(path: String, readBefore: Int64)
    /// Another file has the name, and the one of the stored position is not in its folder any more: what was written to
    /// it after `readBefore` bytes cannot be read.
    case replaced(path: String, readBefore: Int64)

    /// A sentence for logs.
    package var description: String {
        switch self {
        case .rewritten(let path, let bytes):
            "\(path) was truncated or rewritten after \(bytes) bytes had been read; reading it from the start"
        case .rotated(let path, let bytes):
            "\(path) was rotated; the old file was read to its end (\(bytes) bytes), reading the new one from the start"
        case .replaced(let path, let bytes):
            "\(path) was replaced after \(bytes) bytes had been read and the old file is gone; lines added to it later are lost"
        }
    }
}
