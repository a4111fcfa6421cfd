/// Why a record was dead-lettered: the closed set that headers, metrics and `busbar dlq` share.
public enum DeadLetterReason: String, Sendable, CaseIterable, Hashable {
    /// The payload breaks its contract.
    case schema
    /// The target does not know who we are.
    case auth
    /// The target knows who we are and refuses.
    case permission
    case rateLimit = "rate_limit"
    case timeout
    case target4xx = "target_4xx"
    case target5xx = "target_5xx"
    /// A step or a routing condition failed on this record.
    case expression
    case tooLarge = "too_large"
    /// The payload is not what the contract's format can be read from (not JSON, invalid UTF-8).
    case decode
    case policy
    /// The time allowed for retries ran out.
    case expired
    case unknown
}
