/// What a sink says about one record it was given.
public enum SinkResult: Sendable, Hashable {
    /// The target has the record for good.
    case delivered
    /// It may work later: not before `after` from now where the target said so. `reason` becomes the dead letter's when the
    /// retries are used up.
    case retry(DeadLetterReason, detail: String, after: Duration? = nil)
    /// It will never work for this record.
    case reject(DeadLetterReason, detail: String)
    /// It will not work for any record until somebody or something changes (an expired token): nothing is burnt, the
    /// connector pauses and tries again.
    case pause(DeadLetterReason, detail: String)
    /// The sink itself is broken; the connector fails.
    case fatal(detail: String)
}
