/// Stops calling a target that keeps failing, and probes it until it is well again.
///
/// ```
///             enough failures                     open time over, asked for a call
///   closed ───────────────────→ open(until) ───────────────────────────→ halfOpen
///      ↑                            ↑                                       │  │
///      │                            └──────── a probe fails, time doubles ──┘  │
///      └──────────────────────── `probes` probes succeed ──────────────────────┘
/// ```
///
/// A breaker only delays: its answers are "go" and "wait", never "fail", so no record is dead-lettered because of it.
/// One breaker serves one target (host and credential). What counts as a failure is the target's own trouble: 5xx,
/// timeouts, refused and reset connections. 429 belongs to the ``RateLimiter``, 401 and 403 to the credential's state, and
/// other 4xx say nothing about the target: report them with ``onIndifference(_:)``.
package struct CircuitBreaker: Sendable {
    /// Where the breaker stands.
    package enum State: Hashable, Sendable {
        /// Calls go through and are watched.
        case closed
        /// No calls before this moment.
        case open(until: Instant)
        /// A few calls go through to see whether the target is well.
        case halfOpen
    }

    /// Answer to a request to call the target.
    package enum Permission: Hashable, Sendable {
        /// Call, then report the result with this permit exactly once.
        case go(Permit)
        /// Ask again at this moment.
        case wait(until: Instant)
        /// All probes are on their way: ask again after the next result.
        case waitForProbe
    }

    /// Ties a result to the state its call was started in; results of an earlier state are ignored.
    package struct Permit: Hashable, Sendable {
        let epoch: Int
    }

    /// The settings, as given.
    package let policy: CircuitBreakerPolicy
    /// Where the breaker stands; the metric `busbar_circuit_state`.
    package private(set) var state = State.closed

    /// Counts state changes.
    private var epoch = 0
    private var window: FailureWindow
    /// Times opened since it was last closed, for the doubling.
    private var openings = 0
    private var probesRunning = 0
    private var probesSucceeded = 0

    /// A closed breaker that has seen no calls.
    package init(_ policy: CircuitBreakerPolicy = .standard) {
        self.policy = policy
        window = FailureWindow(size: policy.window)
    }

    /// Asks to call the target. An open breaker whose time is over becomes half open here.
    package mutating func onCall(at now: Instant) -> Permission {
        if case .open(let until) = state {
            if now < until { return .wait(until: until) }
            enter(.halfOpen)
        }
        if state == .halfOpen {
            guard probesRunning + probesSucceeded < policy.probes else { return .waitForProbe }
            probesRunning += 1
        }
        return .go(Permit(epoch: epoch))
    }

    /// Reports a call that the target answered well.
    /// - Returns: The new state when it changed.
    @discardableResult
    package mutating func onSuccess(_ permit: Permit) -> State? {
        guard permit.epoch == epoch else { return nil }
        guard state == .halfOpen else {
            window.record(failed: false)
            return nil
        }
        probesRunning -= 1
        probesSucceeded += 1
        guard probesSucceeded >= policy.probes else { return nil }
        openings = 0
        return enter(.closed)
    }

    /// Reports a call that failed because the target is in trouble.
    ///
    /// - Parameters:
    ///   - permit: From ``onCall(at:)``.
    ///   - now: When the call failed.
    ///   - retryAfter: When the target asked to be left alone longer than we would, it is.
    /// - Returns: The new state when it changed.
    @discardableResult
    package mutating func onFailure(_ permit: Permit, at now: Instant, retryAfter: Duration? = nil)
        -> State?
    {
        guard permit.epoch == epoch else { return nil }
        if state == .closed {
            window.record(failed: true)
            guard policy.isTripped(by: window) else { return nil }
        }
        openings += 1
        let rest = max(policy.openTime(opening: openings), retryAfter ?? .zero)
        return enter(.open(until: now.advanced(by: rest)))
    }

    /// Reports a call whose result says nothing about the target's health, or that was given up before it had one.
    package mutating func onIndifference(_ permit: Permit) {
        guard permit.epoch == epoch, state == .halfOpen else { return }
        probesRunning -= 1
    }

    @discardableResult
    private mutating func enter(_ next: State) -> State {
        state = next
        epoch += 1
        window = FailureWindow(size: policy.window)
        probesRunning = 0
        probesSucceeded = 0
        return next
    }
}
