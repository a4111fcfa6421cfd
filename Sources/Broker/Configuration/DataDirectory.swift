internal import FoundationEssentials
internal import Glibc
package import LogStorage
internal import Synchronization

/// The folder of one broker: held by one process at a time, and stamped with the version of what is in it.
///
/// The lock is the kernel's (`flock`), so that a killed broker leaves nothing that has to be cleaned up.
///
///     <dir>/.lock        held; says by whom
///     <dir>/format.json  version of the layout
///     <dir>/topics.json  topics and the cluster's id
///     <dir>/users.json   users and access rules that clients made
///     <dir>/clean-stop   there while nothing is open
///     <dir>/log/<topic>-<partition>/   segments
package final class DataDirectory: Sendable {
    /// What the layout is called from.
    struct Format: Codable, Sendable {
        var format: Int
        var writtenBy: String
    }

    /// The layout this version writes. Reading an older one needs a step in ``upgrade(from:)``.
    static let currentFormat = 1

    /// The folder, without a slash at the end.
    package let path: String
    /// Whether the last broker in this folder stopped in order, so that nothing needs recovery.
    package let wasStoppedCleanly: Bool
    private let disk: any Disk
    private let descriptor: Int32
    private let isLocked = Atomic<Bool>(true)

    /// Creates the folder where it is missing, takes the lock, and checks the stamp.
    /// - Throws: ``BrokerError``: `locked` with the holder's process id, `incompatible_data` for a newer format.
    package init(_ path: String, disk: any Disk = POSIXDisk()) throws(BrokerError) {
        self.disk = disk
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        do {
            try FileManager.default.createDirectory(atPath: path + "/log", withIntermediateDirectories: true)
        } catch {
            throw BrokerError(
                .storage,
                "the data directory \(path) cannot be created; let the broker's user write there",
                cause: "\(error)"
            )
        }
        descriptor = try Self.lock(self.path)
        wasStoppedCleanly = unlink(self.path + "/clean-stop") == 0
        do {
            try stamp()
        } catch {
            unlock()
            throw error
        }
    }

    deinit {
        unlock()
    }

    /// Lets another broker have the folder.
    package func unlock() {
        if isLocked.exchange(false, ordering: .acquiringAndReleasing) { close(descriptor) }
    }

    /// A file in the folder.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The folder of all partitions.
    package var logs: String { "\(path)/log" }

    /// The folder of one partition.
    package func partition(_ topic: String, _ index: Int32) -> String { "\(logs)/\(topic)-\(index)" }

    /// Says that everything is on disk; the last thing a broker does.
    /// - Throws: ``BrokerError`` with `storage`; the next start then recovers as after a crash.
    package func markCleanStop() throws(BrokerError) {
        let file = CrashSafeFile<Format>(file("clean-stop"), on: disk)
        try file.write(Format(format: Self.currentFormat, writtenBy: Self.version))
    }

    private static let version = "0.1.0"

    private static func lock(_ path: String) throws(BrokerError) -> Int32 {
        let file = path + "/.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw BrokerError(.storage, "\(file) cannot be opened", cause: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            var holder = [UInt8](repeating: 0, count: 32)
            let count = pread(descriptor, &holder, holder.count, 0)
            close(descriptor)
            guard cause == EWOULDBLOCK else {
                throw BrokerError(.storage, "\(file) cannot be locked", cause: String(cString: strerror(cause)))
            }
            let process = String(decoding: holder.prefix(max(count, 0)), as: UTF8.self).trimmed
            throw BrokerError(
                .locked,
                "the data directory \(path) is in use by process \(process.isEmpty ? "(unknown)" : process); "
                    + "stop it, or give this broker a data directory of its own"
            )
        }
        let text = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, text, text.count, 0)
        return descriptor
    }

    private func stamp() throws(BrokerError) {
        let file = CrashSafeFile<Format>(file("format.json"), on: disk)
        guard let found = try file.read() else {
            return try file.write(Format(format: Self.currentFormat, writtenBy: Self.version))
        }
        guard found.format <= Self.currentFormat else {
            throw BrokerError(
                .incompatibleData,
                "\(path) was written by busbar \(found.writtenBy) in format \(found.format), and this version reads up to "
                    + "\(Self.currentFormat); run that version or a newer one"
            )
        }
        if found.format < Self.currentFormat { try upgrade(from: found.format) }
    }

    /// Brings an older layout up to date, one version at a time.
    private func upgrade(from format: Int) throws(BrokerError) {
        // Format 1 is the first there is: a lower number was never written.
        throw BrokerError(.incompatibleData, "\(path) says format \(format), which no version of busbar has written")
    }
}
