/// Records counted by outcome, dead letters by reason. Adding is a vector add: no allocation, no hashing.
package struct Tally: Hashable, Sendable {
    /// One lane per outcome in the order of `Outcome.allCases`, which has exactly 16 cases.
    private var counts = SIMD16<Int64>(repeating: 0)

    /// A tally of nothing.
    package init() {}

    /// Number of records that ended in this way; setting replaces the count.
    package subscript(outcome: Outcome) -> Int64 {
        get { counts[outcome.index] }
        set { counts[outcome.index] = newValue }
    }

    /// Counts `count` records that ended in this way.
    package mutating func record(_ outcome: Outcome, count: Int64 = 1) {
        counts[outcome.index] &+= count
    }

    /// Records of all outcomes.
    package var total: Int64 { counts.wrappedSum() }

    /// Dead-lettered records of all reasons.
    package var deadLettered: Int64 {
        total - self[.delivered] - self[.filtered] - self[.duplicate]
    }

    /// Dead letters by reason, only those that happened, in the order of `DeadLetterReason.allCases`.
    package var deadLetters: [(reason: DeadLetterReason, count: Int64)] {
        DeadLetterReason.allCases.compactMap { reason in
            let count = self[.deadLettered(reason)]
            return count == 0 ? nil : (reason, count)
        }
    }

    /// The counts of both, outcome by outcome.
    package static func + (left: Tally, right: Tally) -> Tally {
        var sum = left
        sum += right
        return sum
    }

    /// Adds another tally's counts.
    package static func += (left: inout Tally, right: Tally) {
        left.counts &+= right.counts
    }
}
