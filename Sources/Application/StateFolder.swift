internal import FoundationEssentials
internal import Glibc

/// The folder of a worker's local state, held by one process at a time.
///
/// Two workers on one folder would write each other's dedupe journals. The lock is the kernel's (`flock`), so that a
/// killed worker leaves nothing behind that has to be cleaned up.
final class StateFolder: Sendable {
    private let descriptor: Int32

    /// Creates the folder where it is missing, and takes the lock.
    /// - Throws: ``WorkerApplication/ConfigurationFailure`` when the folder cannot be written or is another worker's.
    init(_ path: String) throws(WorkerApplication.ConfigurationFailure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Self.failure(path, "the folder cannot be created: \(error)")
        }
        descriptor = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw Self.failure(path, "the folder cannot be written: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let cause = errno
            close(descriptor)
            throw Self.failure(
                path,
                cause == EWOULDBLOCK
                    ? "another worker uses the folder"
                    : "the folder cannot be locked: \(String(cString: strerror(cause)))"
            )
        }
    }

    deinit {
        close(descriptor)
    }

    private static func failure(_ path: String, _ reason: String) -> WorkerApplication.ConfigurationFailure {
        WorkerApplication.ConfigurationFailure(
            description: "state: \(path): \(reason)\n  fix: give each worker a folder of its own that it can write "
                + "(`state` in the settings file, BUSBAR_STATE, or --state)"
        )
    }
}
