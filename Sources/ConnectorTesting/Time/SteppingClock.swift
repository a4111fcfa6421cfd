internal import Log
internal import Synchronization

/// Time that stands still until everybody waits, and then jumps to the next deadline: a retry of minutes takes
/// milliseconds.
///
/// ``step()`` moves it; ``pulse`` changes whenever somebody begins or ends to wait, so that whoever steps can tell a quiet
/// moment. Stepping too early makes waits shorter than they say in relation to computation, and nothing else.
final class SteppingClock: Clock {
    /// A point of time, counted from the clock's creation.
    struct Instant: InstantProtocol {
        var sinceStart: Duration

        func advanced(by duration: Duration) -> Instant { Instant(sinceStart: sinceStart + duration) }
        func duration(to other: Instant) -> Duration { other.sinceStart - sinceStart }
        static func < (left: Instant, right: Instant) -> Bool { left.sinceStart < right.sinceStart }
    }

    private struct Sleeper {
        let deadline: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(sinceStart: .zero)
        var pulse = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleepers that were cancelled before they were parked.
        var cancelled: Set<Int> = []

        mutating func takeDue() -> [Sleeper] {
            let due = sleepers.filter { $0.value.deadline <= now }
            for number in due.keys { sleepers[number] = nil }
            pulse += 1
            return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value)
        }
    }

    /// 2026-01-01T00:00:00Z.
    private static let origin: Int64 = 1_767_225_600_000
    /// Deadlines that lie closer together than this are one step.
    private static let grain = Duration.milliseconds(100)

    private let state = Mutex(State())

    var now: Instant { state.withLock(\.now) }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// Grows with everything that begins or ends to wait.
    var pulse: Int { state.withLock(\.pulse) }

    /// The clock's time as a record's timestamp; the clock starts at 2026-01-01T00:00:00Z.
    var timestamp: Timestamp {
        let (seconds, attoseconds) = now.sinceStart.components
        return Timestamp(milliseconds: Self.origin + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    /// Jumps to the next deadline and wakes everybody whose time has come; does nothing when nobody waits.
    func step() {
        let woken = state.withLock { state -> [Sleeper] in
            guard let next = state.sleepers.values.map(\.deadline).min() else { return [] }
            let limit = next.advanced(by: Self.grain)
            let last = state.sleepers.values.map(\.deadline).filter { $0 <= limit }.max() ?? next
            state.now = max(state.now, last)
            return state.takeDue()
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLock { state in
            state.pulse += 1
            return state.pulse
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                park(Sleeper(deadline: deadline, continuation: continuation), as: number)
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func park(_ sleeper: Sleeper, as number: Int) {
        enum Answer { case parked, due, cancelled }
        let answer = state.withLock { state -> Answer in
            if state.cancelled.remove(number) != nil { return .cancelled }
            if sleeper.deadline <= state.now { return .due }
            state.sleepers[number] = sleeper
            return .parked
        }
        switch answer {
        case .parked: break
        case .due: sleeper.continuation.resume()
        case .cancelled: sleeper.continuation.resume(throwing: CancellationError())
        }
    }

    private func cancel(_ number: Int) {
        let sleeper = state.withLock { state in
            state.pulse += 1
            let sleeper = state.sleepers.removeValue(forKey: number)
            if sleeper == nil { state.cancelled.insert(number) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
