/// Which records a consumer wants to see.
package enum IsolationLevel: Int8, Sendable {
    case readUncommitted = 0
    /// No records of aborted transactions, and none behind the last stable offset (KIP-98).
    case readCommitted = 1
}
