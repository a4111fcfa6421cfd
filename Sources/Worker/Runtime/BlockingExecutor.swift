internal import Dispatch

/// Runs an actor's jobs one after another on a thread of their own, off the cooperative pool.
///
/// A driver blocks in SQLite (a commit waits for the disk) and computes for long stretches; on the cooperative pool, which
/// has one thread per core, that would hold up every other connector of the worker.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    /// - Parameter label: shows up in debuggers and profiles.
    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async {
            job.runSynchronously(on: executor)
        }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}
