package import Log

/// Finds the offset a partition may commit while its records are settled in any order.
///
/// ```
///            committable            end
///                 ↓                  ↓
///   … settled  |  open  settled open |  not yet registered
///   ← prefix → |  ←—— window ——————→ |
///              0 ≤ window ≤ capacity
/// ```
///
/// Everything below ``committable`` has an outcome; the record at ``committable``, if there is one, has none yet. Gaps
/// between offsets (compaction, transaction markers, aborted records) belong to the prefix as soon as everything
/// registered before them is settled: committing past them loses nothing, and a group at rest shows no lag.
///
/// A tracker belongs to one assignment of one partition. After a rebalance or a seek, make a new one. Every event costs
/// O(1), amortised over the records.
package struct OffsetTracker: Sendable {
    /// What became of a registration.
    package enum Registration: Equatable, Sendable {
        /// The record is in the window; settle it with this handle.
        case registered(RecordHandle)
        /// The window is full: pause the partition, keep the record, register it again after a settlement.
        case full
        /// The offset lies below the end of the window: the consumer went back without a new tracker.
        case outOfOrder
    }

    /// What became of a settlement.
    package enum Settlement: Equatable, Sendable {
        /// The committable offset moved.
        case advanced(to: Offset)
        /// Counted, but an earlier record is still open.
        case waiting
        /// The handle is of another generation, or its record was settled before. Nothing was counted.
        case refused
    }

    /// An offset to commit, with the counts that belong to exactly the records it newly passes.
    package struct Commit: Equatable, Sendable {
        /// The next offset to read after a restart.
        package let offset: Offset
        /// Outcomes of the records between the previous commit taken and this one.
        package let delta: Tally
    }

    /// The generation of the assignment, as given.
    package let generation: Int
    /// Records the window holds at most.
    package let capacity: Int
    /// Records without an outcome: the measured `in_flight` of ``Accounting``.
    package private(set) var unsettled = 0
    /// Records registered so far: the `consumed` of this assignment.
    package var registered: UInt64 { tail }

    private var offsets: [Offset]
    private var outcomes: [Outcome?]
    /// Sequence of the oldest record in the window, and of the next one to be registered.
    private var head: UInt64 = 0
    private var tail: UInt64 = 0
    /// One past the last offset that is known to be read.
    private var end: Offset
    private var taken: Offset
    private var delta = Tally()

    /// - Parameters:
    ///   - capacity: Records in the window, 1 or more. It bounds how far a slow record lets others run ahead, and so
    ///     how many records a crash repeats.
    ///   - position: The offset reading starts at, normally the committed one.
    ///   - generation: The number of the rebalance that assigned the partition.
    package init(capacity: Int, position: Offset, generation: Int = 0) {
        precondition(capacity > 0, "an offset tracker needs room for one record at least")
        self.capacity = capacity
        self.generation = generation
        let slots = OffsetTracker.powerOfTwo(atLeast: capacity)
        offsets = Array(repeating: position, count: slots)
        outcomes = Array(repeating: nil, count: slots)
        end = position
        taken = position
    }

    /// Records in the window, settled ones behind an open one included.
    package var count: Int { Int(tail - head) }

    /// Whether the next registration would be refused.
    package var isFull: Bool { count == capacity }

    /// The offset that may be committed now: that of the oldest open record, or the end of what was read.
    package var committable: Offset {
        head == tail ? end : offsets[slot(head)]
    }

    /// Takes the record at `offset`, which must lie beyond all registered before.
    package mutating func register(_ offset: Offset) -> Registration {
        if isFull { return .full }
        if offset < end { return .outOfOrder }
        let sequence = tail
        offsets[slot(sequence)] = offset
        outcomes[slot(sequence)] = nil
        tail += 1
        end = offset.next
        unsettled += 1
        return .registered(RecordHandle(generation: generation, sequence: sequence))
    }

    /// Notes that the consumer has read up to `position`, where nothing but markers or gaps followed the last record.
    ///
    /// Without this a topic that ends in a transaction marker would show a lag of one for ever.
    package mutating func onPosition(_ position: Offset) {
        if position > end { end = position }
    }

    /// Gives a record its outcome. For a dead letter that is only after its write is acknowledged.
    package mutating func settle(_ handle: RecordHandle, _ outcome: Outcome) -> Settlement {
        guard isOpen(handle) else { return .refused }
        outcomes[slot(handle.sequence)] = outcome
        unsettled -= 1
        guard handle.sequence == head else { return .waiting }
        while head != tail, let settled = outcomes[slot(head)] {
            delta.record(settled)
            head += 1
        }
        return .advanced(to: committable)
    }

    /// Whether the record waits for its outcome in this tracker.
    package func isOpen(_ handle: RecordHandle) -> Bool {
        guard handle.generation == generation, (head..<tail).contains(handle.sequence) else {
            return false
        }
        return outcomes[slot(handle.sequence)] == nil
    }

    /// The offset of a record that is still in the window.
    package func offset(of handle: RecordHandle) -> Offset? {
        guard handle.generation == generation, (head..<tail).contains(handle.sequence) else {
            return nil
        }
        return offsets[slot(handle.sequence)]
    }

    /// What to commit now, or nil when nothing moved since the last take.
    ///
    /// Offset and counts leave together: add ``Commit/delta`` to the partition's total and commit both in one request.
    /// A commit that fails must be repeated with the same or a later total; its delta is not handed out again.
    package mutating func takeCommit() -> Commit? {
        guard committable > taken else { return nil }
        let commit = Commit(offset: committable, delta: delta)
        taken = commit.offset
        delta = Tally()
        return commit
    }

    private func slot(_ sequence: UInt64) -> Int {
        Int(truncatingIfNeeded: sequence) & (offsets.count - 1)
    }

    private static func powerOfTwo(atLeast count: Int) -> Int {
        count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
    }
}
