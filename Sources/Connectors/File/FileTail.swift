internal import Glibc

/// Reads whole lines from a file that others append to, truncate or rotate. Not `Sendable`: it lives in a ``Confined``.
struct FileTail {
    /// What one look at the file brought.
    enum Step: Sendable {
        case batch(FileBatch)
        /// Nothing new since the last look.
        case idle
        /// The file does not exist.
        case missing
        /// Without `follow`: everything has been read.
        case end
        case event(FileSourceEvent)
    }

    private let settings: FileSourceSettings
    private var resume: FilePosition?
    private var file: TailedFile?
    /// The name led to another file at the last look: one more look at the end of the old one is due, because its writer
    /// may have been in the middle of a line.
    private var sawRotation = false
    private var generation: Int

    init(_ settings: FileSourceSettings, resume: FilePosition?) {
        self.settings = settings
        self.resume = resume
        generation = resume?.generation ?? 0
    }

    /// One look at the file. After an error the same look can be taken again.
    mutating func next() throws(ConnectorError) -> Step {
        do {
            if file == nil, let step = try open() { return step }
            guard let file else { return .missing }
            if try file.wasRewritten() {
                let event = FileSourceEvent.rewritten(path: settings.path, readBefore: file.offset)
                generation += 1
                file.rewind()
                return .event(event)
            }
            let takesRest = !settings.follow || sawRotation
            var batch = try file.read(lines: settings.batch, maxLine: settings.maxLine, takesRest: takesRest)
            batch?.position.generation = generation
            return batch.map { .batch($0) } ?? endOfFile(file)
        } catch let failure as FileFailure {
            throw ConnectorError(
                .fileUnreadable,
                setting: "path",
                "\(failure); make the file readable for the worker's user, or correct the path."
            )
        } catch let overlong as OverlongLine {
            throw ConnectorError(
                .lineTooLong,
                setting: "max_line",
                "the line at byte \(overlong.offset) of \(settings.path) is longer than \(settings.maxLine) bytes; "
                    + "raise max_line (at most 10 MiB) or correct the file. Nothing after it is read."
            )
        } catch {
            throw ConnectorError(.fileUnreadable, setting: "path", "\(settings.path): \(error)")
        }
    }

    private mutating func endOfFile(_ file: TailedFile) -> Step {
        guard settings.follow else { return .end }
        guard let current = FileIdentity.of(settings.path), !current.isSameFile(as: file.identity) else {
            // Quiet, or renamed away and not there anew yet.
            sawRotation = false
            return .idle
        }
        guard sawRotation else {
            sawRotation = true
            return .idle
        }
        sawRotation = false
        self.file = nil
        generation += 1
        return .event(.rotated(path: settings.path, readBefore: file.offset))
    }

    /// Opens the file that the stored position is about, else the one that has the name. Returns what there is to report
    /// before reading.
    private mutating func open() throws(FileFailure) -> Step? {
        guard let named = try TailedFile(path: settings.path) else {
            if settings.follow { return .missing }
            throw FileFailure("open", settings.path, errno: ENOENT)
        }
        guard let position = resume else {
            file = named
            return nil
        }
        resume = nil
        if named.identity.inode == position.inode {
            named.continue(at: position)
            file = named
            return nil
        }
        if let renamed = try TailedFile.find(position, besides: settings.path) {
            file = renamed
            return nil
        }
        file = named
        generation += 1
        return .event(.replaced(path: settings.path, readBefore: position.offset))
    }
}

/// A line beyond the limit begins at `offset`.
struct OverlongLine: Error {
    let offset: Int64
}

/// Some lines of a file and the place after them.
struct FileBatch: Sendable {
    struct Line: Sendable {
        /// Of the line's first byte in the file.
        let offset: Int64
        /// Without its line feed, and without a carriage return before that.
        let bytes: [UInt8]
    }

    /// Without the empty ones; may be empty when there were only such.
    var lines: [Line]
    /// After the last line, empty ones included.
    var position: FilePosition
}
