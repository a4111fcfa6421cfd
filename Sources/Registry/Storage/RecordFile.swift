internal import CSQLite

/// The SQLite file of a registry: one table of records in the order in which they were stored. Nothing is ever changed or
/// removed in it, so that a replay knows every id that was ever given out.
///
/// Holds the file's lock until it is released: a second registry on the same file does not start.
/// `@unchecked Sendable`: SQLite's own mutex is off (`SQLITE_OPEN_NOMUTEX`); one caller at a time uses it, as
/// ``RegistryStorage`` says.
@safe
final class RecordFile: @unchecked Sendable {
    private let path: String
    let handle: OpaquePointer

    /// Marks the file as ours (`PRAGMA application_id`): "bbRg".
    private static let applicationID: Int32 = 0x6262_5267
    private static let format: Int32 = 1

    /// Opens the file, or makes it if it may be made.
    /// - Throws: 50001 for a file that cannot be used, is another program's, or is held by another registry.
    init(path: String, isMade: Bool = true) throws(RegistryError) {
        var handle: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | (isMade ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            // A handle comes even with most errors and must be closed (sqlite.org/c3ref/open.html).
            unsafe sqlite3_close_v2(handle)
            let reason = unsafe String(cString: sqlite3_errstr(code))
            throw RegistryError(
                .store,
                "The file \(path) cannot be opened: \(reason). Check that its folder exists and may be written."
            )
        }
        self.path = path
        unsafe self.handle = handle
        try prepare()
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    private func prepare() throws(RegistryError) {
        // In exclusive mode the lock that the first transaction takes is kept; synchronous=FULL syncs each commit
        // (sqlite.org/pragma.html).
        try execute("PRAGMA locking_mode=EXCLUSIVE")
        try execute("PRAGMA journal_mode=WAL")
        try execute("PRAGMA synchronous=FULL")
        try execute("BEGIN EXCLUSIVE")
        let (application, format) = (try integer("PRAGMA application_id"), try integer("PRAGMA user_version"))
        let tables = try integer("SELECT count(*) FROM sqlite_schema")
        let isNew = application == 0 && format == 0 && tables == 0
        guard isNew || (application == Self.applicationID && format == Self.format) else {
            throw RegistryError(
                .store,
                "The file \(path) is not a registry's of this version (application \(application), format \(format)); "
                    + "name another file."
            )
        }
        if isNew {
            try execute("CREATE TABLE records (number INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB) STRICT")
            try execute("PRAGMA application_id=\(Self.applicationID)")
            try execute("PRAGMA user_version=\(Self.format)")
        }
        try execute("COMMIT")
    }

    /// Every record in the order in which they were appended.
    func read() throws(RegistryError) -> [RegistryRecord] {
        let statement = try RecordStatement("SELECT key, value FROM records ORDER BY number", on: self)
        var records: [RegistryRecord] = []
        while try statement.step() {
            records.append(RegistryRecord(key: statement.bytes(0) ?? [], value: statement.bytes(1)))
        }
        return records
    }

    /// Stores all of them, on disk, or none.
    func append(_ records: [RegistryRecord]) throws(RegistryError) {
        try execute("BEGIN IMMEDIATE")
        do throws(RegistryError) {
            for record in records { try insert(record) }
            try execute("COMMIT")
        } catch {
            // SQLite has rolled back by itself after some errors (sqlite.org/lang_transaction.html).
            if unsafe sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK") }
            throw error
        }
    }

    private func insert(_ record: RegistryRecord) throws(RegistryError) {
        let statement = try RecordStatement("INSERT INTO records (key, value) VALUES (?1, ?2)", on: self)
        try statement.bind(record.key, at: 1)
        if let value = record.value { try statement.bind(value, at: 2) }
        _ = try statement.step()
    }

    private func execute(_ sql: String) throws(RegistryError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    private func integer(_ sql: String) throws(RegistryError) -> Int32 {
        let statement = try RecordStatement(sql, on: self)
        return try statement.step() ? statement.integer(0) : 0
    }

    func error(_ code: Int32) -> RegistryError {
        let detail = unsafe String(cString: sqlite3_errmsg(handle))
        let advice =
            switch code & 0xff {
            case SQLITE_BUSY, SQLITE_LOCKED: "another registry holds the file: stop it, or name another file"
            case SQLITE_FULL: "free disk space"
            default: "check the disk and the file"
            }
        return RegistryError(.store, "The file \(path) cannot be used: \(detail) (\(code)); \(advice).")
    }
}
