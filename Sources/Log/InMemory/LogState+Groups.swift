extension LogState {
    mutating func openConsumer(_ configuration: ConsumerConfiguration) throws(LogError) -> Int64 {
        if let error = faults.take(.openConsumer) { throw error }
        guard !configuration.group.isEmpty else { throw .invalid("_INVALID_ARG", "A group's name may not be empty.") }
        guard configuration.maxBatch > 0, configuration.fetchBudget > 0 else {
            throw .invalid("_INVALID_ARG", "maxBatch and fetchBudget must be at least 1.")
        }
        for topic in configuration.topics where topic.rawValue.hasPrefix("^") {
            try TopicPattern.check(topic.rawValue)
        }
        let id = nextNumber()
        groupOfConsumer[id] = configuration.group
        groups[configuration.group, default: GroupState()].members[id] = .init(configuration: configuration)
        if !takeOverInstance(by: id, configuration) { balance(group: configuration.group) }
        return id
    }

    /// A known group instance id takes its partitions over without a rebalance of the others (KIP-345).
    private mutating func takeOverInstance(by id: Int64, _ configuration: ConsumerConfiguration) -> Bool {
        guard let instance = configuration.instanceID, var group = groups[configuration.group] else { return false }
        let former = group.members.first { other, member in
            other != id && member.isCounted && member.configuration.instanceID == instance
        }
        guard let (former, member) = former else { return false }
        group.members[former]?.standing = .fenced
        if member.standing == .absent { group.members[former] = nil }
        group.owners = group.owners.filter { $0.value != former }
        group.target = group.target.mapValues { $0 == former ? id : $0 }
        groups[configuration.group] = group
        hasNews = true
        return true
    }

    /// Starts a new generation with a new target assignment.
    mutating func balance(group name: String) {
        guard var group = groups[name] else { return }
        let subscribed = topics.keys.sorted().filter(group.subscribes(to:))
        group.balance(subscribed.flatMap { partitions(of: $0) })
        group.generation += 1
        groups[name] = group
        hasNews = true
    }

    /// What the consumer's caller gets now; `nil` when it has to wait.
    mutating func nextEvent(ofConsumer id: Int64) throws(LogError) -> ConsumerEvent? {
        guard let name = groupOfConsumer[id], var group = groups[name], var member = group.members[id] else {
            return .closed
        }
        if member.standing == .fenced { throw .fenced(instance: member.configuration.instanceID ?? "") }
        if let loss = member.reportLoss() {
            groups[name]?.members[id] = member
            return .rebalance(loss)
        }
        if member.standing == .expelled, member.outstanding == nil {
            groups[name]?.members[id]?.standing = .joined
            groups[name]?.members[id]?.incarnation += 1
            balance(group: name)
            return try nextEvent(ofConsumer: id)
        }
        if let rebalance = group.nextRebalance(of: id) {
            groups[name] = group
            return .rebalance(rebalance)
        }
        if let error = faults.take(.fetch) { throw error }
        applyStartPolicy(&member)
        let batch = fetch(
            member.order,
            from: &member.positions,
            maxRecords: member.configuration.maxBatch,
            maxBytes: member.configuration.fetchBudget
        )
        if batch != nil, !member.order.isEmpty { member.order.append(member.order.removeFirst()) }
        groups[name]?.members[id] = member
        return batch.map { .batch($0) }
    }

    /// Positions outside the log go where ``ConsumerConfiguration/start`` says (Kafka's `auto.offset.reset`).
    private func applyStartPolicy(_ member: inout GroupState.Member) {
        for partition in member.order {
            guard let offset = member.positions[partition]?.offset, let log = log(of: partition),
                offset < log.start || offset > log.end
            else { continue }
            member.positions[partition]?.offset = startOffset(partition, member.configuration.start)
        }
    }

    private func startOffset(_ partition: TopicPartition, _ start: StartPosition) -> Int64 {
        guard let log = log(of: partition) else { return 0 }
        return start == .earliest ? log.start : log.lastStable
    }

    /// Answers a rebalance; `nil` while the committed offsets to start from are about to change.
    mutating func complete(
        _ rebalance: Rebalance,
        from positions: [TopicPartition: Offset],
        by id: Int64
    ) throws(LogError) -> Bool? {
        guard let name = groupOfConsumer[id], let member = groups[name]?.members[id] else { throw .closed("consumer") }
        guard member.outstanding == rebalance else { return false }
        switch rebalance.change {
        case .assign:
            let unknown = rebalance.partitions.filter { positions[$0] == nil }
            if hasUnstableOffsets(unknown, of: name) { return nil }
            for partition in rebalance.partitions {
                let offset = positions[partition] ?? groups[name]?.committed[partition]?.offset
                let position = offset?.rawValue ?? startOffset(partition, member.configuration.start)
                groups[name]?.members[id]?.positions[partition] = Position(offset: position)
            }
            groups[name]?.members[id]?.order.append(contentsOf: rebalance.partitions)
        case .revoke:
            for partition in rebalance.partitions {
                groups[name]?.owners[partition] = nil
                groups[name]?.members[id]?.positions[partition] = nil
            }
            groups[name]?.members[id]?.order.removeAll { rebalance.partitions.contains($0) }
            groups[name]?.generation += 1
        case .lose:
            break  // The partitions were taken when the member was expelled.
        }
        groups[name]?.members[id]?.outstanding = nil
        hasNews = true
        return true
    }

    mutating func commit(_ offsets: [TopicPartition: CommittedOffset], by id: Int64) throws(LogError) {
        let (name, member) = try membership(of: id)
        try checkMetadata(offsets)
        if let error = faults.take(.commit) { throw error }
        guard member.standing == .joined else { throw .stale(name) }
        for partition in offsets.keys where log(of: partition) == nil { throw .unknown(partition) }
        guard offsets.keys.allSatisfy({ member.positions[$0] != nil }) else { throw .stale(name) }
        groups[name]?.committed.merge(offsets) { $1 }
    }

    /// The group's committed offsets; `nil` while an open transaction is about to change them.
    mutating func committed(
        _ partitions: [TopicPartition],
        for id: Int64
    ) throws(LogError) -> [TopicPartition: CommittedOffset]? {
        let (name, _) = try membership(of: id)
        if let error = faults.take(.committed) { throw error }
        if hasUnstableOffsets(partitions, of: name) { return nil }
        return groups[name]?.committed.filter { partitions.contains($0.key) } ?? [:]
    }

    func snapshot(of id: Int64) throws(LogError) -> GroupSnapshot {
        let (name, member) = try membership(of: id)
        return GroupSnapshot(
            group: name,
            consumer: id,
            incarnation: member.incarnation,
            generation: groups[name]?.generation ?? 0
        )
    }

    /// Pauses or resumes; partitions that are not being read are passed over, as librdkafka does.
    mutating func setPaused(_ isPaused: Bool, _ partitions: [TopicPartition], of id: Int64) throws(LogError) {
        let (name, _) = try membership(of: id)
        for partition in partitions {
            groups[name]?.members[id]?.positions[partition]?.isPaused = isPaused
        }
        hasNews = true
    }

    mutating func seek(_ partition: TopicPartition, to offset: Offset, of id: Int64) throws(LogError) {
        let (name, member) = try membership(of: id)
        guard member.positions[partition] != nil else {
            throw .wrongState("Partition \(partition) is not assigned to this consumer: seek after the assignment.")
        }
        groups[name]?.members[id]?.positions[partition]?.offset = offset.rawValue
        hasNews = true
    }

    func knownEnd(of partition: TopicPartition, for id: Int64) -> Offset? {
        guard let name = groupOfConsumer[id], groups[name]?.members[id]?.positions[partition] != nil else {
            return nil
        }
        return log(of: partition).map { Offset($0.end) }
    }

    mutating func closeConsumer(_ id: Int64) {
        guard let name = groupOfConsumer.removeValue(forKey: id), let member = groups[name]?.members[id] else { return }
        hasNews = true
        if member.configuration.instanceID != nil, member.standing == .joined {
            groups[name]?.members[id]?.standing = .absent
            return
        }
        let owners = groups[name]?.owners.filter { $0.value != id } ?? [:]
        groups[name]?.members[id] = nil
        groups[name]?.owners = owners
        if member.isCounted { balance(group: name) }
    }

    /// The coordinator drops a member: what it owned is free at once, and it hears of it with its next event.
    mutating func expel(_ id: Int64, from name: String) {
        guard var group = groups[name], let member = group.members[id], member.isCounted else { return }
        if member.standing == .absent {
            group.members[id] = nil
        } else {
            let owned = group.owners.filter { $0.value == id }.keys.sorted()
            group.members[id]?.standing = .expelled
            group.members[id]?.lost = owned
            group.members[id]?.positions = [:]
            group.members[id]?.order = []
            if owned.isEmpty { group.members[id]?.outstanding = nil }
        }
        group.owners = group.owners.filter { $0.value != id }
        groups[name] = group
        balance(group: name)
    }

    func checkMetadata(_ offsets: [TopicPartition: CommittedOffset]) throws(LogError) {
        for (partition, offset) in offsets where offset.metadata.utf8.count > 4096 {
            throw LogError(
                .tooLarge,
                name: "OFFSET_METADATA_TOO_LARGE",
                message: "The metadata beside the offset of \(partition) has \(offset.metadata.utf8.count) bytes; "
                    + "the log takes 4096."
            )
        }
    }

    private func membership(of id: Int64) throws(LogError) -> (group: String, member: GroupState.Member) {
        guard let name = groupOfConsumer[id], let member = groups[name]?.members[id] else { throw .closed("consumer") }
        if member.standing == .fenced { throw .fenced(instance: member.configuration.instanceID ?? "") }
        return (name, member)
    }
}

extension GroupState.Member {
    /// The loss that the caller must hear of before anything else; it supersedes a rebalance not answered yet.
    fileprivate mutating func reportLoss() -> Rebalance? {
        guard !lost.isEmpty else { return nil }
        let loss = hand(out: .lose, lost)
        lost = []
        return loss
    }

    fileprivate mutating func hand(out change: Rebalance.Change, _ partitions: [TopicPartition]) -> Rebalance {
        rebalances += 1
        let rebalance = Rebalance(generation: rebalances, change: change, partitions: partitions)
        outstanding = rebalance
        return rebalance
    }
}

extension GroupState {
    /// The next step of a member towards the target: first give up, then take what is free.
    fileprivate mutating func nextRebalance(of id: Int64) -> Rebalance? {
        guard let member = members[id], member.standing == .joined, member.outstanding == nil else { return nil }
        let surplus = owners.filter { $0.value == id && target[$0.key] != id }.keys.sorted()
        if !surplus.isEmpty { return members[id]?.hand(out: .revoke, surplus) }
        let free = target.filter { $0.value == id && owners[$0.key] == nil }.keys.sorted()
        guard !free.isEmpty else { return nil }
        for partition in free { owners[partition] = id }
        return members[id]?.hand(out: .assign, free)
    }
}
