/// When a ``CircuitBreaker`` opens and for how long.
package struct CircuitBreakerPolicy: Hashable, Sendable {
    /// Failures in a row that open it.
    package let consecutiveFailures: Int
    /// Share of failed calls in the window that opens it.
    package let failureRate: Double
    /// Calls looked back on.
    package let window: Int
    /// Calls that must be in the window before the rate counts.
    package let minimumCalls: Int
    /// How long it stays open the first time; doubles with every failed probe.
    package let openTime: Duration
    /// The longest it stays open.
    package let maximumOpenTime: Duration
    /// Probes that must succeed to close it, and that run at once at most.
    package let probes: Int

    /// 5 failures in a row or half of at least 20 in the last 100 calls; 1 s doubling to 10 s; 2 probes.
    ///
    /// Envoy's outlier detection takes 5 in a row, resilience4j half of 100. Open times are shorter than theirs (30 s and
    /// 60 s) because an open breaker here holds up a connector instead of failing its requests.
    package static let standard = CircuitBreakerPolicy()

    private init() {
        consecutiveFailures = 5
        failureRate = 0.5
        window = 100
        minimumCalls = 20
        openTime = .seconds(1)
        maximumOpenTime = .seconds(10)
        probes = 2
    }

    /// - Parameters:
    ///   - consecutiveFailures: 1 to 10,000.
    ///   - failureRate: Above 0, at most 1.
    ///   - window: 1 to 10,000.
    ///   - minimumCalls: 1 to `window`.
    ///   - openTime: 1 ms to 1 h.
    ///   - maximumOpenTime: `openTime` to 24 h.
    ///   - probes: 1 to 100.
    /// - Throws: `invalidSetting` naming the first setting that is out of range.
    package init(
        consecutiveFailures: Int = 5,
        failureRate: Double = 0.5,
        window: Int = 100,
        minimumCalls: Int = 20,
        openTime: Duration = .seconds(1),
        maximumOpenTime: Duration = .seconds(10),
        probes: Int = 2
    ) throws(DeliveryError) {
        typealias Check = DeliveryError
        try Check.require(
            (1...10_000).contains(consecutiveFailures),
            "consecutiveFailures",
            is: consecutiveFailures,
            allowed: "1 to 10,000"
        )
        try Check.require(
            failureRate > 0 && failureRate <= 1,
            "failureRate",
            is: failureRate,
            allowed: "above 0 and at most 1"
        )
        try Check.require((1...10_000).contains(window), "window", is: window, allowed: "1 to 10,000")
        try Check.require(
            minimumCalls >= 1 && minimumCalls <= window,
            "minimumCalls",
            is: minimumCalls,
            allowed: "1 to window (\(window))"
        )
        try Check.require(
            (.milliseconds(1) ... .seconds(3600)).contains(openTime),
            "openTime",
            is: openTime,
            allowed: "1 ms to 1 h"
        )
        try Check.require(
            maximumOpenTime >= openTime && maximumOpenTime <= .seconds(86_400),
            "maximumOpenTime",
            is: maximumOpenTime,
            allowed: "at least openTime (\(openTime)) and at most 24 h"
        )
        try Check.require((1...100).contains(probes), "probes", is: probes, allowed: "1 to 100")
        self.consecutiveFailures = consecutiveFailures
        self.failureRate = failureRate
        self.window = window
        self.minimumCalls = minimumCalls
        self.openTime = openTime
        self.maximumOpenTime = maximumOpenTime
        self.probes = probes
    }

    /// Open time of the nth opening in a row, from 1: 5 s, 10 s, 20 s, 40 s, 60 s, 60 s … by default.
    func openTime(opening: Int) -> Duration {
        // 1 ms doubled 27 times passes the 24 h limit.
        min(maximumOpenTime, openTime * (1 << min(opening - 1, 27)))
    }

    func isTripped(by window: FailureWindow) -> Bool {
        if window.consecutiveFailures >= consecutiveFailures { return true }
        return window.count >= minimumCalls
            && Double(window.failures) >= failureRate * Double(window.count)
    }
}

/// The last calls to a target: how many failed, and how many of them in a row at the end.
struct FailureWindow: Sendable {
    private var failed: [Bool]
    private var next = 0
    private(set) var count = 0
    private(set) var failures = 0
    private(set) var consecutiveFailures = 0

    init(size: Int) {
        failed = Array(repeating: false, count: size)
    }

    mutating func record(failed isFailure: Bool) {
        if count == failed.count {
            if failed[next] { failures -= 1 }
        } else {
            count += 1
        }
        failed[next] = isFailure
        next = next + 1 == failed.count ? 0 : next + 1
        if isFailure { failures += 1 }
        consecutiveFailures = isFailure ? consecutiveFailures + 1 : 0
    }
}
