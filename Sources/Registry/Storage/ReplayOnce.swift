internal import Synchronization

/// Whether everything that is stored is still to be replayed; said once.
final class ReplayOnce: Sendable {
    private let isDone = Mutex(false)

    func isDue() -> Bool {
        isDone.withLock { isDone in
            defer { isDone = true }
            return !isDone
        }
    }
}
