internal import Synchronization

/// Tasks that wait for the same condition, which others make true before they call ``wake()``.
///
/// Its lock is taken first and the condition's own inside it; nobody calls ``wake()`` with the condition's lock held. So
/// a change between a look at the condition and the wait cannot be missed.
final class WaitingTasks: Sendable {
    private struct State {
        var last = 0
        var parked: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.parked.isEmpty } }

    /// Returns after the next ``wake()``, when the task is cancelled, or at once where `condition` holds already.
    func wait(unless condition: () -> Bool) async {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    // The handler below runs before or after this: before it, the task says that it is cancelled.
                    guard !Task.isCancelled, !condition() else { return false }
                    state.parked[number] = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.parked.removeValue(forKey: number) }?.resume()
        }
    }

    func wake() {
        let parked = state.withLock { state in
            defer { if !state.parked.isEmpty { state.parked = [:] } }
            return state.parked
        }
        for continuation in parked.values { continuation.resume() }
    }
}
