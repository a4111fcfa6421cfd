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
        /// The value of the record.
        package var payload: Payload
        /// In the order of the file.
        package var headers: [(key: String, value: String)]
        /// The record's key as text; `nil`: none is given.
        package var key: String?
        /// At least 1.
        package var times: Int
        /// Where the mapping starts.
        package var location: ConfigLocation
    }

    /// What the target does instead of answering well.
    package struct Fault: Sendable, Hashable {
        /// What goes wrong.
        package enum Kind: Sendable, Hashable {
            /// An HTTP status, 400-599.
            case status(Int)
            case hang
            case reset
        }

        /// What goes wrong.
        package var kind: Kind
        /// At least 1.
        package var times: Int
        /// `nil`: no Retry-After is sent.
        package var retryAfter: Duration?

        /// A fault of `times` attempts.
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

        /// Over all reasons.
        package var count: Int {
            switch self {
            case .total(let count): count
            case .byReason(let counts): counts.values.reduce(0, +)
            }
        }
    }

    /// A request that the target must have seen; JSON values as text.
    package struct Request: Sendable {
        /// JSON text that the JSON must contain; `nil`: not checked.
        package var jsonContains: String?
        /// JSON text that the JSON must equal; `nil`: not checked.
        package var jsonEquals: String?
        /// The whole body as text; `nil`: not checked.
        package var bodyEquals: String?
        /// In the order of the file.
        package var headers: [(key: String, value: String)]
        /// Where the mapping starts.
        package var location: ConfigLocation
    }

    /// A record that must have been written; JSON values as text.
    package struct WrittenRecord: Sendable {
        /// `nil`: any topic.
        package var topic: TopicName?
        /// JSON text that the JSON must contain; `nil`: not checked.
        package var jsonContains: String?
        /// JSON text that the JSON must equal; `nil`: not checked.
        package var jsonEquals: String?
        /// The record's key as text; `nil`: none is given.
        package var key: String?
        /// In the order of the file.
        package var headers: [(key: String, value: String)]
        /// Where the mapping starts.
        package var location: ConfigLocation
    }

    /// What must have happened; a count that was left out is not checked.
    package struct Expectation: Sendable {
        /// Records delivered.
        package var delivered: Int?
        /// Records that a step filtered.
        package var filtered: Int?
        /// Records that dedupe passed over.
        package var duplicate: Int?
        /// Records refused to their sender.
        package var rejected: Int?
        /// Records dead-lettered.
        package var deadLettered: DeadLetters?
        /// Each must have been seen, in any order.
        package var requests: [Request]
        /// Each must have been written, in any order.
        package var records: [WrittenRecord]
        /// Where the mapping starts.
        package var location: ConfigLocation

        /// Records that the expectation accounts for.
        package var total: Int {
            (delivered ?? 0) + (filtered ?? 0) + (duplicate ?? 0) + (rejected ?? 0) + (deadLettered?.count ?? 0)
        }
    }

    /// A claim, for reports.
    package var name: String
    /// In order; at least one.
    package var inputs: [Input]
    /// Used up in order, one per attempt.
    package var faults: [Fault]
    /// What must have happened in the end.
    package var expect: Expectation
    /// Where the mapping starts.
    package var location: ConfigLocation
}
