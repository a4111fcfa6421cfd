/// Lets a record out of a partition by way of the dead-letter topic only when the broker has acknowledged its write.
///
/// ```
///   onWrite → pending ── onAcknowledged → settle it
///                └────── onFailed ──────→ unwritten; the partition is stopped
///                                              └── onResume → write all of them again
/// ```
///
/// A write that failed never loses its record: it has no outcome, so the committed offset cannot pass it, and it is
/// either written again or read again after a restart. One gate serves one assignment of one partition.
package struct DeadLetterGate: Sendable {
    /// Whether the partition goes on.
    package enum State: Hashable, Sendable {
        /// Dead letters are being acknowledged, or there are none.
        case flowing
        /// A write failed, with this error: hand out no further records of the partition.
        case stopped(detail: String)
    }

    /// What follows from a failed write.
    package enum Failure: Hashable, Sendable {
        /// Stop the partition and say why.
        case stop(detail: String)
        /// It is stopped already.
        case alreadyStopped
        /// No such write is under way: a report of an earlier assignment.
        case unknown
    }

    /// Whether the partition goes on.
    package private(set) var state = State.flowing
    private var pending: [RecordHandle: DeadLetterReason] = [:]
    private var unwritten: [RecordHandle: DeadLetterReason] = [:]

    /// A gate of a partition that flows, with nothing outstanding.
    package init() {}

    /// Dead letters that are not acknowledged yet, failed ones included.
    package var outstanding: Int { pending.count + unwritten.count }

    /// Notes that a dead letter is being written.
    /// - Returns: False when the record has one already; do not write a second.
    package mutating func onWrite(_ record: RecordHandle, _ reason: DeadLetterReason) -> Bool {
        guard pending[record] == nil, unwritten[record] == nil else { return false }
        pending[record] = reason
        return true
    }

    /// Notes that the broker has the dead letter.
    /// - Returns: The outcome to settle the record with; nil when no such write is under way.
    package mutating func onAcknowledged(_ record: RecordHandle) -> Outcome? {
        pending.removeValue(forKey: record).map(Outcome.deadLettered)
    }

    /// Notes that a write failed for good, after the producer's own retries.
    package mutating func onFailed(_ record: RecordHandle, detail: String) -> Failure {
        guard let reason = pending.removeValue(forKey: record) else { return .unknown }
        unwritten[record] = reason
        guard state == .flowing else { return .alreadyStopped }
        state = .stopped(detail: detail)
        return .stop(detail: detail)
    }

    /// Starts over, by an operator or after a wait.
    /// - Returns: The dead letters to write again, in offset order; they are pending now.
    package mutating func onResume() -> [(record: RecordHandle, reason: DeadLetterReason)] {
        let again = unwritten.sorted { $0.key < $1.key }.map { (record: $0.key, reason: $0.value) }
        pending.merge(unwritten) { _, failed in failed }
        unwritten = [:]
        state = .flowing
        return again
    }
}
