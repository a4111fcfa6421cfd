/// Names one registered record of one partition assignment.
///
/// Handles of one tracker ascend in offset order. A handle of an earlier generation is refused by the tracker of a
/// later one, so work that outlives a rebalance cannot settle records of the new assignment.
package struct RecordHandle: Hashable, Comparable, Sendable {
    /// The generation of the assignment that the record was read under.
    package let generation: Int
    /// Position in the order of registration, from 0.
    package let sequence: UInt64

    /// Handles come from ``OffsetTracker``; making one is for tests and for gates without a tracker.
    package init(generation: Int, sequence: UInt64) {
        self.generation = generation
        self.sequence = sequence
    }

    /// Whether `left` was registered earlier.
    package static func < (left: RecordHandle, right: RecordHandle) -> Bool {
        (left.generation, left.sequence) < (right.generation, right.sequence)
    }
}
