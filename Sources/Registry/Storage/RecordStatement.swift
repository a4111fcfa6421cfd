internal import CSQLite

/// A prepared statement, finalized with the last reference; keeps its file open.
@safe
final class RecordStatement {
    private let file: RecordFile
    private let handle: OpaquePointer

    init(_ sql: String, on file: RecordFile) throws(RegistryError) {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(file.handle, sql, -1, &handle, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else { throw file.error(code) }
        self.file = file
        unsafe self.handle = handle
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws(RegistryError) {
        let code = unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
            return unsafe busbar_sqlite3_bind_blob_copy(handle, index, start, Int32(clamping: bytes.count))
        }
        guard code == SQLITE_OK else { throw file.error(code) }
    }

    /// - Returns: whether there is a row to read.
    func step() throws(RegistryError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code: throw file.error(code)
        }
    }

    func integer(_ column: Int32) -> Int32 { unsafe sqlite3_column_int(handle, column) }

    /// A copy of the column's bytes; nil for NULL.
    func bytes(_ column: Int32) -> [UInt8]? {
        guard unsafe sqlite3_column_type(handle, column) != SQLITE_NULL else { return nil }
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }
}
