/// The committed offsets of one group: those that everybody sees, those on their way to the log, and those that wait
/// for the end of a transaction.
struct GroupOffsets: Sendable {
    struct Stored: Sendable {
        var committed: CommittedOffset
        /// Where its record is in `__consumer_offsets`: of two, the later record counts, whichever was applied first.
        var logOffset: Int64
    }

    /// The end of a transaction: its marker's place in the log, and what it says.
    struct End: Sendable {
        let offset: Int64
        let committed: Bool
    }

    private struct Transactional: Sendable {
        let committed: CommittedOffset
        /// `nil` for what was loaded.
        let token: WriteToken?
        /// `nil` while it is on its way.
        var logOffset: Int64?
        /// Markers that were reported while it was on its way.
        var ends: [End] = []

        /// The marker that decides it: the first one behind it.
        var end: End? {
            logOffset.flatMap { own in ends.filter { $0.offset > own }.min { $0.offset < $1.offset } }
        }
    }

    private(set) var stored: [LogPartition: Stored] = [:]
    private var inFlight: [LogPartition: [WriteToken]] = [:]
    private var transactional: [Int64: [LogPartition: [Transactional]]] = [:]

    /// Nothing at all, on its way or waiting.
    var isEmpty: Bool { stored.isEmpty && inFlight.isEmpty && transactional.isEmpty }

    /// Partitions that have, or may get, a record in the log.
    var partitions: Set<LogPartition> {
        transactional.values.reduce(Set(stored.keys).union(inFlight.keys)) { $0.union($1.keys) }
    }

    /// Whether a commit of the partition is not decided yet.
    func isUnstable(_ partition: LogPartition) -> Bool {
        inFlight[partition] != nil || transactional.values.contains { $0[partition] != nil }
    }

    /// Notes a commit that is on its way.
    mutating func begin(_ commit: PendingCommit, _ token: WriteToken) {
        for entry in commit.entries {
            if let producerID = commit.producerID {
                transactional[producerID, default: [:]][entry.partition, default: []]
                    .append(Transactional(committed: entry.committed, token: token, logOffset: nil))
            } else {
                inFlight[entry.partition, default: []].append(token)
            }
        }
    }

    /// The write of a commit ended. What was deleted meanwhile stays deleted.
    mutating func finish(_ commit: PendingCommit, _ token: WriteToken, _ outcome: WriteOutcome) {
        for entry in commit.entries {
            if let producerID = commit.producerID {
                finishTransactional(entry.partition, producerID, token, outcome)
            } else if landed(entry.partition, token), case .durable(let offset) = outcome {
                apply(entry.partition, entry.committed, offset)
            }
        }
    }

    /// A transaction ended: what it committed is seen by everybody, or forgotten.
    mutating func endTransaction(_ producerID: Int64, _ end: End) {
        for (partition, pending) in transactional[producerID] ?? [:] {
            let noted = pending.map { each in
                var each = each
                each.ends.append(end)
                return each
            }
            decide(noted, partition, producerID)
        }
    }

    /// Whether the producer has commits that wait for the end of a transaction.
    func isOpen(_ producerID: Int64) -> Bool { transactional[producerID] != nil }

    /// Forgets the partition, undecided commits included: a tombstone is written behind their records.
    mutating func remove(_ partition: LogPartition) {
        stored[partition] = nil
        inFlight[partition] = nil
        for producerID in transactional.keys { drop(partition, of: producerID) }
    }

    /// A record of the log, in its order.
    mutating func load(_ partition: LogPartition, _ committed: CommittedOffset, at offset: Int64, producerID: Int64?) {
        if let producerID {
            transactional[producerID, default: [:]][partition, default: []]
                .append(Transactional(committed: committed, token: nil, logOffset: offset))
        } else {
            apply(partition, committed, offset)
        }
    }

    private mutating func apply(_ partition: LogPartition, _ committed: CommittedOffset, _ logOffset: Int64) {
        if let present = stored[partition], present.logOffset > logOffset { return }
        stored[partition] = Stored(committed: committed, logOffset: logOffset)
    }

    /// False if the partition was deleted while the write was on its way.
    private mutating func landed(_ partition: LogPartition, _ token: WriteToken) -> Bool {
        guard let index = inFlight[partition]?.firstIndex(of: token) else { return false }
        inFlight[partition]?.remove(at: index)
        if inFlight[partition]?.isEmpty == true { inFlight[partition] = nil }
        return true
    }

    private mutating func finishTransactional(
        _ partition: LogPartition,
        _ producerID: Int64,
        _ token: WriteToken,
        _ outcome: WriteOutcome
    ) {
        var pending = transactional[producerID]?[partition] ?? []
        // A request may name a partition twice.
        guard let index = pending.firstIndex(where: { $0.token == token && $0.logOffset == nil }) else { return }
        if case .durable(let offset) = outcome {
            pending[index].logOffset = offset
        } else {
            pending.remove(at: index)
        }
        decide(pending, partition, producerID)
    }

    /// Applies those whose transaction has ended, and keeps the others.
    private mutating func decide(_ pending: [Transactional], _ partition: LogPartition, _ producerID: Int64) {
        for each in pending {
            if let logOffset = each.logOffset, each.end?.committed == true {
                apply(partition, each.committed, logOffset)
            }
        }
        let open = pending.filter { $0.end == nil }
        if open.isEmpty { drop(partition, of: producerID) } else { transactional[producerID]?[partition] = open }
    }

    private mutating func drop(_ partition: LogPartition, of producerID: Int64) {
        transactional[producerID]?[partition] = nil
        if transactional[producerID]?.isEmpty == true { transactional[producerID] = nil }
    }
}
