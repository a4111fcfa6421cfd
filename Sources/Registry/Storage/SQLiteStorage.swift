internal import NIOPosix

/// Records in a SQLite file, for one registry on one machine. What is answered is on disk.
package final class SQLiteStorage: RegistryStorage {
    package let readOnly: ReadOnly?
    package let isShared = false
    private let file: RecordFile
    private let replay: ReplayOnce

    private init(_ file: RecordFile, _ readOnly: ReadOnly?) {
        self.file = file
        self.readOnly = readOnly
        replay = ReplayOnce()
    }

    /// Opens the file, or makes it unless it is only to be read.
    /// - Throws: 50001 for a file that cannot be used or is held by another registry.
    package static func open(path: String, isReadOnly: Bool = false) async throws(RegistryError) -> SQLiteStorage {
        let file = try await onThread { () throws(RegistryError) in try RecordFile(path: path, isMade: !isReadOnly) }
        return SQLiteStorage(file, isReadOnly ? .instance : nil)
    }

    package func prepareForWriting() async throws(RegistryError) -> [RegistryRecord] { try await news() }

    package func news() async throws(RegistryError) -> [RegistryRecord] {
        guard replay.isDue() else { return [] }
        return try await Self.onThread { [file] () throws(RegistryError) in try file.read() }
    }

    package func append(_ records: [RegistryRecord]) async throws(RegistryError) -> [RegistryRecord]? {
        try await Self.onThread { [file] () throws(RegistryError) in try file.append(records) }
        return records
    }

    package func close() {}

    /// A commit waits for the disk: not on the cooperative pool.
    private static func onThread<R: Sendable>(
        _ work: @escaping @Sendable () throws(RegistryError) -> R
    ) async throws(RegistryError) -> R {
        do {
            return try await NIOThreadPool.singleton.runIfActive(work)
        } catch let error as RegistryError {
            throw error
        } catch {
            throw RegistryError(.store, "The registry's file cannot be used: \(error)")
        }
    }
}
