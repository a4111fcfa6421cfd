internal import Synchronization

/// Lets one task sleep until another one signals it or its deadline passes. A signal before the sleep is not lost.
final class Waiter: Sendable {
    private enum Condition {
        case awake
        case signalled
        case parked(CheckedContinuation<Void, Never>)
    }

    private struct State {
        var condition = Condition.awake
        var isExpired = false
    }

    private let state = Mutex(State())

    /// The deadline has passed, or the waiting task was cancelled.
    var isExpired: Bool { state.withLock(\.isExpired) }

    func signal() {
        wake(expiring: false)
    }

    func expire() {
        wake(expiring: true)
    }

    /// Returns after the next ``signal()`` or ``expire()``, at once when one came since the last return.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let wasSignalled = state.withLock { state in
                    if case .signalled = state.condition {
                        state.condition = .awake
                        return true
                    }
                    if state.isExpired { return true }
                    state.condition = .parked(continuation)
                    return false
                }
                if wasSignalled { continuation.resume() }
            }
        } onCancel: {
            expire()
        }
    }

    private func wake(expiring: Bool) {
        let parked: CheckedContinuation<Void, Never>? = state.withLock { state in
            if expiring { state.isExpired = true }
            guard case .parked(let continuation) = state.condition else {
                state.condition = .signalled
                return nil
            }
            state.condition = .awake
            return continuation
        }
        parked?.resume()
    }
}
