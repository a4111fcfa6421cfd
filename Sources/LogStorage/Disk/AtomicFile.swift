/// A small file that is replaced as a whole: after a crash or a power loss it holds the old bytes or the new ones.
///
/// Replacing writes a neighbour, syncs it, renames it over the file and syncs the folder. One writer at a time.
package struct AtomicFile: Sendable {
    package let path: String
    package let disk: any Disk

    package init(_ path: String, on disk: any Disk) {
        self.path = path
        self.disk = disk
    }

    /// The content, nil when there is no file.
    /// - Throws: `.io`.
    package func read() throws(StorageError) -> [UInt8]? {
        do {
            let file = try disk.open(path, create: false)
            return try file.bytes(at: 0, count: file.size())
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    /// Returns when the new content would survive a power loss.
    /// - Throws: `.diskFull`, `.io`: the old content is still there, unless `previous` is nil and the failure came after
    ///   the rename; with `previous`, that is put back, as far as the disk lets it.
    package func replace(_ bytes: [UInt8], previous: [UInt8]? = nil) throws(StorageError) {
        let temporary = path + ".tmp"
        try write(bytes, to: temporary)
        do {
            try disk.rename(temporary, to: path)
            try disk.syncDirectory(folder)
        } catch {
            if let previous { throw restoring(previous, after: error) }
            throw error
        }
    }

    /// A caller that was told of a failure must not find the change made after the next start.
    private func restoring(_ previous: [UInt8], after failure: StorageError) -> StorageError {
        do throws(StorageError) {
            try replace(previous)
            return failure
        } catch {
            var failure = failure
            failure.message += "; it could not be put back (\(error)), so the next start may find the change made"
            return failure
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(StorageError) {
        let file = try disk.open(path, create: true)
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
        try file.sync()
    }

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
