internal import KafkaProtocol

/// What ends groups and offsets: requests, deleted partitions, and age.
extension GroupCoordinator {
    /// Tombstones that go into one batch.
    private static let batch = 1_000

    mutating func deleteOffsets(_ groupID: String, _ partitions: [LogPartition], _ token: ReplyToken) {
        guard let group = groups[groupID] else {
            return effects.reply(token, .deleteOffsets(.groupIDNotFound, []))
        }
        guard group.state == .empty || group.protocolType == "consumer" else {
            return effects.reply(token, .deleteOffsets(.nonEmptyGroup, []))
        }
        let isRead = { (partition: LogPartition) in
            group.state != .empty && group.subscribedTopics?.contains(partition.topic) ?? true
        }
        let outcomes = partitions.map {
            PartitionOutcome(partition: $0, error: isRead($0) ? .groupSubscribedToTopic : nil)
        }
        let tombstones = drop(partitions.filter { !isRead($0) }, of: groupID)
        if tombstones.isEmpty {
            effects.reply(token, .deleteOffsets(nil, outcomes))
        } else {
            effects.write(group: groupID, tombstones, then: .offsetDeletion(token, outcomes))
        }
    }

    mutating func finishOffsetDeletion(_ token: ReplyToken, _ outcomes: [PartitionOutcome], _ outcome: WriteOutcome) {
        if case .failed(let error) = outcome {
            effects.reply(token, .deleteOffsets(error.ofGroupWrite, []))
        } else {
            effects.reply(token, .deleteOffsets(nil, outcomes))
        }
    }

    mutating func deleteGroups(_ groupIDs: [String], _ token: ReplyToken) {
        var outcomes: [GroupOutcome] = []
        var tombstones: [Int32: [CoordinatorRecord]] = [:]
        var deleted: [Int32: [String]] = [:]
        for id in groupIDs {
            let error: ErrorCode? =
                switch groups[id]?.state {
                case nil, .dead: .groupIDNotFound
                case .empty: nil
                default: .nonEmptyGroup
                }
            outcomes.append(GroupOutcome(groupID: id, error: error))
            guard error == nil, let group = groups[id] else { continue }
            groups[id]?.pendingMembers = [:]
            tombstones[partition(for: id), default: []] += drop(Array(group.offsets.partitions), of: id)
            deleted[partition(for: id), default: []].append(id)
            groups[id] = nil
        }
        let number = beginDeletion(token, outcomes)
        for (partition, records) in tombstones.sorted(by: { $0.key < $1.key }) {
            let continuation = GroupContinuation.groupDeletion(request: number, groups: deleted[partition] ?? [])
            for _ in 0..<write(records, to: partition, then: continuation) { awaitWrite(ofDeletion: number) }
        }
        answerDeletionIfDone(number)
    }

    /// Drops the offsets of partitions that do not exist any more, in all groups.
    mutating func forget(_ partitions: [LogPartition]) {
        let gone = Set(partitions)
        for id in groups.keys.sorted() {
            let own = groups[id]?.offsets.partitions.intersection(gone) ?? []
            if !own.isEmpty { write(drop(Array(own), of: id), to: partition(for: id), then: .nothing) }
        }
    }

    /// Drops what is too old, and looks again after the interval.
    mutating func expire() {
        effects.timers.push(effects.now.uptime + max(1, settings.expiryInterval), .expiry)
        for id in groups.keys.sorted() {
            guard let group = groups[id] else { continue }
            let old = group.expiredOffsets(now: effects.now.epoch, retention: settings.offsetsRetention)
            write(drop(old, of: id), to: partition(for: id), then: .nothing)
        }
    }

    /// Drops offsets of a group, and the group if it is left with nothing. Returns the tombstones to write.
    private mutating func drop(_ partitions: [LogPartition], of groupID: String) -> [CoordinatorRecord] {
        let known = groups[groupID]?.offsets.partitions ?? []
        var tombstones: [CoordinatorRecord] = []
        for partition in partitions.sorted() where known.contains(partition) {
            groups[groupID]?.offsets.remove(partition)
            tombstones.append(
                CoordinatorRecord(key: OffsetRecord.key(group: groupID, partition: partition), value: nil)
            )
        }
        guard let group = groups[groupID], group.state == .empty, group.pendingMembers.isEmpty, group.offsets.isEmpty
        else { return tombstones }
        if group.generation > 0 {
            tombstones.append(CoordinatorRecord(key: GroupRecord.key(group: groupID), value: nil))
        }
        groups[groupID] = nil
        return tombstones
    }

    /// Returns how many writes that took.
    @discardableResult
    private mutating func write(
        _ records: [CoordinatorRecord],
        to partition: Int32,
        then continuation: GroupContinuation
    ) -> Int {
        let starts = stride(from: 0, to: records.count, by: Self.batch)
        for start in starts {
            let end = min(start + Self.batch, records.count)
            effects.write(partition: partition, Array(records[start..<end]), then: continuation)
        }
        return starts.underestimatedCount
    }
}
