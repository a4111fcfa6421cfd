/// Which logs want a sync, and when: the rules of group commit, without threads and clocks.
///
/// A log waits in `pending` with those who wait for it; while a thread syncs it, it is `running`, and who comes then
/// waits for the next sync. Times are ns of the monotonic clock.
struct CommitQueue {
    typealias Answer = @Sendable (Result<Void, StorageError>) -> Void

    struct Waiter {
        let append: AppendResult
        let answer: Answer
    }

    struct Job {
        let log: PartitionLog
        let waiters: [Waiter]
    }

    private struct Entry {
        let log: PartitionLog
        var waiters: [Waiter] = []
        /// nil while nobody wants a sync.
        var due: Int64?
        var isRunning = false
    }

    private var entries: [ObjectIdentifier: Entry] = [:]
    /// Everything is due, and threads end when nothing is left.
    private(set) var isStopping = false

    /// A log wants a sync at `due` or before; the waiter is answered after it.
    /// - Returns: whether a thread should look again.
    mutating func add(_ waiter: Waiter?, _ log: PartitionLog, due: Int64) -> Bool {
        var entry = entries.removeValue(forKey: ObjectIdentifier(log)) ?? Entry(log: log)
        if let waiter { entry.waiters.append(waiter) }
        let isSooner = due < entry.due ?? Int64.max
        if isSooner { entry.due = due }
        entries[ObjectIdentifier(log)] = entry
        return isSooner && !entry.isRunning
    }

    enum Step {
        case sync(Job)
        case wait(until: Int64?)
        case end
    }

    /// The most urgent log that no thread is syncing.
    mutating func next(now: Int64) -> Step {
        var soonest: (key: ObjectIdentifier, due: Int64)?
        for (key, entry) in entries where !entry.isRunning {
            guard let due = entry.due, due < soonest?.due ?? Int64.max else { continue }
            soonest = (key, due)
        }
        guard let soonest, var entry = entries[soonest.key] else {
            return isStopping && entries.isEmpty ? .end : .wait(until: nil)
        }
        guard isStopping || soonest.due <= now else { return .wait(until: soonest.due) }
        let job = Job(log: entry.log, waiters: entry.waiters)
        entry.waiters = []
        entry.due = nil
        entry.isRunning = true
        entries[soonest.key] = entry
        return .sync(job)
    }

    /// The log's waiters were answered.
    /// - Returns: whether it wants a sync again.
    mutating func finish(_ log: PartitionLog) -> Bool {
        guard var entry = entries.removeValue(forKey: ObjectIdentifier(log)) else { return false }
        entry.isRunning = false
        guard entry.due != nil else { return false }
        entries[ObjectIdentifier(log)] = entry
        return true
    }

    mutating func stop() {
        isStopping = true
    }
}
