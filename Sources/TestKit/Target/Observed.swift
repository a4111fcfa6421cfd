internal import Synchronization

/// State that tests change and wait for, without sleeping.
package final class Observed<State: Sendable>: Sendable {
    private struct Waiter {
        let id: Int
        let isSatisfied: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<State?, Never>
    }

    private struct Contents {
        var state: State
        var waiters: [Waiter] = []
        var lastID = 0
    }

    private let contents: Mutex<Contents>

    /// Starts with `state`.
    package init(_ state: State) {
        contents = Mutex(Contents(state: state))
    }

    /// The state of now.
    package var value: State { contents.withLock { $0.state } }

    /// Changes the state under the lock, then wakes those who waited for what it is now.
    @discardableResult
    package func update<R: Sendable>(_ body: (inout State) -> R) -> R {
        let (result, state, woken) = contents.withLock { contents in
            let result = body(&contents.state)
            let state = contents.state
            let woken = contents.waiters.filter { $0.isSatisfied(state) }
            contents.waiters.removeAll { waiter in woken.contains { $0.id == waiter.id } }
            return (result, state, woken)
        }
        for waiter in woken { waiter.continuation.resume(returning: state) }
        return result
    }

    /// Waits until the state satisfies `condition`, which may be now.
    /// - Throws: `CancellationError`.
    @discardableResult
    package func value(when condition: @escaping @Sendable (State) -> Bool) async throws -> State {
        let id = contents.withLock { contents in
            contents.lastID += 1
            return contents.lastID
        }
        let state = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                wait(Waiter(id: id, isSatisfied: condition, continuation: continuation))
            }
        } onCancel: {
            cancel(id)
        }
        guard let state else { throw CancellationError() }
        return state
    }

    private func wait(_ waiter: Waiter) {
        let state = contents.withLock { contents -> State? in
            if waiter.isSatisfied(contents.state) { return contents.state }
            contents.waiters.append(waiter)
            return nil
        }
        if let state {
            waiter.continuation.resume(returning: state)
        } else if Task.isCancelled {
            // The handler may have run before the waiter was there.
            cancel(waiter.id)
        }
    }

    private func cancel(_ id: Int) {
        let waiter = contents.withLock { contents -> Waiter? in
            guard let index = contents.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return contents.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: nil)
    }
}
