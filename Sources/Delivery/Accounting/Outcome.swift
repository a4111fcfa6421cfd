/// Why a record was dead-lettered. The raw value is the header `busbar-dlq-reason` and the metric label; closed.
public enum DeadLetterReason: String, CaseIterable, Hashable, Sendable {
    /// The record breaks its contract.
    case schema
    /// The target refused our credentials for this record only; failing for all records pauses the connector.
    case auth
    /// The credentials are good but may not do this.
    case permission
    /// The target asked us to slow down until the attempts ran out.
    case rateLimit = "rate_limit"
    /// The target did not answer in time until the attempts ran out.
    case timeout
    /// The target answered that the request is wrong.
    case target4xx = "target_4xx"
    /// The target failed until the attempts ran out.
    case target5xx = "target_5xx"
    /// A step's program failed on the record.
    case expression
    /// The record, or what it became, is larger than the target or the broker takes.
    case tooLarge = "too_large"
    /// The payload cannot be decoded.
    case decode
    /// A rule forbids sending it (address not allowed, redirect, TLS refused, replay cap).
    case policy
    /// `within` elapsed before the record got through.
    case expired
    /// None of the above; a bug report.
    case unknown
}

/// How a record ended. Every consumed record gets exactly one; there is no way to drop a record without one.
package enum Outcome: Hashable, Sendable {
    /// The sink has it.
    case delivered
    /// A step decided that it is not for this connector.
    case filtered
    /// An earlier record of the partition inside the window carried the same key.
    case duplicate
    /// It is in the dead-letter topic *and the write is acknowledged*.
    case deadLettered(DeadLetterReason)
}

extension Outcome: CaseIterable {
    /// Every outcome, dead letters by reason: the order of ``Tally``'s counts.
    package static let allCases: [Outcome] =
        [.delivered, .filtered, .duplicate] + DeadLetterReason.allCases.map(Outcome.deadLettered)

    /// The metric label and accounting name: `delivered`, `filtered`, `duplicate` or `dead_lettered`.
    package var label: String {
        switch self {
        case .delivered: "delivered"
        case .filtered: "filtered"
        case .duplicate: "duplicate"
        case .deadLettered: "dead_lettered"
        }
    }

    /// Position in ``allCases``.
    var index: Int {
        switch self {
        case .delivered: 0
        case .filtered: 1
        case .duplicate: 2
        case .deadLettered(let reason): 3 + reason.index
        }
    }
}

extension DeadLetterReason {
    /// Position in `allCases`, written out because a search per record would cost more than the accounting itself.
    var index: Int {
        switch self {
        case .schema: 0
        case .auth: 1
        case .permission: 2
        case .rateLimit: 3
        case .timeout: 4
        case .target4xx: 5
        case .target5xx: 6
        case .expression: 7
        case .tooLarge: 8
        case .decode: 9
        case .policy: 10
        case .expired: 11
        case .unknown: 12
        }
    }
}
