/// Rebuilding the state from `__consumer_offsets`.
extension GroupCoordinator {
    /// Takes in one record of the topic. The last record of a key counts, and a tombstone deletes. Records of the newer
    /// group protocols are skipped, as Kafka does with versions that it does not know.
    ///
    /// `offset` is the base offset of the record's batch and must grow within a partition; `producer` is that of a
    /// transactional batch, `nil` for all others.
    ///
    /// Throws `RecordFormatError` for a record that is damaged, or of a version that this broker does not read; nothing
    /// of it is taken in then.
    package mutating func load(
        _ record: CoordinatorRecord,
        offset: Int64,
        producer: ProducerIdentity?
    ) throws(RecordFormatError) {
        switch try OffsetsTopicKey(record.key) {
        case .other: break
        case .offset(let id, let partition):
            guard let value = record.value else {
                groups[id]?.offsets.remove(partition)
                return
            }
            let committed = try OffsetRecord.committed(value)
            groups[id, default: Group(loading: id)].offsets
                .load(partition, committed, at: offset, producerID: producer?.id)
            if let producer { openGroups[producer.id, default: []].insert(id) }
        case .group(let id):
            let stored = try record.value.map { bytes throws(RecordFormatError) in try GroupRecord(bytes) }
            groups[id, default: Group(loading: id)].load(stored)
        }
    }

    /// Takes in a control batch: the producer's transaction ended in this partition of `__consumer_offsets`.
    package mutating func loadMarker(producerID: Int64, offsetsPartition: Int32, committed: Bool) {
        endTransaction(producerID, offsetsPartition, GroupOffsets.End(offset: .max, committed: committed))
    }

    /// Begins to work with what was loaded: the members' sessions begin anew, or end (``GroupSettings/keepsMembers``).
    package mutating func start(at now: Moment) -> [GroupAction] {
        effects.now = now
        for id in groups.keys.sorted() {
            removeIfVacant(id)
            groups[id]?.start(&effects)
        }
        effects.timers.push(now.uptime + max(1, settings.expiryInterval), .expiry)
        return effects.takeActions()
    }
}

extension Group {
    fileprivate init(loading id: String) {
        self.init(id: id, now: Moment(uptime: 0, epoch: -1))
    }

    /// Takes over what is stored; `nil` leaves a group of bare offsets.
    fileprivate mutating func load(_ stored: GroupRecord?) {
        members = [:]
        staticMembers = [:]
        generation = stored?.generation ?? 0
        protocolType = stored.flatMap { $0.protocolType.isEmpty ? nil : $0.protocolType }
        protocolName = stored?.protocolName
        stateTimestamp = stored?.stateTimestamp ?? -1
        for member in stored?.members ?? [] {
            let known = Member(member, strategy: stored?.protocolName ?? "", order: takeOrder())
            members[known.id] = known
            if let instanceID = member.instanceID { staticMembers[instanceID] = member.memberID }
        }
        leaderID = members.isEmpty ? nil : stored?.leaderID
        state = members.isEmpty ? .empty : .stable
    }

    fileprivate mutating func start(_ effects: inout GroupEffects) {
        guard effects.settings.keepsMembers else {
            for member in orderedMembers { sessionTimedOut(member.id, &effects) }
            return
        }
        for member in orderedMembers { renewSession(member.id, &effects) }
        let count = members.count
        if count > effects.settings.maximumSize {
            rebalanceIfPossible("\(count) members, more than group.max.size", &effects)
        }
    }
}
