/// The identity that busbar keeps for every connector and partition:
///
/// ```
/// consumed = delivered + filtered + duplicate + dead_lettered + in_flight
/// ```
///
/// `consumed` is counted where records enter, outcomes where they are settled and `inFlight` is measured by whoever
/// holds the records (``OffsetTracker/unsettled``). The three are independent on purpose: a record that is lost or
/// settled twice shows as a ``residue``, which is an alarm.
package struct Accounting: Hashable, Sendable {
    /// Records taken from the source.
    package var consumed: Int64
    /// Records that have their outcome.
    package var settled: Tally
    /// Records that were consumed and wait for their outcome, as measured by their holder.
    package var inFlight: Int64

    /// Counts as given; by default of a partition of which nothing was read.
    package init(consumed: Int64 = 0, settled: Tally = Tally(), inFlight: Int64 = 0) {
        self.consumed = consumed
        self.settled = settled
        self.inFlight = inFlight
    }

    /// The state of a partition at its committed offset, where nothing is in flight by definition.
    package init(committed: Tally) {
        self.init(consumed: committed.total, settled: committed)
    }

    /// Zero when every record is accounted for. Positive: records vanished. Negative: records were settled twice.
    package var residue: Int64 { consumed - settled.total - inFlight }

    /// Whether the identity holds.
    package var isBalanced: Bool { residue == 0 }

    /// Counts records taken from the source.
    package mutating func onConsumed(_ count: Int64) {
        consumed += count
    }

    /// Counts one record's outcome.
    package mutating func onSettled(_ outcome: Outcome) {
        settled.record(outcome)
    }

    /// The accounting of two partitions, or of two connectors, together.
    package static func + (left: Accounting, right: Accounting) -> Accounting {
        Accounting(
            consumed: left.consumed + right.consumed,
            settled: left.settled + right.settled,
            inFlight: left.inFlight + right.inFlight
        )
    }

    /// Adds another partition's accounting.
    package static func += (left: inout Accounting, right: Accounting) {
        left = left + right
    }
}
