/// What the broker keeps for one transactional id.
struct TransactionCoordinator: Sendable {
    var epoch: Int
    var transaction: TransactionState?

    init(epoch: Int) {
        self.epoch = epoch
    }
}

/// One open transaction.
struct TransactionState: Sendable {
    let number: Int64
    /// From here on the broker aborts it and fences its producer.
    let deadline: Timestamp
    var partitions: Set<TopicPartition> = []
    /// By group: offsets that become the group's with the commit.
    var offsets: [String: [TopicPartition: CommittedOffset]] = [:]
}

/// A member's identity at one moment, as KIP-447 sends it with a transaction's offsets.
final class GroupSnapshot: ConsumerGroupMetadata {
    let group: String
    let consumer: Int64
    let incarnation: Int
    let generation: Int

    init(group: String, consumer: Int64, incarnation: Int, generation: Int) {
        self.group = group
        self.consumer = consumer
        self.incarnation = incarnation
        self.generation = generation
    }
}

extension LogState {
    mutating func beginTransaction(of producer: Int64) throws(TransactionError) {
        let name = try transactionalID(of: producer)
        try interfere(.beginTransaction, producer)
        guard coordinators[name]?.transaction == nil else {
            throw .abortable(.wrongState("Producer \(name) has an open transaction: commit or abort it first."))
        }
        let timeout = producers[producer]?.configuration.transactionTimeout ?? .seconds(60)
        let transaction = TransactionState(
            number: nextNumber(),
            deadline: Timestamp(milliseconds: now.rawValue + timeout.wholeMilliseconds)
        )
        coordinators[name]?.transaction = transaction
    }

    mutating func sendOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: GroupSnapshot,
        in producer: Int64
    ) throws(TransactionError) {
        let name = try openTransaction(of: producer)
        do throws(LogError) {
            try checkMetadata(offsets)
        } catch {
            throw interrupt(producer, with: error)
        }
        try interfere(.sendOffsets, producer)
        guard let state = groups[group.group], state.generation == group.generation,
            let member = state.members[group.consumer],
            member.standing == .joined, member.incarnation == group.incarnation
        else {
            throw interrupt(producer, with: .stale(group.group))
        }
        guard !offsets.isEmpty else { return }
        coordinators[name]?.transaction?.offsets[group.group, default: [:]].merge(offsets) { $1 }
    }

    /// Commits; `nil` while acknowledgements of the transaction's records are held back.
    mutating func commitTransaction(of producer: Int64) throws(TransactionError) -> Bool? {
        let name = try openTransaction(of: producer)
        try interfere(.commitTransaction, producer)
        if (producers[producer]?.unacknowledged ?? 0) > 0 { return nil }
        // A failure may have been reported while this commit waited for acknowledgements.
        _ = try openTransaction(of: producer)
        finishTransaction(of: name, committing: true)
        return true
    }

    mutating func abortTransaction(of producer: Int64) throws(TransactionError) {
        let name = try transactionalID(of: producer)
        try interfere(.abortTransaction, producer)
        guard coordinators[name]?.transaction != nil else {
            throw .fatal(.wrongState("Producer \(name) has no open transaction to abort."))
        }
        finishTransaction(of: name, committing: false)
        producers[producer]?.condition = .ready
    }

    /// Ends the open transaction of `name`, if there is one, and writes its control records.
    mutating func finishTransaction(of name: String, committing: Bool) {
        guard let transaction = coordinators[name]?.transaction else { return }
        for partition in transaction.partitions.sorted() {
            topics[partition.topic]?.partitions[Int(partition.partition.rawValue)].finish(
                transaction: transaction.number,
                committing: committing
            )
        }
        if committing {
            for (group, offsets) in transaction.offsets {
                groups[group, default: GroupState()].committed.merge(offsets) { $1 }
            }
        }
        coordinators[name]?.transaction = nil
        hasNews = true
    }

    /// Aborts what has been open too long; its producer is fenced, as the transaction coordinator does it.
    mutating func expireTransactions() {
        for (name, coordinator) in coordinators {
            guard let transaction = coordinator.transaction, transaction.deadline <= now else { continue }
            finishTransaction(of: name, committing: false)
            coordinators[name]?.epoch += 1
        }
    }

    /// Whether an open transaction holds offsets of `partitions`, so that their committed offset is about to change.
    func hasUnstableOffsets(_ partitions: [TopicPartition], of group: String) -> Bool {
        coordinators.values.contains { coordinator in
            guard let offsets = coordinator.transaction?.offsets[group] else { return false }
            return partitions.contains { offsets[$0] != nil }
        }
    }

    /// Throws when the producer as a whole cannot go on.
    mutating func check(_ producer: Int64) throws(LogError) {
        guard let state = producers[producer] else { throw .closed("producer") }
        switch state.condition {
        case .closed: throw .closed("producer")
        case .fatal(let error): throw error
        case .ready, .abortable: break
        }
        if let name = state.configuration.transactionalID, coordinators[name]?.epoch != state.epoch {
            throw fail(producer, with: .fenced(producer: name))
        }
    }

    /// Records what `error` does to the producer and returns it.
    mutating func fail(_ producer: Int64, with error: LogError) -> LogError {
        guard error.isFatal else { return error }
        producers[producer]?.condition = .fatal(error)
        hasNews = true
        return error
    }

    /// What `error` means for the producer's transaction: by its flags fatal or retriable, else abortable.
    private mutating func interrupt(_ producer: Int64, with error: LogError) -> TransactionError {
        if error.isFatal { return .fatal(fail(producer, with: error)) }
        if error.isRetriable { return .retriable(error) }
        producers[producer]?.condition = .abortable(error)
        return .abortable(error)
    }

    private mutating func interfere(_ operation: LogOperation, _ producer: Int64) throws(TransactionError) {
        if let error = faults.take(operation) { throw interrupt(producer, with: error) }
    }

    private mutating func transactionalID(of producer: Int64) throws(TransactionError) -> String {
        do throws(LogError) {
            try check(producer)
        } catch {
            throw .fatal(error)
        }
        guard let name = producers[producer]?.configuration.transactionalID else {
            throw .fatal(
                .invalid("_NOT_CONFIGURED", "The producer has no transactional id: set one to use transactions.")
            )
        }
        return name
    }

    /// The transactional id, when there is an open transaction that may still be committed.
    private mutating func openTransaction(of producer: Int64) throws(TransactionError) -> String {
        let name = try transactionalID(of: producer)
        if case .abortable(let error)? = producers[producer]?.condition { throw .abortable(error) }
        guard coordinators[name]?.transaction != nil else {
            throw .fatal(.wrongState("Producer \(name) has no open transaction: begin one first."))
        }
        return name
    }
}

extension Duration {
    /// Milliseconds, rounded down; durations beyond 292 million years are cut there.
    fileprivate var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow, abs(milliseconds) < Int64.max / 4 else { return Int64.max / 4 }
        return milliseconds + attoseconds / 1_000_000_000_000_000
    }
}
