@testable import Broker

/// What the log and the markers may say about transactional ids: a transaction ends once, as it was decided, with one
/// marker for each of its partitions, and identities only grow.
struct TransactionModel {
    struct Known {
        var record: TransactionRecord
        /// Markers that are durable, and those on their way, since the decision or the last restart.
        var marked: Set<LogPartition> = []
        var marking: Set<LogPartition> = []

        /// What was decided of the transaction that is ending or ended last; `nil` for none.
        var decision: Bool? {
            switch record.state {
            case .prepareCommit, .completeCommit: true
            case .prepareAbort, .completeAbort: false
            default: nil
            }
        }
    }

    private(set) var known: [String: Known] = [:]
    /// Durable records in their order.
    private(set) var log: [CoordinatorRecord] = []
    /// Transactions that were decided and completed.
    private(set) var completed = 0

    /// Takes in a durable record. Returns what is wrong with it.
    mutating func store(_ record: CoordinatorRecord) throws -> String? {
        log.append(record)
        let id = try TransactionRecord.transactionalID(key: record.key)
        let before = known[id]
        guard let value = record.value else {
            known[id] = nil
            let wasIdle = before.map { [.empty, .completeAbort, .completeCommit].contains($0.record.state) } ?? false
            return wasIdle ? nil : "\(id) expires in a transaction"
        }
        let next = try TransactionRecord(value)
        defer { keep(id, next, before) }
        guard let before else { return next.state == .empty ? nil : "\(id) begins as \(next.state)" }
        return Self.problem(from: before, to: next).map { "\(id): \($0), \(before.record) to \(next)" }
    }

    private mutating func keep(_ id: String, _ next: TransactionRecord, _ before: Known?) {
        known[id] = Known(record: next)
        if next.state == .completeCommit || next.state == .completeAbort { completed += 1 }
    }

    private static func problem(from before: Known, to next: TransactionRecord) -> String? {
        let (old, new) = (before.record.producer, next.producer)
        guard old.id == new.id ? (0...1).contains(new.epoch - old.epoch) : new.id > old.id && new.epoch == 0 else {
            return "the identity does not grow"
        }
        switch (before.record.state, next.state) {
        case (.empty, .empty), (.completeCommit, .empty), (.completeAbort, .empty): return nil
        case (.empty, .ongoing), (.completeCommit, .ongoing), (.completeAbort, .ongoing):
            return old == new ? nil : "a transaction begins with another identity"
        case (.ongoing, .ongoing):
            let grows = next.partitions.isSuperset(of: before.record.partitions)
            return grows && old == new ? nil : "a partition is lost"
        case (.ongoing, .prepareCommit), (.ongoing, .prepareAbort):
            if next.state == .prepareCommit, old != new { return "a commit raises the epoch" }
            return next.partitions == before.record.partitions ? nil : "the decision changes the partitions"
        case (.prepareCommit, .completeCommit), (.prepareAbort, .completeAbort):
            return before.marked == before.record.partitions ? nil : "it completes with markers missing"
        default: return "this must not follow"
        }
    }

    /// A marker is sent. Returns what is wrong with it.
    mutating func send(_ marker: TransactionMarker) -> String? {
        guard let (id, now) = known.first(where: { $0.value.record.producer == marker.producer }) else {
            return "a marker of nobody"
        }
        guard [.prepareCommit, .prepareAbort].contains(now.record.state), now.decision == marker.committed else {
            return "\(id) sends a marker that says \(marker.committed) in \(now.record.state)"
        }
        guard now.record.partitions.contains(marker.partition), !now.marked.contains(marker.partition),
            known[id]?.marking.insert(marker.partition).inserted == true
        else { return "\(id) marks \(marker.partition) that it never added, or twice" }
        return nil
    }

    /// A marker is durable, or failed.
    mutating func finish(_ marker: TransactionMarker, isDone: Bool) {
        guard let id = known.first(where: { $0.value.record.producer == marker.producer })?.key else { return }
        known[id]?.marking.remove(marker.partition)
        if isDone { known[id]?.marked.insert(marker.partition) }
    }

    /// The process begins again: whether a marker was written is not known any more.
    mutating func restart() {
        known = known.mapValues { Known(record: $0.record) }
    }
}
