/// When a failed record is tried again, and when it is given up.
///
/// The wait after attempt *n* is at most `initial * 2^(n-1)`, never more than `max`. With `initial` 200 ms, `max` 30 s:
///
/// | failed attempt | 1      | 2      | 3      | 4     | 5     | 6     | 7      | 8      | 9 and later |
/// |----------------|--------|--------|--------|-------|-------|-------|--------|--------|-------------|
/// | ceiling        | 200 ms | 400 ms | 800 ms | 1.6 s | 3.2 s | 6.4 s | 12.8 s | 25.6 s | 30 s        |
/// | mean, full     | 100 ms | 200 ms | 400 ms | 0.8 s | 1.6 s | 3.2 s | 6.4 s  | 12.8 s | 15 s        |
///
/// `jitter: full` draws evenly from zero to the ceiling, so that clients that failed together do not come back together
/// (AWS Architecture Blog, "Exponential Backoff And Jitter"); `none` waits the ceiling. A target's Retry-After is a
/// floor: the record is never tried earlier than asked. `within` is a deadline counted from the first attempt: our own
/// wait is shortened to end there, for one last attempt; a Retry-After that reaches past it ends the record at once,
/// since waiting would end the same way.
package struct RetrySchedule: Hashable, Sendable {
    /// How the wait is drawn below its ceiling.
    package enum Jitter: String, CaseIterable, Sendable {
        /// Evenly from zero to the ceiling.
        case full
        /// Always the ceiling.
        case none
    }

    /// What follows from a failed attempt.
    package enum Decision: Hashable, Sendable {
        /// Try again after this long.
        case retry(after: Duration)
        /// Dead-letter with this reason.
        case giveUp(DeadLetterReason)
    }

    /// Attempts in all, the first included.
    package let attempts: Int
    /// Ceiling of the first wait.
    package let initial: Duration
    /// Ceiling of every wait.
    package let max: Duration
    /// How waits are drawn.
    package let jitter: Jitter
    /// Time from the first attempt after which no further one starts.
    package let within: Duration

    /// 8 attempts, 200 ms to 30 s, full jitter, within 10 minutes.
    package static let standard = RetrySchedule()

    private init() {
        attempts = 8
        initial = .milliseconds(200)
        max = .seconds(30)
        jitter = .full
        within = .seconds(600)
    }

    /// - Parameters:
    ///   - attempts: 1 (no retry) to 1000.
    ///   - initial: 1 ms to 1 h.
    ///   - max: `initial` to 24 h.
    ///   - jitter: How waits are drawn below their ceiling.
    ///   - within: Zero (no retry) to 7 days.
    /// - Throws: `invalidSetting` naming the first setting that is out of range.
    package init(
        attempts: Int,
        initial: Duration,
        max: Duration,
        jitter: Jitter = .full,
        within: Duration
    ) throws(DeliveryError) {
        try DeliveryError.require(
            (1...1000).contains(attempts),
            "attempts",
            is: attempts,
            allowed: "1 to 1000"
        )
        try DeliveryError.require(
            (.milliseconds(1) ... .seconds(3600)).contains(initial),
            "initial",
            is: initial,
            allowed: "1 ms to 1 h"
        )
        try DeliveryError.require(
            max >= initial && max <= .seconds(86_400),
            "max",
            is: max,
            allowed: "at least initial (\(initial)) and at most 24 h"
        )
        try DeliveryError.require(
            (.zero ... .seconds(604_800)).contains(within),
            "within",
            is: within,
            allowed: "0 to 7 days"
        )
        self.attempts = attempts
        self.initial = initial
        self.max = max
        self.jitter = jitter
        self.within = within
    }

    /// The longest wait after failed attempt `attempt` (from 1), without Retry-After.
    package func ceiling(afterAttempt attempt: Int) -> Duration {
        // 1 ms doubled 27 times passes 24 h, the largest `max`, so a longer shift changes nothing and cannot overflow.
        let doublings = Swift.min(Swift.max(attempt - 1, 0), 27)
        return Swift.min(max, initial * (1 << doublings))
    }

    /// Decides what follows from failed attempt number `attempt`.
    ///
    /// - Parameters:
    ///   - attempt: Which attempt failed, from 1.
    ///   - reason: Why; the dead letter's reason when the attempts are used up.
    ///   - retryAfter: What the target asked for, if it did.
    ///   - elapsed: Time since the first attempt began. Time in which the connector was paused does not count.
    ///   - generator: Source of the jitter; one seed gives one sequence of waits.
    /// - Returns: The wait, or the reason to dead-letter with.
    package func decide(
        afterAttempt attempt: Int,
        reason: DeadLetterReason,
        retryAfter: Duration? = nil,
        elapsed: Duration,
        using generator: inout some RandomNumberGenerator
    ) -> Decision {
        if attempt >= attempts { return .giveUp(reason) }
        let remaining = within - elapsed
        let asked = Swift.max(retryAfter ?? .zero, .zero)
        if remaining <= .zero || asked > remaining { return .giveUp(.expired) }
        let own = wait(below: ceiling(afterAttempt: attempt), using: &generator)
        return .retry(after: Swift.max(asked, Swift.min(own, remaining)))
    }

    private func wait(below ceiling: Duration, using generator: inout some RandomNumberGenerator)
        -> Duration
    {
        switch jitter {
        case .none: ceiling
        case .full: .nanoseconds(Int64.random(in: 0...ceiling.wholeNanoseconds, using: &generator))
        }
    }
}

extension Duration {
    /// Nanoseconds, rounded down. Delivery's settings stay below 7 days, far from the limit of 292 years.
    var wholeNanoseconds: Int64 {
        let parts = components
        return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
    }
}
