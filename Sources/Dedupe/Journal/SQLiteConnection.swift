internal import CSQLite

/// One SQLite database handle, closed with the last reference.
///
/// Opened without SQLite's own mutex (`SQLITE_OPEN_NOMUTEX`): one thread uses it at a time.
@safe
final class SQLiteConnection {
    let path: String
    let handle: OpaquePointer

    init(path: String) throws(DedupeError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            // A handle comes even with most errors and must be closed (sqlite.org/c3ref/open.html).
            unsafe sqlite3_close_v2(handle)
            throw DedupeError.sqlite(
                code,
                "opening the journal",
                detail: unsafe String(cString: sqlite3_errstr(code)),
                path
            )
        }
        self.path = path
        unsafe self.handle = handle
    }

    deinit {
        // Waits for statements that are still referenced, see sqlite.org/c3ref/close.html.
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs statements that return no rows, or whose rows do not matter.
    func execute(_ sql: String) throws(DedupeError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code, while: "running a statement") }
    }

    func integer(_ sql: String) throws(DedupeError) -> Int64 {
        let statement = try SQLiteStatement(sql, on: self)
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Runs `body` in a transaction that is committed, and on disk, when this returns; on an error nothing of it remains.
    func transaction(_ body: () throws(DedupeError) -> Void) throws(DedupeError) {
        try execute("BEGIN IMMEDIATE")
        do {
            try body()
            try execute("COMMIT")
        } catch {
            // SQLite has rolled back by itself after some errors (sqlite.org/lang_transaction.html).
            if unsafe sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK") }
            throw error
        }
    }

    func error(_ code: Int32, while activity: String) -> DedupeError {
        DedupeError.sqlite(code, activity, detail: unsafe String(cString: sqlite3_errmsg(handle)), path)
    }
}

extension DedupeError {
    /// Maps a result code (sqlite.org/rescode.html) by its primary part.
    static func sqlite(_ code: Int32, _ activity: String, detail: String, _ path: String) -> DedupeError {
        let what = "SQLite failed while \(activity): \(detail) (\(code))"
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return DedupeError(
                .locked,
                "\(what); another process holds the file: stop it or use another state directory",
                path: path
            )
        case SQLITE_FULL:
            return DedupeError(.diskFull, "\(what); free disk space or raise the journal's bound", path: path)
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT:
            // We never break our own constraints: an index and its table disagree.
            return DedupeError(.corrupt, what, path: path)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            return DedupeError(.cannotOpen, "\(what); check that the directory exists and may be written", path: path)
        case SQLITE_IOERR:
            return DedupeError(.io, "\(what); check the disk", path: path)
        default:
            return DedupeError(.sqlite, what, path: path)
        }
    }
}
