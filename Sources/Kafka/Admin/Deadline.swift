internal import Log

/// When a call that may take several requests must have its answer.
struct Deadline: Sendable {
    /// What the caller allowed, for the message.
    let allowed: Duration
    let instant: ContinuousClock.Instant

    init(_ allowed: Duration) {
        self.allowed = allowed
        instant = .now.advanced(by: allowed)
    }

    /// What is left for librdkafka, in milliseconds: a tenth, at most 1 s, before the deadline, so that its own error,
    /// which says what it was waiting for, comes before ours. At least 1, and at most the hour that it accepts.
    var milliseconds: Int32 {
        let left = ContinuousClock.now.duration(to: instant)
        return max(1, min(left - min(left / 10, .seconds(1)), .seconds(3600)).milliseconds)
    }

    /// What is left for a further call.
    var left: Duration { ContinuousClock.now.duration(to: instant) }

    var hasPassed: Bool { instant <= .now }
}
