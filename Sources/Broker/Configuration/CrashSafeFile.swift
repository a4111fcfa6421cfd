internal import FoundationEssentials
internal import LogStorage

/// One JSON file that is replaced as a whole: after a crash it holds the old value or the new one.
///
/// Not for two writers at a time.
struct CrashSafeFile<Contents: Codable & Sendable>: Sendable {
    private let file: AtomicFile

    init(_ path: String, on disk: any Disk = POSIXDisk()) {
        file = AtomicFile(path, on: disk)
    }

    var path: String { file.path }

    /// The value; `nil` when there is no file.
    /// - Throws: ``BrokerError``: `storage` when it cannot be read, `incompatible_data` when it is not what was written.
    func read() throws(BrokerError) -> Contents? {
        let bytes: [UInt8]
        do throws(StorageError) {
            guard let found = try file.read() else { return nil }
            bytes = found
        } catch {
            let message = "\(path) cannot be read; let the broker's user read it"
            throw BrokerError(.storage, message, cause: "\(error)")
        }
        do {
            return try JSONDecoder().decode(Contents.self, from: Data(bytes))
        } catch {
            // The decoder's error quotes the text, which may hold credentials.
            let message = "\(path) is damaged; restore it from a backup of the data directory"
            throw BrokerError(.incompatibleData, message)
        }
    }

    /// Replaces the value; returns when it would survive a power loss.
    ///
    /// `previous` is what the file holds, to be put back when it cannot be said whether the new value is there to stay.
    /// - Throws: ``BrokerError`` with `storage`; the old value is then still there.
    func write(_ contents: Contents, previous: Contents? = nil) throws(BrokerError) {
        let bytes = try encoded(contents)
        let old = try previous.map(encoded)
        do throws(StorageError) {
            try file.replace(bytes, previous: old)
        } catch {
            throw BrokerError(.storage, "\(path) cannot be replaced", cause: "\(error)")
        }
    }

    private func encoded(_ contents: Contents) throws(BrokerError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            return [UInt8](try encoder.encode(contents))
        } catch {
            throw BrokerError(.storage, "\(path) cannot be encoded", cause: "\(error)")
        }
    }
}
