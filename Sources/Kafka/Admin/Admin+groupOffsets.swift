internal import CLibrdkafka
public import Log

extension Admin {
    /// Requests about groups of one call that are under way together.
    private static let groupsAtOnce = 32

    /// What groups have committed.
    ///
    /// A group that does not exist has committed nothing, which is no error. Each group is asked about by itself, up to 32
    /// at once.
    ///
    /// - Parameters:
    ///   - groups: their ids.
    ///   - partitions: the partitions asked about, the same for every group; `nil` for all that it has committed in, not
    ///     counting those whose only offset is in an open transaction.
    ///   - requireStable: whether a partition with offsets in an open transaction is a failure that
    ///     ``Log/LogError/isRetriable`` instead of what was committed before (KIP-447).
    ///   - within: the call's deadline.
    /// - Returns: per group, the partitions in which it has committed something.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func listGroupOffsets(
        _ groups: [String],
        in partitions: [TopicPartition]? = nil,
        requireStable: Bool = true,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<String, AdminResults<TopicPartition, CommittedOffset>> {
        typealias Listed = (String, Result<AdminResults<TopicPartition, CommittedOffset>, LogError>)
        let deadline = Deadline(within)
        return try await each(
            of: groups,
            cannot: "list the offsets of group"
        ) {
            Self.refusal(of: $0)
        } ask: { (ids) throws(LogError) in
            let results = await withTaskGroup(of: Listed.self) { tasks in
                var results: AdminResults<String, AdminResults<TopicPartition, CommittedOffset>> = [:]
                for (index, id) in ids.enumerated() {
                    if index >= Self.groupsAtOnce, let (id, result) = await tasks.next() { results[id] = result }
                    tasks.addTask {
                        do throws(LogError) {
                            return (
                                id, .success(try await self.offsets(of: id, in: partitions, requireStable, deadline))
                            )
                        } catch {
                            return (id, .failure(error))
                        }
                    }
                }
                for await (id, result) in tasks { results[id] = result }
                return results
            }
            return results
        }
    }

    private func offsets(
        of group: String,
        in partitions: [TopicPartition]?,
        _ requireStable: Bool,
        _ deadline: Deadline
    ) async throws(LogError) -> AdminResults<TopicPartition, CommittedOffset> {
        let action = "list the offsets of group \(group)"
        var results: AdminResults<TopicPartition, CommittedOffset> = [:]
        for partition in partitions ?? [] {
            guard let reason = Self.refusal(of: partition.topic) else { continue }
            results[partition] = .failure(.configuration("cannot \(action) in \(partition): \(reason)"))
        }
        let asked = partitions.map { partitions in Set(partitions.filter { results[$0] == nil }) }
        guard asked?.isEmpty != true else { return results }
        let found = try await loop.request(action, within: deadline, to: .coordinator) { (request) throws(LogError) in
            if requireStable { try request.requireStableOffsets() }
            let list = asked.map { PartitionList($0) }
            let objects = unsafe RequestObjects(destroy: rd_kafka_ListConsumerGroupOffsets_destroy)
            unsafe objects.append(rd_kafka_ListConsumerGroupOffsets_new(group, list?.pointer))
            unsafe request.send(objects, by: rd_kafka_ListConsumerGroupOffsets)
        } _: { (event) throws(LogError) in
            let groups = try unsafe event.items(
                rd_kafka_event_ListConsumerGroupOffsets_result,
                rd_kafka_ListConsumerGroupOffsets_result_groups
            )
            return unsafe Self.committed(try Self.elements(of: groups, cannot: action), action)
        }
        for (partition, result) in found { results[partition] = result }
        return results
    }

    /// Sets what a group without members has committed (KIP-396); creates the group where it does not exist.
    ///
    /// Partitions of a group with members fail with the name `UNKNOWN_MEMBER_ID`; ones that do not exist with
    /// ``Log/LogError/Code/unknownTopicOrPartition``.
    ///
    /// - Parameters:
    ///   - offsets: what is to be committed; offsets are not negative, metadata has at most 4096 bytes.
    ///   - group: the group's id.
    ///   - within: the call's deadline.
    /// - Returns: per partition, whether its offset was set.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func alterGroupOffsets(
        _ offsets: [TopicPartition: CommittedOffset],
        of group: String,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicPartition, Void> {
        let action = "set the offset of group \(group) in"
        return try await each(
            of: offsets.keys.sorted(),
            cannot: action
        ) { partition in
            guard let committed = offsets[partition], committed.offset.rawValue >= 0 else {
                return "the offset is negative"
            }
            return Self.refusal(of: partition.topic) ?? Self.refusal(of: group)
                ?? Self.refusal(of: committed.metadata)
        } ask: { [loop] (some) throws(LogError) in
            let accepted = offsets.filter { some.contains($0.key) }
            return try await loop.request(
                "set the offsets of group \(group)",
                within: Deadline(within),
                to: .coordinator
            ) { request in
                let list = PartitionList(committing: accepted)
                let objects = unsafe RequestObjects(destroy: rd_kafka_AlterConsumerGroupOffsets_destroy)
                unsafe objects.append(rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer))
                unsafe request.send(objects, by: rd_kafka_AlterConsumerGroupOffsets)
            } _: { (event) throws(LogError) in
                let groups = try unsafe event.items(
                    rd_kafka_event_AlterConsumerGroupOffsets_result,
                    rd_kafka_AlterConsumerGroupOffsets_result_groups
                )
                return unsafe Self.outcome(of: some, in: groups, cannot: action)
            }
        }
    }

    /// Forgets what a group has committed (KIP-496).
    ///
    /// Partitions of a topic that a member subscribes to fail with the name `GROUP_SUBSCRIBED_TO_TOPIC`; those of a group
    /// that does not exist with `GROUP_ID_NOT_FOUND`.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func deleteGroupOffsets(
        _ partitions: [TopicPartition],
        of group: String,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicPartition, Void> {
        let action = "delete the offset of group \(group) in"
        return try await each(
            of: partitions,
            cannot: action
        ) {
            Self.refusal(of: $0.topic) ?? Self.refusal(of: group)
        } ask: { [loop] (some) throws(LogError) in
            try await loop.request(
                "delete offsets of group \(group)",
                within: Deadline(within),
                to: .coordinator
            ) { request in
                let list = PartitionList(some)
                let objects = unsafe RequestObjects(destroy: rd_kafka_DeleteConsumerGroupOffsets_destroy)
                unsafe objects.append(rd_kafka_DeleteConsumerGroupOffsets_new(group, list.pointer))
                unsafe request.send(objects, by: rd_kafka_DeleteConsumerGroupOffsets)
            } _: { (event) throws(LogError) in
                let groups = try unsafe event.items(
                    rd_kafka_event_DeleteConsumerGroupOffsets_result,
                    rd_kafka_DeleteConsumerGroupOffsets_result_groups
                )
                return unsafe Self.outcome(of: some, in: groups, cannot: action)
            }
        }
    }

    /// The partitions of the one group of a result.
    /// - Throws: the group's error.
    private static func elements(
        of groups: [OpaquePointer],
        cannot action: String
    ) throws(LogError) -> [PartitionList.Element] {
        guard let group = unsafe groups.first else { throw .unanswered(action) }
        if let error = unsafe LogError(ifAny: rd_kafka_group_result_error(group), cannot: action) { throw error }
        guard let list = unsafe rd_kafka_group_result_partitions(group) else { return [] }
        return unsafe PartitionList.elements(of: list)
    }

    private static func committed(
        _ elements: [PartitionList.Element],
        _ action: String
    ) -> AdminResults<TopicPartition, CommittedOffset> {
        var results: AdminResults<TopicPartition, CommittedOffset> = [:]
        for element in elements {
            // Where nothing is committed, there is neither an error nor an offset.
            guard element.error != RD_KAFKA_RESP_ERR_NO_ERROR || element.offset >= 0 else { continue }
            results[element.partition] = element.result(
                cannot: "\(action) in",
                CommittedOffset(Offset(element.offset), metadata: element.metadata)
            )
        }
        return results
    }

    /// The result of each partition; that of the group, where it has an error, is the result of all of them.
    private static func outcome(
        of partitions: [TopicPartition],
        in groups: [OpaquePointer],
        cannot action: String
    ) -> AdminResults<TopicPartition, Void> {
        var results: AdminResults<TopicPartition, Void> = [:]
        guard let group = unsafe groups.first else { return results }
        for partition in partitions {
            let error = unsafe LogError(ifAny: rd_kafka_group_result_error(group), cannot: "\(action) \(partition)")
            if let error { results[partition] = .failure(error) }
        }
        guard results.isEmpty, let list = unsafe rd_kafka_group_result_partitions(group) else { return results }
        for element in unsafe PartitionList.elements(of: list) {
            results[element.partition] = element.result(cannot: action, ())
        }
        return results
    }
}
