package import Log

/// Tells duplicates from first occurrences for the partitions of one connector.
///
/// A record at offset `o` with key `k` is a duplicate **iff an earlier offset of the same partition, inside the window,
/// carried `k`**; ``DedupeWindow`` says exactly what "inside the window" means. The answer depends on the partition's log
/// alone, never on when or how often it was asked, so any worker at any time gives the same one.
///
/// The life of a partition:
/// ```
///   assign(p, committed) ──▶ rebuild? ──▶ [skipAhead] absorb … finishRebuild ──▶ ready
///   ready: check record by record ─▶ seal (row on disk) ─▶ effects, offset commit ─▶ commit
///                 ▲                        │
///                 └──────── rewind ◀───────┘   an aborted batch, a seek: takes back its keys
///   revoke(p)
/// ```
///
/// **Thread:** one at a time, the connector's driver thread; there is no lock. `assign`, `absorb`, `finishRebuild` and
/// `seal` block on the disk.
package final class DedupeState {
    let window: DedupeWindow
    let budget: MemoryBudget
    private let configuration: DedupeConfiguration
    private var journal: DedupeJournal?
    private var partitions: [TopicPartition: PartitionDedupe] = [:]
    /// The partition of the latest call: records come in runs of one partition.
    private var current: PartitionDedupe?
    var rebuilding: [TopicPartition: Offset] = [:]

    /// Makes keys that this state understands.
    package let hasher: DedupeHasher
    /// How the journal was last opened; it is opened anew when it proves to be corrupt.
    package private(set) var journalOpening: JournalOpening

    /// - Throws: ``DedupeError/Code/configuration``, and what ``DedupeJournal/open(path:identity:maximumBytes:hasher:)``
    ///   throws.
    package init(_ configuration: DedupeConfiguration) throws(DedupeError) {
        self.configuration = configuration
        window = try DedupeWindow(configuration.window)
        budget = MemoryBudget(maximumBytes: configuration.maximumMemoryBytes)
        let (journal, opening) = try DedupeJournal.open(
            path: configuration.path,
            identity: configuration.identity,
            cluster: configuration.cluster,
            maximumBytes: configuration.maximumDiskBytes
        )
        self.journal = journal
        hasher = journal.hasher
        journalOpening = opening
    }

    // MARK: Records

    /// Takes the next record of a partition and tells whether it is a duplicate.
    ///
    /// Every record is to be shown, those without a key too: their timestamps count. Offsets ascend, with gaps. An
    /// offset that was shown before means that the log is read again from there, and takes back what followed; so a
    /// redelivered record is never its own duplicate.
    /// `timestamp` is the one the record has in the log, whatever its kind. `key` is made by ``hasher``; a record
    /// without identity has none and is always `.first`.
    /// - Throws: ``DedupeError/Code/memoryFull`` (the record was not taken: ask again once others are committed),
    ///   `.behindCommitted`, `.notReady`.
    package func check(
        _ partition: TopicPartition,
        _ offset: Offset,
        _ timestamp: Timestamp,
        _ key: DedupeKey?
    ) throws(DedupeError) -> DedupeVerdict {
        let state = try ready(partition)
        return try state.observe(offset.rawValue, timestamp.rawValue, key) ? .duplicate : .first
    }

    // MARK: Batches

    /// Writes what was checked since the last call to the journal: durable when this returns.
    ///
    /// To be called before the records' effects are settled, that is before their offsets are committed.
    /// `ends` holds for each partition the offset to write up to, not included. It may lie beyond the last record where
    /// the log has none (control records). All partitions are written in one transaction.
    /// - Throws: ``DedupeError/Code/diskFull``, `.io`; nothing was written then and the call can be repeated. A corrupt
    ///   journal is set aside instead, see ``journalOpening``.
    package func seal(_ ends: [TopicPartition: Offset]) throws(DedupeError) {
        var states: [(PartitionDedupe, end: Int64)] = []
        for (partition, end) in ends {
            states.append((try ready(partition), end.rawValue))
        }
        try seal(states)
    }

    /// Tells that the consumer group's committed offset of `partition` has reached `offset`: nothing before it will be
    /// taken back, and what has left the window is forgotten.
    package func commit(_ partition: TopicPartition, upTo offset: Offset) throws(DedupeError) {
        try ready(partition).commit(upTo: offset.rawValue)
    }

    /// Takes back everything at and after `offset`, however many sealed batches that are: a transaction was aborted, or
    /// the consumer seeks back.
    ///
    /// - Throws: ``DedupeError/Code/behindCommitted`` below the committed offset, `.notReady`.
    package func rewind(_ partition: TopicPartition, to offset: Offset) throws(DedupeError) {
        try ready(partition).rewind(to: offset.rawValue)
    }

    /// Forgets a partition that another worker takes over. Its rows stay for the day it comes back.
    package func revoke(_ partition: TopicPartition) {
        partitions[partition] = nil
        rebuilding[partition] = nil
        current = nil
    }

    // MARK: Figures

    /// What the key sets hold in memory now; at most the configured bound.
    package var memoryBytes: Int { budget.usedBytes }

    /// The number of keys remembered for a partition, those counted twice that were seen in two generations.
    package func keyCount(_ partition: TopicPartition) -> Int { partitions[partition]?.keyCount ?? 0 }

    /// The highest timestamp seen in a partition. One far ahead of the clock means that a producer's clock is wrong and
    /// that earlier keys were forgotten because of it.
    package func logTime(_ partition: TopicPartition) -> Timestamp? {
        guard let time = partitions[partition]?.logTime, time != DedupeWindow.beginning else { return nil }
        return Timestamp(milliseconds: time)
    }

    // MARK: Shared by the parts

    func state(_ partition: TopicPartition) throws(DedupeError) -> PartitionDedupe {
        if let current, current.partition == partition { return current }
        guard let state = partitions[partition] else {
            throw DedupeError(.notReady, "\(partition) is not assigned")
        }
        current = state
        return state
    }

    func ready(_ partition: TopicPartition) throws(DedupeError) -> PartitionDedupe {
        let state = try state(partition)
        guard rebuilding.isEmpty || rebuilding[partition] == nil else {
            throw DedupeError(.notReady, "the rebuild of \(partition) is not finished")
        }
        return state
    }

    func install(_ state: PartitionDedupe) {
        partitions[state.partition] = state
        current = nil
    }

    func seal(_ states: [(PartitionDedupe, end: Int64)]) throws(DedupeError) {
        let rows = states.compactMap { $0.0.row(upTo: $0.end) }
        let expired = states.compactMap { state, _ in
            state.expiredRows.map { DedupeJournal.Expiry(state.partition, upTo: $0) }
        }
        try withJournal { journal throws(DedupeError) in try journal.append(rows, expiring: expired) }
        for (state, end) in states { state.markSealed(upTo: end) }
        for expiry in expired { partitions[expiry.partition]?.markRowsDeleted(upTo: expiry.latest) }
    }

    /// Runs `body` on the journal; on a journal that proves to be corrupt, once more on an empty one.
    func withJournal<R>(_ body: (DedupeJournal) throws(DedupeError) -> R) throws(DedupeError) -> R {
        do {
            return try body(try openJournal())
        } catch {
            guard error.code == .corrupt else { throw error }
            journal = nil
            let aside = try JournalFile(path: configuration.path).setAside()
            let fresh = try openJournal()
            journalOpening = .setAside(path: aside, reason: error.message)
            return try body(fresh)
        }
    }

    /// The journal; opened again if setting it aside failed half-way before.
    private func openJournal() throws(DedupeError) -> DedupeJournal {
        if let journal { return journal }
        let (opened, opening) = try DedupeJournal.open(
            path: configuration.path,
            identity: configuration.identity,
            cluster: configuration.cluster,
            maximumBytes: configuration.maximumDiskBytes,
            hasher: hasher
        )
        guard opened.hasher == hasher else {
            throw DedupeError(.corrupt, "the journal was replaced while in use", path: configuration.path)
        }
        journal = opened
        journalOpening = opening
        return opened
    }
}
