internal import Log

/// The dedupe state of one partition: a pure function of its log before ``next``.
///
/// ```
///   journal rows           in memory only
///   ───────────┬─────────────┬───────────────────┐
///          committed       sealed              next          committed and sealed in either order, both ≤ next
///              └── can be taken back ────────────┘
/// ```
///
/// No I/O, no clock. Used by one thread at a time.
final class PartitionDedupe {
    let partition: TopicPartition
    private let window: DedupeWindow
    private let keys: KeySet
    private var pending = PendingEntries()

    /// The offset after the last record seen.
    private(set) var next: Int64
    /// Rows were made for everything before.
    private(set) var sealed: Int64
    /// Nothing before can be taken back.
    private(set) var committed: Int64
    /// The log time before ``next``.
    private(set) var logTime: Int64
    /// The log time before the first offset that this state knows of.
    private let logTimeAtStart: Int64
    /// The journal's rows up to this log time have left the window and can be deleted.
    private(set) var expiredRows: Int64?
    private var lastExpiry: Int64 = 0

    /// The state of a log of which nothing before `start` is remembered.
    ///
    /// `logTime` is an upper bound for the timestamps before `start`; ``DedupeWindow/beginning`` if there are none.
    init(_ partition: TopicPartition, start: Offset, logTime: Int64, window: DedupeWindow, budget: MemoryBudget) {
        self.partition = partition
        self.window = window
        keys = KeySet(window: window, budget: budget)
        next = start.rawValue
        sealed = start.rawValue
        committed = start.rawValue
        self.logTime = logTime
        logTimeAtStart = logTime
    }

    var pendingCount: Int { pending.count }
    var keyCount: Int { keys.entryCount }

    /// Whether what lies before the start can be ignored: it has left the window by now.
    var isComplete: Bool {
        logTimeAtStart == DedupeWindow.beginning || !window.isLive(logTimeAtStart, at: logTime)
    }

    /// Takes the next record and tells whether it is a duplicate.
    ///
    /// An offset before ``next`` means that the log is being read again from there: everything at and after it is taken
    /// back first, so that the answer is the one for the log before `offset`.
    /// - Throws: ``DedupeError/Code/memoryFull``, `.behindCommitted`; the state is then that of the log before `offset`.
    func observe(_ offset: Int64, _ timestamp: Int64, _ key: DedupeKey?) throws(DedupeError) -> Bool {
        if offset < next { try rewind(to: offset) }
        let timestamp = DedupeWindow.clamp(timestamp)
        let time = max(logTime, timestamp)
        var previous = PendingEntry.notStored
        var isDuplicate = false
        if let key {
            let latest: Int64
            if window.isLive(timestamp, at: time) {
                latest = try keys.record(key, at: timestamp)
                previous = latest
            } else {
                latest = keys.latest(of: key)
            }
            isDuplicate = window.isLive(latest, at: time)
        }
        if key != nil || time > logTime {
            pending.append(
                PendingEntry(
                    offset: offset,
                    timestamp: timestamp,
                    key: key ?? .none,
                    previous: previous,
                    logTimeBefore: logTime
                )
            )
        }
        logTime = time
        next = offset + 1
        return isDuplicate
    }

    /// Takes back everything at and after `offset`.
    ///
    /// - Throws: ``DedupeError/Code/behindCommitted``; nothing has changed then.
    func rewind(to offset: Int64) throws(DedupeError) {
        guard offset >= committed else {
            throw DedupeError(
                .behindCommitted,
                "offset \(offset) of \(partition) lies before the committed offset \(committed); assign the partition at \(offset)"
            )
        }
        while let last = pending.last, last.offset >= offset {
            let entry = pending.removeLast()
            keys.undo(entry.key, at: entry.timestamp, previous: entry.previous)
            logTime = entry.logTimeBefore
        }
        sealed = min(sealed, offset)
        next = min(next, offset)
    }

    /// The row for everything from ``sealed`` to `end`, or `nil` when `end` is not beyond it. Changes nothing: the row
    /// counts once it is written, see ``markSealed(upTo:)``.
    func row(upTo end: Int64) -> BatchRow? {
        guard end > sealed else { return nil }
        return BatchRow(
            partition: partition,
            first: Offset(sealed),
            next: Offset(end),
            before: logTime(before: sealed),
            latest: logTime(before: end),
            entries: EntryCodec.encode(pending.slice(from: sealed, upTo: end), first: sealed)
        )
    }

    func markSealed(upTo end: Int64) {
        sealed = max(sealed, end)
        next = max(next, end)
        settle()
    }

    func commit(upTo offset: Int64) {
        guard offset > committed else { return }
        committed = offset
        next = max(next, offset)
        keys.dropExpired(at: logTime(before: committed))
        settle()
    }

    func markRowsDeleted(upTo horizon: Int64) {
        if let due = expiredRows, due <= horizon { expiredRows = nil }
    }

    /// Takes over the entries of a journal row before `end`. What was restored is committed and sealed.
    ///
    /// - Returns: whether the row was whole.
    func restore(_ reader: inout EntryReader, upTo end: Offset) throws(DedupeError) -> Bool {
        while let entry = reader.next(), entry.offset < end.rawValue {
            logTime = max(logTime, entry.timestamp)
            if !entry.key.isNone, window.isLive(entry.timestamp, at: logTime) {
                _ = try keys.record(entry.key, at: entry.timestamp)
            }
        }
        next = end.rawValue
        sealed = next
        committed = next
        keys.dropExpired(at: logTime)
        return !reader.isDamaged
    }

    private func logTime(before offset: Int64) -> Int64 {
        pending.first(from: offset)?.logTimeBefore ?? logTime
    }

    /// Forgets what can no longer be taken back, and once per generation finds rows to delete.
    private func settle() {
        let settled = min(sealed, committed)
        let horizon = window.horizon(at: logTime(before: settled))
        pending.discard(before: settled)
        guard horizon >= lastExpiry + window.span else { return }
        expiredRows = horizon
        lastExpiry = horizon
    }
}
