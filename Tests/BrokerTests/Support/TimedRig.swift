@testable import Broker

/// A coordinator under a clock that is set by hand.
protocol TimedRig: AnyObject {
    var now: Moment { get set }
    var nextDeadline: Int64? { get }

    /// Tells the coordinator that a deadline is reached.
    func tick()
}

extension TimedRig {
    /// Lets time pass, with a tick at every deadline on the way.
    func pass(_ milliseconds: Int64) {
        let end = now.uptime + milliseconds
        while let due = nextDeadline, due <= end {
            step(to: max(due, now.uptime))
            tick()
        }
        step(to: end)
    }

    private func step(to uptime: Int64) {
        now.epoch += uptime - now.uptime
        now.uptime = uptime
    }
}
