internal import FoundationEssentials
internal import Glibc

/// One JSON file that is replaced as a whole: after a crash it holds the old value or the new one.
///
/// Writes a neighbour, syncs it, renames it over the file and syncs the folder. Not for two writers at a time.
struct CrashSafeFile<Contents: Codable & Sendable>: Sendable {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// The value; `nil` when there is no file.
    /// - Throws: ``BrokerError``: `storage` when it cannot be read, `incompatible_data` when it is not what was written.
    func read() throws(BrokerError) -> Contents? {
        let data: Data
        do {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw BrokerError(.storage, "\(path) cannot be read; let the broker's user read it", cause: "\(error)")
        }
        do {
            return try JSONDecoder().decode(Contents.self, from: data)
        } catch {
            // The decoder's error quotes the text, which may hold credentials.
            throw BrokerError(.incompatibleData, "\(path) is damaged; restore it from a backup of the data directory")
        }
    }

    /// Replaces the value; returns when it would survive a power loss.
    /// - Throws: ``BrokerError`` with `storage`; the old value is then still there.
    func write(_ contents: Contents) throws(BrokerError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let data: Data
        do {
            data = try encoder.encode(contents)
        } catch {
            throw BrokerError(.storage, "\(path) cannot be encoded", cause: "\(error)")
        }
        let next = path + ".next"
        let descriptor = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("created", next) }
        do {
            defer { close(descriptor) }
            try writeAll([UInt8](data), to: descriptor, next)
            guard fsync(descriptor) == 0 else { throw failure("synced", next) }
        }
        guard rename(next, path) == 0 else { throw failure("renamed", next) }
        try syncFolder()
    }

    private func writeAll(_ bytes: [UInt8], to descriptor: Int32, _ name: String) throws(BrokerError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", name) }
            written += count
        }
    }

    private func syncFolder() throws(BrokerError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("opened", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synced", folder) }
    }

    private func failure(_ verb: String, _ name: String) -> BrokerError {
        BrokerError(.storage, "\(name) cannot be \(verb)", cause: String(cString: strerror(errno)))
    }
}
