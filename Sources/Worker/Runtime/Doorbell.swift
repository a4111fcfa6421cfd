internal import Delivery
internal import Synchronization

/// Wakes tasks that wait for "something has changed": a slot is free, a delivery is done, the worker stops.
///
/// A ring wakes those who wait at that moment and is not remembered: check the condition, wait, check again, all on the
/// same actor, and no ring can be missed in between.
final class Doorbell: Sendable {
    private struct State {
        var nextTicket: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        /// Tickets that were cancelled before they began to wait.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Wakes everybody who waits now.
    func ring() {
        ring(upTo: .max)
    }

    /// Wakes at most `count` of those who wait now.
    func ring(upTo count: Int) {
        let woken = state.withLock { state in
            let tickets = state.waiting.keys.prefix(count)
            return tickets.compactMap { state.waiting.removeValue(forKey: $0) }
        }
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
        let rung = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return true }
                    state.waiting[ticket] = continuation
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            dismiss(ticket)
        }
        // A timer or cancellation that came too late has left its mark.
        state.withLock { _ = $0.cancelled.remove(ticket) }
        return rung
    }

    private func newTicket() -> UInt64 {
        state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
    }

    private func dismiss(_ ticket: UInt64) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if let continuation = state.waiting.removeValue(forKey: ticket) { return continuation }
            state.cancelled.insert(ticket)
            return nil
        }
        continuation?.resume(returning: false)
    }
}
