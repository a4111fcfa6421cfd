internal import Synchronization

/// Bytes that all connections together may hold of requests. Any thread.
///
/// Who gets none stops reading and is called back when something was given back: memory is bounded by making clients
/// wait, never by dropping what they sent.
final class MemoryBudget: Sendable {
    private struct State {
        var used = 0
        var waiters: [@Sendable () -> Void] = []
    }

    let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: bytes, at least the largest request.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held now.
    var used: Int { state.withLock { $0.used } }

    /// Takes `bytes`, or calls `whenReleased` once, later, when it may be worth asking again.
    func reserve(_ bytes: Int, orWait whenReleased: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            // With nothing used, one request always passes: else a limit below it would stop the broker.
            guard state.used == 0 || state.used + bytes <= limit else {
                state.waiters.append(whenReleased)
                return false
            }
            state.used += bytes
            return true
        }
    }

    /// Gives back what was taken.
    func release(_ bytes: Int) {
        guard bytes > 0 else { return }
        let waiters = state.withLock { state in
            state.used -= bytes
            precondition(state.used >= 0, "more was given back than taken")
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }
}
