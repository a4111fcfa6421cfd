internal import CLibrdkafka
internal import Glibc
public import Log

extension Admin {
    /// Every consumer group of the cluster, by id.
    ///
    /// - Parameters:
    ///   - states: only groups in these (KIP-518, brokers from 2.6 on); empty for all. ``GroupState/unknown`` cannot be
    ///     asked for.
    ///   - within: the call's deadline.
    /// - Returns: the groups with what is known of each.
    /// - Throws: when a broker did not answer: a list that lacks its groups is no list of all.
    public func listGroups(
        in states: Set<GroupState> = [],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> [String: GroupListing] {
        try await loop.request("list groups", within: Deadline(within)) { (request) throws(LogError) in
            try request.match(states.compactMap(\.code))
            unsafe rd_kafka_ListConsumerGroups(request.client, request.options, request.results)
        } _: { (event) throws(LogError) in
            try event.check()
            let result = unsafe rd_kafka_event_ListConsumerGroups_result(event.pointer)
            var count = 0
            let errors = unsafe rd_kafka_ListConsumerGroups_result_errors(result, &count)
            if let first = unsafe objects(errors, count).first {
                throw unsafe LogError(reading: first, cannot: "list groups")
            }
            let found = unsafe rd_kafka_ListConsumerGroups_result_valid(result, &count)
            let listings = unsafe objects(found, count).compactMap { unsafe GroupListing($0) }
            return Dictionary(listings.map { ($0.id, $0) }) { first, _ in first }
        }
    }

    /// Describes consumer groups and their members.
    ///
    /// A group that does not exist is a failure with the name `GROUP_ID_NOT_FOUND`.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func describeGroups(
        _ groups: [String],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<String, GroupDescription> {
        try await each(
            of: groups,
            cannot: "describe group"
        ) {
            Self.refusal(of: $0)
        } ask: { [loop] (ids) throws(LogError) in
            try await loop.request("describe groups", within: Deadline(within), to: .coordinator) { request in
                let names = TextArray(ids)
                unsafe names.withArray { groups, count in
                    unsafe rd_kafka_DescribeConsumerGroups(
                        request.client,
                        groups,
                        count,
                        request.options,
                        request.results
                    )
                }
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_DescribeConsumerGroups_result,
                    rd_kafka_DescribeConsumerGroups_result_groups
                )
                return unsafe Self.results(found) { group in
                    guard let id = unsafe string(rd_kafka_ConsumerGroupDescription_group_id(group)) else { return nil }
                    return unsafe (id, Self.description(of: group, id))
                }
            }
        }
    }

    /// Deletes groups with their committed offsets (KIP-229).
    ///
    /// A group with members is a failure with the name `NON_EMPTY_GROUP`, one that does not exist one with
    /// `GROUP_ID_NOT_FOUND`.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func deleteGroups(
        _ groups: [String],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<String, Void> {
        try await each(
            of: groups,
            cannot: "delete group"
        ) {
            Self.refusal(of: $0)
        } ask: { [loop] (ids) throws(LogError) in
            try await loop.request("delete groups", within: Deadline(within), to: .coordinator) { request in
                let objects = unsafe RequestObjects(destroy: rd_kafka_DeleteGroup_destroy)
                for id in ids { unsafe objects.append(rd_kafka_DeleteGroup_new(id)) }
                unsafe request.send(objects, by: rd_kafka_DeleteGroups)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_DeleteGroups_result,
                    rd_kafka_DeleteGroups_result_groups
                )
                return unsafe Self.results(found) { group in
                    guard let id = unsafe string(rd_kafka_group_result_name(group)) else { return nil }
                    return unsafe (id, Result(rd_kafka_group_result_error(group), cannot: "delete group \(id)", ()))
                }
            }
        }
    }

    private static func description(of group: OpaquePointer, _ id: String) -> Result<GroupDescription, LogError> {
        let action = "describe group \(id)"
        let cause = unsafe rd_kafka_ConsumerGroupDescription_error(group)
        if let error = unsafe LogError(ifAny: cause, cannot: action) { return .failure(error) }
        let description = unsafe GroupDescription(group, id)
        // Brokers before 4.0 describe what does not exist as dead (KIP-1043).
        if description.state == .dead, description.members.isEmpty {
            return .failure(LogError(RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND, cannot: action))
        }
        return .success(description)
    }
}

extension GroupState {
    fileprivate init(_ code: rd_kafka_consumer_group_state_t) {
        self = Self.allCases.first { $0.code == code } ?? .unknown
    }

    fileprivate var code: rd_kafka_consumer_group_state_t? {
        switch self {
        case .preparingRebalance: RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE
        case .completingRebalance: RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE
        case .stable: RD_KAFKA_CONSUMER_GROUP_STATE_STABLE
        case .dead: RD_KAFKA_CONSUMER_GROUP_STATE_DEAD
        case .empty: RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY
        case .unknown: nil
        }
    }
}

extension GroupListing {
    fileprivate init?(_ group: OpaquePointer) {
        guard let id = unsafe string(rd_kafka_ConsumerGroupListing_group_id(group)) else { return nil }
        self.id = id
        state = unsafe GroupState(rd_kafka_ConsumerGroupListing_state(group))
        isSimple = unsafe rd_kafka_ConsumerGroupListing_is_simple_consumer_group(group) != 0
    }
}

extension GroupDescription {
    fileprivate init(_ group: OpaquePointer, _ id: String) {
        self.id = id
        state = unsafe GroupState(rd_kafka_ConsumerGroupDescription_state(group))
        isSimple = unsafe rd_kafka_ConsumerGroupDescription_is_simple_consumer_group(group) != 0
        assignor = unsafe string(rd_kafka_ConsumerGroupDescription_partition_assignor(group)) ?? ""
        coordinator = unsafe rd_kafka_ConsumerGroupDescription_coordinator(group).map { unsafe .init($0, rack: nil) }
        members = unsafe (0..<rd_kafka_ConsumerGroupDescription_member_count(group)).compactMap { index in
            unsafe rd_kafka_ConsumerGroupDescription_member(group, index).map { unsafe Member($0) }
        }
    }
}

extension GroupDescription.Member {
    fileprivate init(_ member: OpaquePointer) {
        id = unsafe string(rd_kafka_MemberDescription_consumer_id(member)) ?? ""
        clientID = unsafe string(rd_kafka_MemberDescription_client_id(member)) ?? ""
        instanceID = unsafe string(rd_kafka_MemberDescription_group_instance_id(member))
        host = unsafe string(rd_kafka_MemberDescription_host(member)) ?? ""
        let list = unsafe rd_kafka_MemberDescription_assignment(member).flatMap {
            unsafe rd_kafka_MemberAssignment_partitions($0)
        }
        assignment =
            unsafe list.map { unsafe PartitionList.partitions(of: $0).sorted() } ?? []
    }
}

/// Copies of texts as C strings, freed with this object.
@safe private final class TextArray {
    private var pointers: [UnsafePointer<CChar>?]

    init(_ texts: [String]) {
        unsafe pointers = unsafe texts.map { unsafe UnsafePointer(strdup($0)) }
    }

    deinit {
        unsafe pointers.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) }
    }

    func withArray(_ body: (UnsafeMutablePointer<UnsafePointer<CChar>?>, Int) -> Void) {
        unsafe pointers.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe body(start, buffer.count)
        }
    }
}
