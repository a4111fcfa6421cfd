internal import FoundationEssentials
internal import NIOCore
internal import Synchronization

/// The broker's clocks and timers.
struct BrokerClock: Sendable {
    private let eventLoop: any EventLoop
    private let origin = ContinuousClock.now

    /// - Parameter eventLoop: runs the timers; what they call must not block.
    init(timersOn eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    /// Milliseconds since 1970, which may step.
    var epoch: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// Both clocks.
    var moment: Moment { Moment(uptime: (ContinuousClock.now - origin).wholeMilliseconds, epoch: epoch) }

    /// Calls `body` once, on the event loop.
    @discardableResult
    func after(_ milliseconds: Int64, _ body: @escaping @Sendable () -> Void) -> Scheduled<Void> {
        eventLoop.scheduleTask(in: .milliseconds(max(milliseconds, 0)), body)
    }
}

/// One timer that always stands at the earliest moment asked for. Any thread.
final class DeadlineTimer: Sendable {
    private struct State {
        var deadline: Int64?
        var scheduled: Scheduled<Void>?
    }

    private let clock: BrokerClock
    private let state = Mutex(State())
    private let fire: @Sendable () -> Void

    init(_ clock: BrokerClock, fire: @escaping @Sendable () -> Void) {
        self.clock = clock
        self.fire = fire
    }

    /// Stands at `deadline` (of ``Moment/uptime``) from now on; `nil` stops it.
    func set(_ deadline: Int64?) {
        state.withLock { state in
            guard state.deadline != deadline else { return }
            state.scheduled?.cancel()
            state.deadline = deadline
            state.scheduled = deadline.map { deadline in
                clock.after(deadline - clock.moment.uptime) { [weak self] in self?.expire(deadline) }
            }
        }
    }

    private func expire(_ deadline: Int64) {
        let isDue = state.withLock { state in
            guard state.deadline == deadline else { return false }
            state.deadline = nil
            state.scheduled = nil
            return true
        }
        if isDue { fire() }
    }
}
