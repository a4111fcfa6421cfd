internal import Delivery
internal import Log

/// What a driver knows of one assigned partition, from assignment to revocation.
struct PartitionState {
    let topicPartition: TopicPartition
    /// The rebalance that assigned the partition; work that outlives it is refused.
    let generation: Int
    var tracker: OffsetTracker
    /// Counted where records enter and where they are settled, so that a record lost in between shows as a residue.
    private var entered: Accounting
    /// The counts that belong to the offset last taken for a commit.
    private var ledger: Tally
    /// What the next commit shall say; `nil` when the broker has it all.
    private(set) var uncommitted: CommittedOffset?
    private var timestamps = TimestampQueue()

    /// - Parameters:
    ///   - topicPartition: the partition.
    ///   - generation: of the rebalance that assigned it.
    ///   - start: the offset reading begins at.
    ///   - ledger: the counts committed with that offset.
    ///   - window: most records that may be read beyond the oldest one without an outcome.
    init(_ topicPartition: TopicPartition, generation: Int, start: Offset, ledger: Tally, window: Int) {
        self.topicPartition = topicPartition
        self.generation = generation
        self.ledger = ledger
        entered = Accounting(committed: ledger)
        tracker = OffsetTracker(capacity: window, position: start, generation: generation)
    }

    /// Takes the record at `offset` into the books.
    /// - Returns: its handle; `nil` when the record was read before and is in the books already.
    /// - Precondition: the tracker is not full.
    mutating func register(_ offset: Offset, _ timestamp: Timestamp?) -> RecordHandle? {
        switch tracker.register(offset) {
        case .registered(let handle):
            entered.onConsumed(1)
            timestamps.append(offset, timestamp)
            return handle
        case .outOfOrder:
            return nil
        case .full:
            preconditionFailure("the driver waits for room before it registers")
        }
    }

    /// Gives a record its outcome.
    /// - Returns: `false` when the handle is of an earlier assignment, or settled already.
    mutating func settle(_ handle: RecordHandle, _ outcome: Outcome) -> Bool {
        guard tracker.settle(handle, outcome) != .refused else { return false }
        entered.onSettled(outcome)
        return true
    }

    /// Moves what can be committed into ``uncommitted``.
    mutating func takeCommit() {
        guard let commit = tracker.takeCommit() else { return }
        ledger += commit.delta
        uncommitted = CommittedOffset(commit.offset, metadata: Accounting(committed: ledger).metadata)
        timestamps.drop(before: commit.offset)
    }

    /// Notes that the broker has `offset`.
    mutating func onCommitted(_ offset: CommittedOffset) {
        if uncommitted == offset { uncommitted = nil }
    }

    /// What to commit when the records of `tally` are settled on top of what is.
    func commit(after tally: PartitionTally) -> CommittedOffset {
        CommittedOffset(tally.next, metadata: Accounting(committed: ledger + tally.outcomes).metadata)
    }

    /// Enters records that were settled and committed at once.
    mutating func advance(_ tally: PartitionTally) {
        tracker.onPosition(tally.next)
        entered.onConsumed(tally.outcomes.total)
        entered.settled += tally.outcomes
        ledger += tally.outcomes
    }

    /// The partition's accounting over its whole life, as far as its commits tell it.
    var accounting: Accounting {
        var current = entered
        current.inFlight = Int64(tracker.unsettled)
        return current
    }

    /// When the oldest record without an outcome was appended to the log; `nil` when there is none.
    var oldestUnsettled: Timestamp? {
        tracker.unsettled == 0 ? nil : timestamps.first(atOrAfter: tracker.committable)
    }
}

/// The outcomes of consecutive records of one partition.
struct PartitionTally {
    var outcomes = Tally()
    /// The offset after the last of them.
    var next: Offset
}

/// The timestamps of the records in a partition's window, in offset order.
private struct TimestampQueue {
    private var entries: [(offset: Offset, timestamp: Timestamp?)] = []
    private var head = 0

    mutating func append(_ offset: Offset, _ timestamp: Timestamp?) {
        entries.append((offset, timestamp))
    }

    mutating func drop(before offset: Offset) {
        while head < entries.count, entries[head].offset < offset { head += 1 }
        // Moving the rest down costs as much as the records dropped, so it is paid once per record.
        if head > entries.count / 2 {
            entries.removeFirst(head)
            head = 0
        }
    }

    func first(atOrAfter offset: Offset) -> Timestamp? {
        entries[head...].first { $0.offset >= offset }?.timestamp
    }
}
