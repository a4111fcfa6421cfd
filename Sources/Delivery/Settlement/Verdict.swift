/// What the driver does with a record after an attempt.
///
/// | the sink said | attempts and time left | verdict                                             |
/// |---------------|------------------------|-----------------------------------------------------|
/// | delivered     |                        | settle                                              |
/// | retry         | yes                    | retry, never before the target's Retry-After        |
/// | retry         | attempts used up       | dead-letter with the failure's own reason           |
/// | retry         | `within` elapsed       | dead-letter as `expired`, the detail says what failed |
/// | reject        |                        | dead-letter with the sink's reason                  |
/// | pause         |                        | hold the record, pause the connector; not an attempt |
/// | fatal         |                        | stop the connector; the record stays uncommitted    |
package enum Verdict: Hashable, Sendable {
    /// The record is delivered.
    case settle
    /// Try again after this long.
    case retry(after: Duration)
    /// Write a dead letter; the record is settled when that is acknowledged.
    case deadLetter(DeadLetterReason, detail: String)
    /// Hold the record and pause the connector until the reason is gone, then try again at once.
    case pause(PauseReason, detail: String)
    /// Stop the connector. The record keeps its offset uncommitted and comes again after a restart.
    case stop(detail: String)

    /// Judges the result of attempt number `attempt`.
    ///
    /// - Parameters:
    ///   - result: The sink's answer.
    ///   - attempt: Which attempt it was, from 1.
    ///   - elapsed: Time since the first attempt began, without the time the connector was paused.
    ///   - schedule: The connector's retry settings.
    ///   - generator: Source of the jitter.
    /// - Returns: What the driver does with the record.
    package static func judge(
        _ result: SinkResult,
        attempt: Int,
        elapsed: Duration,
        schedule: RetrySchedule,
        using generator: inout some RandomNumberGenerator
    ) -> Verdict {
        switch result {
        case .delivered:
            return .settle
        case .reject(let reason, let detail):
            return .deadLetter(reason, detail: detail)
        case .pause(let reason, let detail):
            return .pause(reason, detail: detail)
        case .fatal(let detail):
            return .stop(detail: detail)
        case .retry(let reason, let asked, let detail):
            let decision = schedule.decide(
                afterAttempt: attempt,
                reason: reason,
                retryAfter: asked,
                elapsed: elapsed,
                using: &generator
            )
            return verdict(decision, reason: reason, detail: detail, attempt: attempt)
        }
    }

    private static func verdict(
        _ decision: RetrySchedule.Decision,
        reason: DeadLetterReason,
        detail: String,
        attempt: Int
    ) -> Verdict {
        switch decision {
        case .retry(let delay):
            return .retry(after: delay)
        case .giveUp(let final):
            let count = attempt == 1 ? "1 attempt" : "\(attempt) attempts"
            let last = detail.isEmpty ? reason.rawValue : "\(reason.rawValue): \(detail)"
            return .deadLetter(final, detail: "given up after \(count); last failure \(last)")
        }
    }
}
