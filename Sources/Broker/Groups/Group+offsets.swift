internal import KafkaProtocol

/// Who may commit, and what expires.
extension Group {
    /// Why this commit is refused as a whole; `nil` if it is not.
    func commitError(_ request: CommitRequest) -> ErrorCode? {
        let claim = request.member
        // Consumers outside the group protocol, and administrators, commit to groups without members.
        if claim.generation < 0, state == .empty { return nil }
        if claim.generation >= 0 || !claim.memberID.isEmpty || claim.instanceID != nil {
            if let error = membershipError(claim) { return error }
        } else if request.producer == nil {
            return .unknownMemberID
        }
        // The member learnt of this generation from its JoinGroup, but must not commit before it has an assignment. A
        // transaction's offsets are those of the generation that it was begun in: only who it is matters there.
        return request.producer == nil && state == .completingRebalance ? .rebalanceInProgress : nil
    }

    /// The topics that the members of a consumer group read; `nil` if it cannot be told.
    var subscribedTopics: Set<String>? {
        guard protocolType == "consumer" else { return nil }
        guard let protocolName else { return members.isEmpty ? [] : nil }
        var topics: Set<String> = []
        for member in members.values {
            guard let own = Self.topics(ofSubscription: member.metadata(of: protocolName)) else { return nil }
            topics.formUnion(own)
        }
        return topics
    }

    /// The offsets that are older than the retention, or than their own expiry:
    /// - of a group without members: counted from when the last one left,
    /// - of a stable consumer group: for topics that nobody in it reads,
    /// - of a group that never had members: counted from the commit.
    func expiredOffsets(now: Int64, retention: Int64) -> [LogPartition] {
        let isWithoutProtocol = protocolType == nil
        let isEmptyGroup = state == .empty
        let topics = state == .stable ? subscribedTopics : nil
        guard isWithoutProtocol || isEmptyGroup || topics != nil else { return [] }
        return offsets.stored.compactMap { partition, stored in
            if let topics, topics.contains(partition.topic) { return nil }
            let since =
                !isWithoutProtocol && isEmptyGroup && stateTimestamp >= 0
                ? stateTimestamp : stored.committed.commitTimestamp
            let isOver = stored.committed.expireTimestamp.map { now >= $0 } ?? (now - since >= retention)
            return isOver && !offsets.isUnstable(partition) ? partition : nil
        }
    }

    /// The topics of Kafka's `ConsumerProtocolSubscription`: version, then an array of names in every version.
    static func topics(ofSubscription metadata: [UInt8]) -> [String]? {
        do throws(RecordFormatError) {
            var reader = try FieldReader(metadata, record: "ConsumerProtocolSubscription")
            guard let count = try reader.count("topics", elementSize: 2) else { return [] }
            var topics: [String] = []
            for _ in 0..<count { topics.append(try reader.string("topics")) }
            return topics
        } catch {
            // Other clients may put anything there; then no topic counts as unread.
            return nil
        }
    }
}
