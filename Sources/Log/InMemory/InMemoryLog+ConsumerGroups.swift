extension InMemoryLog: ConsumerGroups {
    package func groups() async throws(LogError) -> [String] { change { $0.groups.keys.sorted() } }

    package func members(of group: String) async throws(LogError) -> Int {
        change { $0.groups[group]?.members.values.filter(\.isCounted).count ?? 0 }
    }

    package func offsets(
        committedBy group: String,
        in partitions: [TopicPartition]
    ) async throws(LogError) -> [TopicPartition: CommittedOffset] {
        let wanted = Set(partitions)
        return change { $0.groups[group]?.committed.filter { wanted.contains($0.key) } ?? [:] }
    }

    package func setOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: String
    ) async throws(LogError) {
        try attempt { (state) throws(LogError) in
            let members = state.groups[group]?.members.values.filter(\.isCounted).count ?? 0
            guard members == 0 else { throw .stale(group) }
            state.groups[group, default: GroupState()].committed.merge(offsets) { $1 }
        }
    }
}
