internal import Delivery
internal import Synchronization

/// Wakes tasks that wait for "something has changed": a slot is free, a delivery is done, the worker stops.
///
/// A ring wakes those who hold a ticket at that moment and is not remembered. Taking a ticket does not suspend, so this
/// misses nothing although the wait may begin on another thread than the check:
///
/// ```swift
/// if !condition { await bell.wait(for: bell.ticket()) }   // on the actor that changes the condition and rings
/// ```
final class Doorbell: Sendable {
    /// A place in the queue, to be waited on once.
    struct Ticket: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private enum Place {
        /// Has a ticket, does not wait yet.
        case coming
        case parked(CheckedContinuation<Bool, Never>)
        /// The wait is decided before it began.
        case decided(rung: Bool)
    }

    private struct State {
        var nextNumber: UInt64 = 0
        var places: [UInt64: Place] = [:]
        /// In the order of the tickets; holds some that have ended, too.
        var queue: [UInt64] = []

        /// Decides the wait of `number`; does nothing when it has been decided.
        /// - Returns: whether that was open, and who has to be resumed.
        mutating func decide(_ number: UInt64, rung: Bool) -> (Bool, CheckedContinuation<Bool, Never>?) {
            switch places[number] {
            case nil, .decided: return (false, nil)
            case .coming:
                places[number] = .decided(rung: rung)
                return (true, nil)
            case .parked(let continuation):
                places[number] = nil
                return (true, continuation)
            }
        }
    }

    private let state = Mutex(State())

    /// How many tickets are out.
    var waiters: Int { state.withLock { $0.places.count } }

    /// Takes part in all rings from now on. Every ticket must be waited on.
    func ticket() -> Ticket {
        state.withLock { state in
            state.nextNumber += 1
            state.places[state.nextNumber] = .coming
            // Waits that timed out leave their number behind; they are swept before they outnumber the rest.
            if state.queue.count > 2 * state.places.count + 16 { state.queue.removeAll { state.places[$0] == nil } }
            state.queue.append(state.nextNumber)
            return Ticket(number: state.nextNumber)
        }
    }

    /// Wakes everybody who waits now.
    func ring() {
        ring(upTo: .max)
    }

    /// Wakes at most `count` of those who wait now, the longest waiting first.
    func ring(upTo count: Int) {
        let woken = state.withLock { state in
            var woken: [CheckedContinuation<Bool, Never>] = []
            var rung = 0
            var seen = 0
            while rung < count, seen < state.queue.count {
                let (wasOpen, continuation) = state.decide(state.queue[seen], rung: true)
                if wasOpen { rung += 1 }
                if let continuation { woken.append(continuation) }
                seen += 1
            }
            state.queue.removeFirst(seen)
            return woken
        }
        for continuation in woken { continuation.resume(returning: true) }
    }

    /// Waits for the next ring since `ticket` was taken, or for the cancellation of the task.
    ///
    /// - Returns: `true` when it was rung.
    @discardableResult
    func wait(for ticket: Ticket, isolation: isolated (any Actor)? = #isolation) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let decided: Bool? = state.withLock { state in
                    if case .decided(let rung) = state.places[ticket.number] {
                        state.places[ticket.number] = nil
                        return rung
                    }
                    state.places[ticket.number] = .parked(continuation)
                    return nil
                }
                if let decided { continuation.resume(returning: decided) }
            }
        } onCancel: {
            dismiss(ticket)
        }
    }

    /// Waits for the next ring since `ticket` was taken, for `limit` to pass, or for the cancellation of the task.
    ///
    /// - Returns: `true` when it was rung.
    func wait(
        for ticket: Ticket,
        atMost limit: Duration,
        clock: RuntimeClock,
        isolation: isolated (any Actor)? = #isolation
    ) async -> Bool {
        let timer = Task {
            do {
                try await clock.sleep(limit)
                self.dismiss(ticket)
            } catch {
                // cancelled: the wait is over
            }
        }
        defer { timer.cancel() }
        return await wait(for: ticket)
    }

    /// Ends a wait without a ring. One that has ended already is none of its business: timers may come late.
    private func dismiss(_ ticket: Ticket) {
        let (_, continuation) = state.withLock { $0.decide(ticket.number, rung: false) }
        continuation?.resume(returning: false)
    }
}
