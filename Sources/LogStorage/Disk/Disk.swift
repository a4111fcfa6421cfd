/// The file system as the log sees it: every call that can fail, tear or be forgotten goes through here.
///
/// Calls block; the log makes them from the caller's thread. All methods may be called from any thread.
package protocol Disk: Sendable {
    /// Opens a file for reading and writing at positions.
    /// - Throws: `.notFound` when it is not there and `create` is false; `.diskFull`, `.io`.
    func open(_ path: String, create: Bool) throws(StorageError) -> any DiskFile
    /// Creates the directory and the missing ones above it; one that is there is no error.
    func createDirectory(_ path: String) throws(StorageError)
    /// Whether there is a file or a directory of that name.
    func exists(_ path: String) throws(StorageError) -> Bool
    /// The names in a directory, in no order.
    func list(_ directory: String) throws(StorageError) -> [String]
    /// Replaces `to` in one step. Durable after `syncDirectory`.
    func rename(_ from: String, to: String) throws(StorageError)
    /// Removes a file; one that is not there is no error.
    func remove(_ path: String) throws(StorageError)
    /// Removes an empty directory; one that is not there is no error.
    func removeDirectory(_ path: String) throws(StorageError)
    /// Makes creations, renames and removals in the directory durable.
    func syncDirectory(_ path: String) throws(StorageError)
}

/// An open file. Closed when the last reference goes.
package protocol DiskFile: AnyObject, Sendable {
    /// The descriptor for `sendfile`, valid as long as this object lives; -1 when the disk is simulated.
    var descriptor: Int32 { get }
    func size() throws(StorageError) -> Int
    /// Reads up to the buffer's size at `position`; fewer bytes only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at position: Int) throws(StorageError) -> Int
    /// Writes all pieces one after another from `position`.
    /// - Throws: `.diskFull`, `.io`; any part of the bytes may be in the file then.
    func write(_ pieces: [UnsafeRawBufferPointer], at position: Int) throws(StorageError)
    func truncate(to size: Int) throws(StorageError)
    /// Makes the content and size durable (`fdatasync`). After a failure nothing is known of what was written since
    /// the last success, and calling again does not help (fsync(2)).
    func sync() throws(StorageError)
}

extension DiskFile {
    /// The bytes of a range; fewer at the end of the file.
    func bytes(at position: Int, count: Int) throws(StorageError) -> [UInt8] {
        var failure: StorageError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(StorageError) {
                initialized = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer), at: position)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    func write(_ bytes: [UInt8], at position: Int) throws(StorageError) {
        try unsafe bytes.lend { (buffer) throws(StorageError) in try unsafe write([buffer], at: position) }
    }
}
