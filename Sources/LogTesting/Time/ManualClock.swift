package import Log
internal import Synchronization

/// A clock that a test sets by hand: its sleepers wake when ``advance(by:)`` passes their deadline, and real time means
/// nothing to it.
package final class ManualClock: Clock {
    /// A point of time, counted from the clock's creation.
    package struct Instant: InstantProtocol {
        package var sinceStart: Duration

        package init(sinceStart: Duration) {
            self.sinceStart = sinceStart
        }

        package func advanced(by duration: Duration) -> Instant {
            Instant(sinceStart: sinceStart + duration)
        }

        package func duration(to other: Instant) -> Duration {
            other.sinceStart - sinceStart
        }

        package static func < (left: Instant, right: Instant) -> Bool {
            left.sinceStart < right.sinceStart
        }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Observer {
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var lastNumber = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var observers: [Observer] = []

        mutating func takeSatisfiedObservers() -> [Observer] {
            let count = sleepers.count
            let satisfied = observers.filter { $0.count <= count }
            observers.removeAll { $0.count <= count }
            return satisfied
        }
    }

    private let state = Mutex(State())
    private let origin: Timestamp

    /// - Parameter origin: what ``timestamp`` is at the start; default 2026-01-01T00:00:00Z.
    package init(origin: Timestamp = Timestamp(milliseconds: 1_767_225_600_000)) {
        self.origin = origin
    }

    package var now: Instant { state.withLock(\.now) }
    package var minimumResolution: Duration { .nanoseconds(1) }

    /// The clock's time as a record's timestamp.
    package var timestamp: Timestamp {
        let (seconds, attoseconds) = now.sinceStart.components
        return Timestamp(milliseconds: origin.rawValue + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Sleeps until the clock was advanced to `deadline`.
    /// - Throws: `CancellationError` when the task is cancelled before.
    package func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        // A cancellation that came after the wake-up is remembered for nobody.
        defer { state.withLock { _ = $0.cancelled.remove(number) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                park(Sleeper(deadline: deadline, continuation: continuation), as: number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    /// Moves the clock on and wakes, in the order of their deadlines, everybody whose deadline has come.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Returns as soon as at least `count` tasks sleep on this clock: the moment to advance it.
    package func waitForSleepers(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let satisfied = state.withLock { state in
                state.observers.append(Observer(count: count, continuation: continuation))
                return state.takeSatisfiedObservers()
            }
            for observer in satisfied { observer.continuation.resume() }
        }
    }

    private func park(_ sleeper: Sleeper, as number: Int) {
        enum Outcome { case parked([Observer]), due, cancelled }
        let outcome: Outcome = state.withLock { state in
            if state.cancelled.remove(number) != nil { return .cancelled }
            if sleeper.deadline <= state.now { return .due }
            state.sleepers[number] = sleeper
            return .parked(state.takeSatisfiedObservers())
        }
        switch outcome {
        case .parked(let observers): for observer in observers { observer.continuation.resume() }
        case .due: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        }
    }

    /// A cancellation may come before the sleeper is parked; it is then remembered.
    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state in
            let sleeper = state.sleepers.removeValue(forKey: number)
            if sleeper == nil { state.cancelled.insert(number) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}

extension InMemoryLog.Options {
    /// A log whose timestamps, waits and transaction timeouts all follow `clock`.
    package init(clock: ManualClock, autoCreatePartitions: Int? = 1) {
        self.init(
            autoCreatePartitions: autoCreatePartitions,
            now: { clock.timestamp },
            sleep: { try await clock.sleep(for: $0) }
        )
    }
}
