internal import Delivery
internal import Synchronization

/// Wakes tasks that wait for "something has changed": a slot is free, a delivery is done, the worker stops.
///
/// A ring wakes those who wait at that moment and is not remembered: check the condition, wait, check again, all on the
/// same actor, and no ring can be missed in between.
final class Doorbell: Sendable {
    private struct State {
        var nextTicket: UInt64 = 0
        /// Tickets whose wait has not ended; `nil` until the waiter is parked.
        var waiting: [UInt64: CheckedContinuation<Bool, Never>?] = [:]
        /// Parked tickets, and some that have ended, in the order in which they came.
        var queue: [UInt64] = []

        mutating func takeParked(_ ticket: UInt64) -> CheckedContinuation<Bool, Never>? {
            guard case .some(.some(let continuation)) = waiting[ticket] else { return nil }
            waiting[ticket] = nil
            return continuation
        }

        /// The longest-parked waiters, at most `count`.
        mutating func takeParked(upTo count: Int) -> [CheckedContinuation<Bool, Never>] {
            var taken: [CheckedContinuation<Bool, Never>] = []
            var seen = 0
            while taken.count < count, seen < queue.count {
                if let continuation = takeParked(queue[seen]) { taken.append(continuation) }
                seen += 1
            }
            queue.removeFirst(seen)
            return taken
        }

        mutating func park(_ ticket: UInt64, _ continuation: CheckedContinuation<Bool, Never>) {
            waiting[ticket] = .some(continuation)
            // Waits that timed out leave their number behind; they are swept before they outnumber the rest.
            if queue.count > 2 * waiting.count + 16 { queue.removeAll { waiting[$0] == nil } }
            queue.append(ticket)
        }
    }

    private let state = Mutex(State())

    /// How many tasks wait now.
    var waiters: Int { state.withLock { $0.waiting.count } }

    /// Wakes everybody who waits now.
    func ring() {
        ring(upTo: .max)
    }

    /// Wakes at most `count` of those who wait now, the longest waiting first.
    func ring(upTo count: Int) {
        let woken = state.withLock { $0.takeParked(upTo: count) }
        for continuation in woken { continuation.resume(returning: true) }
    }

    /// Waits for the next ring, or for the cancellation of the task.
    ///
    /// - Returns: `true` when it was rung.
    @discardableResult
    func wait(isolation: isolated (any Actor)? = #isolation) async -> Bool {
        await wait(on: newTicket())
    }

    /// Waits for the next ring, for `limit` to pass, or for the cancellation of the task.
    ///
    /// - Returns: `true` when it was rung.
    func wait(
        atMost limit: Duration,
        clock: RuntimeClock,
        isolation: isolated (any Actor)? = #isolation
    ) async -> Bool {
        let ticket = newTicket()
        // Not a child task: the wait must be registered before anything else runs on the caller's actor. It ends with
        // this call.
        let timer = Task {
            do {
                try await clock.sleep(limit)
                self.dismiss(ticket)
            } catch {
                // cancelled: it was rung
            }
        }
        defer { timer.cancel() }
        return await wait(on: ticket)
    }

    private func wait(on ticket: UInt64, isolation: isolated (any Actor)? = #isolation) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDismissed = state.withLock { state in
                    guard state.waiting.keys.contains(ticket) else { return true }
                    state.park(ticket, continuation)
                    return false
                }
                if isDismissed { continuation.resume(returning: false) }
            }
        } onCancel: {
            dismiss(ticket)
        }
    }

    private func newTicket() -> UInt64 {
        state.withLock { state in
            state.nextTicket += 1
            state.waiting[state.nextTicket] = .some(nil)
            return state.nextTicket
        }
    }

    /// Ends a wait without a ring. One that has ended already is none of its business: timers may come late.
    private func dismiss(_ ticket: UInt64) {
        let continuation = state.withLock { state in
            let continuation = state.takeParked(ticket)
            state.waiting.removeValue(forKey: ticket)
            return continuation
        }
        continuation?.resume(returning: false)
    }
}
