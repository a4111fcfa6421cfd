internal import Log

/// What a consumer owns, what it is about to gain or lose, and which of the group's changes still waits for an answer.
///
/// librdkafka wants exactly one answer to its latest rebalance. A caller that drains before it answers may be overtaken
/// by the next rebalance; its late answer must then do nothing: passed on, an old `unassign` would throw away the *new*
/// assignment and leave a member that owns partitions and reads none. What a superseded revoke still owes is paid with
/// the next answer.
///
///     report(revoke, g1) ──answer(g1)──▶ settled
///            └─report(assign, g2)──▶ g1 is stale ──answer(g2)──▶ remove what g1 owed, then add g2
struct RebalanceLedger {
    /// The two protocols of `rd_kafka_rebalance_protocol()`: eager replaces the whole assignment, cooperative (KIP-429)
    /// changes parts of it.
    enum Discipline: Equatable {
        case eager, cooperative
    }

    /// A call to be made to librdkafka.
    enum Action: Equatable {
        case assign([TopicPartition])
        case unassign
        case add([TopicPartition])
        case remove([TopicPartition])
    }

    private struct Open {
        let rebalance: Rebalance
        let discipline: Discipline
    }

    /// What librdkafka has been told to read.
    private(set) var assigned: Set<TopicPartition> = []
    /// Partitions under a revoke or loss that is not answered yet: their messages are not handed out.
    private(set) var leaving: Set<TopicPartition> = []
    private var generation: UInt64 = 0
    private var open: Open?
    private var unread: [Rebalance] = []

    /// Whether the group has ever assigned anything, be it nothing.
    var hasBeenAssigned: Bool { generation > 0 }

    /// The group has changed the assignment.
    mutating func report(_ change: Rebalance.Change, _ partitions: [TopicPartition], _ discipline: Discipline) {
        generation += 1
        let rebalance = Rebalance(generation: generation, change: change, partitions: partitions.sorted())
        open = Open(rebalance: rebalance, discipline: discipline)
        unread.append(rebalance)
        guard change != .assign else { return }
        leaving.formUnion(partitions)
        // An eager revoke takes everything, whatever it lists.
        if discipline == .eager { leaving.formUnion(assigned) }
    }

    var hasUnread: Bool { !unread.isEmpty }

    /// The oldest rebalance that the caller has not seen.
    mutating func takeUnread() -> Rebalance? {
        unread.isEmpty ? nil : unread.removeFirst()
    }

    /// The calls that answer `rebalance`, in order; `nil` when a newer rebalance has superseded it or it was answered
    /// before.
    mutating func answer(_ rebalance: Rebalance) -> [Action]? {
        guard let open, open.rebalance.generation == rebalance.generation else { return nil }
        self.open = nil
        defer { leaving = [] }
        switch (open.discipline, open.rebalance.change) {
        case (.eager, .assign):
            assigned = Set(open.rebalance.partitions)
            return [.assign(open.rebalance.partitions)]
        case (.eager, .revoke), (.eager, .lose):
            assigned = []
            return [.unassign]
        case (.cooperative, .assign):
            let owed = assigned.intersection(leaving).sorted()
            let gained = open.rebalance.partitions.filter { !assigned.contains($0) || leaving.contains($0) }
            assigned = assigned.subtracting(owed).union(gained)
            return (owed.isEmpty ? [] : [.remove(owed)]) + [.add(gained)]
        case (.cooperative, .revoke), (.cooperative, .lose):
            let given = assigned.intersection(leaving).sorted()
            assigned.subtract(given)
            return [.remove(given)]
        }
    }

    /// The calls that answer whatever is open, so that closing cannot wait for it.
    mutating func settleForClose() -> [Action] {
        guard let open else { return [] }
        self.open = nil
        unread = []
        defer { leaving = [] }
        guard open.discipline == .cooperative else {
            assigned = []
            return [.unassign]
        }
        guard open.rebalance.change != .assign else { return [.add([])] }
        let given = assigned.intersection(leaving).sorted()
        assigned.subtract(given)
        return [.remove(given)]
    }
}
