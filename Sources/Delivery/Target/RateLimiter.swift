/// Spaces requests to a target evenly with a bounded burst: the generic cell rate algorithm.
///
/// With `T = period / rate` and `tau = (burst - 1) * T`, the state is one instant `tat`, the theoretical arrival time of
/// the next request:
///
/// ```
/// t = max(tat, now);   allowed iff t - now <= tau, then tat = t + T;   otherwise wait t - now - tau
/// ```
///
/// (ITU-T I.371, as virtual scheduling.) For `rate` 5 per second, `burst` 5, starting at rest:
///
/// | request at | 0 s | 0 s | 0 s | 0 s | 0 s | 0 s        | 0.2 s | 0.2 s      | 5 s |
/// |------------|-----|-----|-----|-----|-----|------------|-------|------------|-----|
/// | answer     | 4   | 3   | 2   | 1   | 0   | wait 0.2 s | 0     | wait 0.2 s | 4   |
///
/// where a number is how many more were possible at that moment.
package struct RateLimiter: Hashable, Sendable {
    /// Answer to a request for permits.
    package enum Decision: Hashable, Sendable {
        /// Send now; `remaining` more single requests would be allowed at this moment.
        case allowed(remaining: Int)
        /// Ask again after this long. Nothing was taken.
        case wait(Duration)
    }

    /// Requests that may come at once after a rest.
    package let burst: Int
    /// Time between two requests at the steady rate.
    package let interval: Duration
    private var arrival = Instant.epoch

    /// - Parameters:
    ///   - rate: Requests per `period`, 1 to 1,000,000.
    ///   - period: 1 ms to 24 h.
    ///   - burst: 1 to 1,000,000; 1 spaces all requests evenly.
    /// - Throws: `invalidSetting`.
    package init(rate: Int, per period: Duration = .seconds(1), burst: Int = 1) throws(DeliveryError) {
        try DeliveryError.require(
            (1...1_000_000).contains(rate),
            "rate",
            is: rate,
            allowed: "1 to 1,000,000"
        )
        try DeliveryError.require(
            (1...1_000_000).contains(burst),
            "burst",
            is: burst,
            allowed: "1 to 1,000,000"
        )
        try DeliveryError.require(
            (.milliseconds(1) ... .seconds(86_400)).contains(period),
            "period",
            is: period,
            allowed: "1 ms to 24 h"
        )
        self.burst = burst
        interval = period / rate
    }

    /// Asks to send `count` requests at once. More than `burst` at once would never be allowed and counts as `burst`.
    package mutating func acquire(_ count: Int = 1, at now: Instant) -> Decision {
        let wanted = min(max(count, 1), burst)
        let last = max(arrival, now).advanced(by: interval * (wanted - 1))
        let early = now.duration(to: last) - tolerance
        if early > .zero { return .wait(early) }
        arrival = last.advanced(by: interval)
        let slack = tolerance - now.duration(to: arrival)
        return .allowed(
            remaining: slack < .zero ? 0 : Int(slack.attoseconds / interval.attoseconds) + 1
        )
    }

    /// Allows nothing before `until`, then goes on at the steady rate: what a 429 with Retry-After asks for.
    package mutating func hold(until: Instant) {
        arrival = max(arrival, until.advanced(by: tolerance))
    }

    private var tolerance: Duration { interval * (burst - 1) }
}
