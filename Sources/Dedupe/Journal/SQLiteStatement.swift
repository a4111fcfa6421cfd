internal import CSQLite

/// A prepared statement, finalized with the last reference; keeps its connection open.
///
/// Every use ends with ``reset()``, after which bound bytes may go away.
@safe
final class SQLiteStatement {
    private let connection: SQLiteConnection
    private let handle: OpaquePointer

    init(_ sql: String, on connection: SQLiteConnection) throws(DedupeError) {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            connection.handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &handle,
            nil
        )
        guard code == SQLITE_OK, let handle = unsafe handle else {
            throw connection.error(code, while: "preparing a statement")
        }
        self.connection = connection
        unsafe self.handle = handle
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    func bind(_ value: Int64, at index: Int32) throws(DedupeError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ text: String, at index: Int32) throws(DedupeError) {
        try check(unsafe busbar_sqlite3_bind_text_copy(handle, index, text, Int32(text.utf8.count)))
    }

    /// `bytes` must stay valid until ``reset()``.
    func bind(borrowed bytes: UnsafeRawBufferPointer, at index: Int32) throws(DedupeError) {
        guard bytes.count <= Int(Int32.max) else {
            throw DedupeError(
                .sqlite,
                "a batch of \(bytes.count) bytes is more than SQLite stores in a row; seal more often"
            )
        }
        guard let base = bytes.baseAddress else {
            try check(unsafe sqlite3_bind_zeroblob(handle, index, 0))
            return
        }
        try check(unsafe busbar_sqlite3_bind_blob_static(handle, index, base, Int32(bytes.count)))
    }

    /// - Returns: whether there is a row to read.
    func step() throws(DedupeError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw connection.error(code, while: "running a statement")
        }
    }

    /// Ends the use of the statement. Its result code repeats the one of ``step()`` and is not looked at.
    func reset() {
        _ = unsafe sqlite3_reset(handle)
    }

    func integer(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    /// Lends the column's bytes until the next step or reset.
    func withBytes<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        let bytes = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
    }

    func text(_ column: Int32) -> String {
        guard let text = unsafe sqlite3_column_text(handle, column) else { return "" }
        return unsafe String(cString: text)
    }

    private func check(_ code: Int32) throws(DedupeError) {
        guard code == SQLITE_OK else { throw connection.error(code, while: "binding a value") }
    }
}
