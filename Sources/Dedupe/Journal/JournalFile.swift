internal import Glibc

/// What was found where the journal should be.
package enum JournalOpening: Sendable, Equatable {
    /// There was no file; an empty journal was made.
    case fresh
    /// The journal was there and is in use.
    case opened
    /// What was there is not a journal of ours, or is damaged: it was renamed to `path`, and an empty journal was made.
    /// Its contents will be read again from the topic.
    case setAside(path: String, reason: String)
}

/// The journal's file and the files that SQLite puts beside it.
struct JournalFile {
    let path: String

    enum State { case absent, empty, present, notAFile }

    /// - Throws: ``DedupeError/Code/cannotOpen`` when the path cannot be looked at.
    func state() throws(DedupeError) -> State {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            let code = errno
            if code == ENOENT { return .absent }
            throw failure("looking at the file", code)
        }
        guard status.st_mode & S_IFMT == S_IFREG || status.st_mode & S_IFMT == S_IFLNK else { return .notAFile }
        return status.st_size == 0 ? .empty : .present
    }

    /// Renames the journal to the first free `<path>.corrupt-<n>` and its write-ahead log along with it, so that the new
    /// journal does not inherit that log and the old one can still be examined.
    func setAside() throws(DedupeError) -> String {
        var number = 1
        while try JournalFile(path: "\(path).corrupt-\(number)").state() != .absent { number += 1 }
        let target = "\(path).corrupt-\(number)"
        for suffix in ["-wal", "-shm", "-journal"]
        where try JournalFile(path: path + suffix).state() != .absent {
            try move(path + suffix, to: target + suffix)
        }
        if try state() != .absent { try move(path, to: target) }
        return target
    }

    private func move(_ source: String, to target: String) throws(DedupeError) {
        guard unsafe rename(source, target) == 0 else { throw failure("renaming it to \(target)", errno) }
    }

    private func failure(_ activity: String, _ code: Int32) -> DedupeError {
        let reason = unsafe String(cString: strerror(code))
        return DedupeError(.cannotOpen, "\(activity) failed: \(reason); check the directory's permissions", path: path)
    }
}
