package import Delivery
package import Log

/// One entry of a connector's `tests:`.
package struct ConnectorTest: Sendable {
    /// The value of an input record.
    package enum Payload: Sendable, Hashable {
        /// As written; ``LintEnvironment/locate(_:besides:)`` finds it.
        case file(String)
        case text(String)
        case bytes([UInt8])
        case tombstone
    }

    /// One record that comes in, `times` times.
    package struct Input: Sendable {
        package var payload: Payload
        package var headers: [(key: String, value: String)]
        package var key: String?
        package var times: Int
        package var location: ConfigLocation
    }

    /// What the target does instead of answering well.
    package struct Fault: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            /// An HTTP status, 400-599.
            case status(Int)
            case hang
            case reset
        }

        package var kind: Kind
        package var times: Int
        package var retryAfter: Duration?

        package init(kind: Kind, times: Int, retryAfter: Duration?) {
            self.kind = kind
            self.times = times
            self.retryAfter = retryAfter
        }
    }

    /// How many records were dead-lettered.
    package enum DeadLetters: Sendable, Hashable {
        case total(Int)
        case byReason([DeadLetterReason: Int])

        package var count: Int {
            switch self {
            case .total(let count): count
            case .byReason(let counts): counts.values.reduce(0, +)
            }
        }
    }

    /// A request that the target must have seen; JSON values as text.
    package struct Request: Sendable {
        package var jsonContains: String?
        package var jsonEquals: String?
        package var bodyEquals: String?
        package var headers: [(key: String, value: String)]
        package var location: ConfigLocation
    }

    /// A record that must have been written; JSON values as text.
    package struct WrittenRecord: Sendable {
        package var topic: TopicName?
        package var jsonContains: String?
        package var jsonEquals: String?
        package var key: String?
        package var headers: [(key: String, value: String)]
        package var location: ConfigLocation
    }

    /// What must have happened; a count that was left out is not checked.
    package struct Expectation: Sendable {
        package var delivered: Int?
        package var filtered: Int?
        package var duplicate: Int?
        package var rejected: Int?
        package var deadLettered: DeadLetters?
        package var requests: [Request]
        package var records: [WrittenRecord]
        package var location: ConfigLocation

        /// Records that the expectation accounts for.
        package var total: Int {
            (delivered ?? 0) + (filtered ?? 0) + (duplicate ?? 0) + (rejected ?? 0) + (deadLettered?.count ?? 0)
        }
    }

    package var name: String
    package var inputs: [Input]
    package var faults: [Fault]
    package var expect: Expectation
    package var location: ConfigLocation
}
