/// What the driver does with its consumer after an event.
package enum FlowChange: Equatable, Sendable {
    /// Go on as before.
    case unchanged
    /// The high watermark was reached: pause the partitions.
    case pause
    /// The low watermark was reached: resume them.
    case resume
}

/// Two-level back-pressure: pause at the high watermark, resume at 0.8 of it.
///
/// The distance matters because a pause discards what librdkafka has prefetched; toggling around a single level would
/// fetch the same records over and over.
package struct Watermarks: Equatable, Sendable {
    /// The level at which to pause.
    package let high: Int
    /// The level at which to resume: `high * 0.8` rounded down, and always below `high`.
    package let low: Int
    /// Whether a pause is in force.
    package private(set) var isPaused = false

    /// - Parameter high: 1 or more.
    package init(high: Int) {
        precondition(high > 0, "a high watermark of zero would never let a record in")
        self.high = high
        self.low = min(high * 4 / 5, high - 1)
    }

    /// Tells what follows from the level reached; each crossing is reported once.
    package mutating func onLevel(_ level: Int) -> FlowChange {
        if !isPaused, level >= high {
            isPaused = true
            return .pause
        }
        if isPaused, level <= low {
            isPaused = false
            return .resume
        }
        return .unchanged
    }
}
