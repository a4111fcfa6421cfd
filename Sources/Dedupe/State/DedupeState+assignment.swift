package import Log

/// What ``DedupeState/assign(_:committed:)`` found.
package struct PartitionRestore: Sendable, Equatable {
    /// The offsets whose keys must be read from the topic before the partition is ready, `nil` for none.
    ///
    /// It may begin before the log's first offset, which then is where to start.
    package var rebuild: Range<Offset>?
    /// How many rows of the journal failed their checksum; they were deleted, and the range above covers them.
    package var damagedRows: Int
}

extension DedupeState {
    /// How many entries of a rebuild go into one row.
    private static let rebuildBatch = 5000

    /// Takes a partition over at the consumer group's committed offset (the position of the next record; where there is
    /// none, the offset to start at).
    ///
    /// The journal's rows are cut exactly there: what they say of later offsets is ignored and deleted. If they do not
    /// reach up to it, have a gap, or do not reach back as far as the window, the answer says what to read again.
    /// - Throws: ``DedupeError/Code/memoryFull``, `.diskFull`, `.io`; the partition is not assigned then. A corrupt file
    ///   is not an error: it is set aside (see ``journalOpening``) and the whole window is asked for.
    package func assign(_ partition: TopicPartition, committed: Offset) throws(DedupeError) -> PartitionRestore {
        revoke(partition)
        let (state, damagedRows) = try withJournal { journal throws(DedupeError) in
            try restore(partition, committed, from: journal)
        }
        install(state)
        guard state.next < committed.rawValue else { return PartitionRestore(rebuild: nil, damagedRows: damagedRows) }
        rebuilding[partition] = committed
        return PartitionRestore(rebuild: Offset(state.next)..<committed, damagedRows: damagedRows)
    }

    /// The log time up to which a record is out of the window for one at `timestamp`.
    ///
    /// To shorten a rebuild: take the timestamp of the last record before the range's end, look up the first offset at or
    /// after one millisecond past this horizon, and ``skipAhead(_:to:nothingAfter:)`` to it.
    package func horizon(for timestamp: Timestamp) -> Timestamp {
        Timestamp(milliseconds: window.horizon(at: DedupeWindow.clamp(timestamp.rawValue)))
    }

    /// Begins a rebuild later than the range that ``assign(_:committed:)`` asked for; does nothing if that begins later
    /// still. Optional: reading from anywhere earlier gives the same state.
    ///
    /// `offset` is the first one that will be absorbed; no record before it has a timestamp after `horizon`.
    /// - Throws: ``DedupeError/Code/notReady`` when no rebuild is under way.
    package func skipAhead(
        _ partition: TopicPartition,
        to offset: Offset,
        nothingAfter horizon: Timestamp
    ) throws(DedupeError) {
        let end = try rebuildEnd(partition)
        guard try state(partition).next < offset.rawValue, offset <= end else { return }
        install(
            PartitionDedupe(
                partition,
                start: offset,
                logTime: max(horizon.rawValue, 0),
                window: window,
                budget: budget
            )
        )
    }

    /// Takes a record of the range to rebuild, in offset order; every one, with or without a key. What lies outside the
    /// range is ignored.
    ///
    /// - Throws: ``DedupeError/Code/memoryFull``, `.diskFull`, `.io`: assign the partition again.
    package func absorb(
        _ partition: TopicPartition,
        _ offset: Offset,
        _ timestamp: Timestamp,
        _ key: DedupeKey?
    ) throws(DedupeError) {
        let end = try rebuildEnd(partition)
        let state = try state(partition)
        guard offset < end, offset.rawValue >= state.committed else { return }
        if state.pendingCount >= Self.rebuildBatch { try settle(state, upTo: max(state.next, state.committed)) }
        _ = try state.observe(offset.rawValue, timestamp.rawValue, key)
    }

    /// Ends a rebuild: the range was read to its end.
    ///
    /// - Throws: ``DedupeError/Code/notReady`` when the range was begun too late (see
    ///   ``skipAhead(_:to:nothingAfter:)``), `.diskFull`, `.io`. Assign the partition again.
    package func finishRebuild(_ partition: TopicPartition) throws(DedupeError) {
        let end = try rebuildEnd(partition)
        let state = try state(partition)
        try settle(state, upTo: end.rawValue)
        guard state.isComplete else {
            throw DedupeError(
                .notReady,
                "the rebuild of \(partition) skipped records that are still inside the window; assign it again"
            )
        }
        rebuilding[partition] = nil
    }

    private func rebuildEnd(_ partition: TopicPartition) throws(DedupeError) -> Offset {
        guard let end = rebuilding[partition] else {
            throw DedupeError(.notReady, "\(partition) has no rebuild under way")
        }
        return end
    }

    private func settle(_ state: PartitionDedupe, upTo end: Int64) throws(DedupeError) {
        try seal([(state, end)])
        state.commit(upTo: end)
    }

    /// Reads the best chain of rows; as long as one of them proves to be damaged, chooses again without it.
    private func restore(
        _ partition: TopicPartition,
        _ committed: Offset,
        from journal: DedupeJournal
    ) throws(DedupeError) -> (PartitionDedupe, damagedRows: Int) {
        let rows = try journal.headers(of: partition)
        var damaged: Set<Offset> = []
        while let chain = RowChain.choose(from: rows, damaged: damaged, committed: committed, window: window) {
            let state = PartitionDedupe(
                partition,
                start: chain.first,
                logTime: chain.before,
                window: window,
                budget: budget
            )
            let found = try load(chain, into: state, from: journal)
            guard found.isEmpty else {
                damaged.formUnion(found)
                continue
            }
            if chain.links.count < rows.count { try journal.trim(partition, keeping: chain.first..<chain.end) }
            return (state, damaged.count)
        }
        if !rows.isEmpty { try journal.trim(partition, keeping: Offset(0)..<Offset(0)) }
        let empty = PartitionDedupe(
            partition,
            start: 0,
            logTime: DedupeWindow.beginning,
            window: window,
            budget: budget
        )
        return (empty, damaged.count)
    }

    /// - Returns: the first offsets of damaged rows. After the first of them the rest is only verified, so that a badly
    ///   damaged journal is not loaded once for each of them.
    private func load(
        _ chain: RowChain,
        into state: PartitionDedupe,
        from journal: DedupeJournal
    ) throws(DedupeError) -> Set<Offset> {
        var damaged: Set<Offset> = []
        for link in chain.links {
            let verifyOnly = !damaged.isEmpty
            let isWhole = try journal.withEntries(of: state.partition, row: link.header) { reader throws(DedupeError) in
                verifyOnly ? true : try state.restore(&reader, upTo: link.end)
            }
            if isWhole != true { damaged.insert(link.header.first) }
        }
        return damaged
    }
}
