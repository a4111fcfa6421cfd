internal import CLibrdkafka
internal import Log

/// Requests about groups; owner thread only.
extension AdminLoop {
    func groups() throws(LogError) -> [String] {
        let answer = try unsafe request("list groups", RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS) { options, queue in
            unsafe rd_kafka_ListConsumerGroups(handle.pointer, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        let result = unsafe rd_kafka_event_ListConsumerGroups_result(answer)
        var count = 0
        // A list that lacks a broker's groups is no list of all.
        if let errors = unsafe rd_kafka_ListConsumerGroups_result_errors(result, &count), count > 0,
            let first = unsafe errors[0]
        {
            throw unsafe LogError(reading: first, cannot: "list groups")
        }
        let found = unsafe rd_kafka_ListConsumerGroups_result_valid(result, &count)
        return (0..<count).compactMap { index in
            guard let group = unsafe found?[index], let name = unsafe rd_kafka_ConsumerGroupListing_group_id(group)
            else { return nil }
            return unsafe String(cString: name)
        }.sorted()
    }

    func members(of group: String) throws(LogError) -> Int {
        let answer = try unsafe withCString(group) { (name) throws(LogError) in
            try unsafe request("describe group \(group)", RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS) { options, queue in
                var names: [UnsafePointer<CChar>?] = unsafe [name]
                unsafe rd_kafka_DescribeConsumerGroups(handle.pointer, &names, 1, options, queue)
            }
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let found = unsafe rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(answer),
            &count
        )
        guard count > 0, let description = unsafe found?[0] else { return 0 }
        if let error = unsafe rd_kafka_ConsumerGroupDescription_error(description),
            unsafe rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR
        {
            if unsafe rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND { return 0 }
            throw unsafe LogError(reading: error, cannot: "describe group \(group)")
        }
        return unsafe rd_kafka_ConsumerGroupDescription_member_count(description)
    }

    func offsets(
        committedBy group: String,
        in partitions: [TopicPartition]
    ) throws(LogError) -> [TopicPartition: CommittedOffset] {
        let list = PartitionList(Set(partitions))
        var requests: [OpaquePointer?] = unsafe [rd_kafka_ListConsumerGroupOffsets_new(group, list.pointer)]
        defer { unsafe requests.forEach { unsafe rd_kafka_ListConsumerGroupOffsets_destroy($0) } }
        let action = "fetch the offsets of group \(group)"
        let answer = try unsafe request(
            action,
            RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
            // What an open transaction may still change is an error, not a guess (KIP-447).
            adjust: { options in unsafe rd_kafka_AdminOptions_set_require_stable_offsets(options, 1) },
            { options, queue in
                unsafe rd_kafka_ListConsumerGroupOffsets(handle.pointer, &requests, 1, options, queue)
            }
        )
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let groups = unsafe rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(answer),
            &count
        )
        var result: [TopicPartition: CommittedOffset] = [:]
        for element in try unsafe elements(of: groups, count, cannot: action) where element.offset >= 0 {
            result[element.partition] = CommittedOffset(Offset(element.offset), metadata: element.metadata)
        }
        return result
    }

    func setOffsets(_ offsets: [TopicPartition: CommittedOffset], of group: String) throws(LogError) {
        let list = PartitionList(committing: offsets)
        var requests: [OpaquePointer?] = unsafe [rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer)]
        defer { unsafe requests.forEach { unsafe rd_kafka_AlterConsumerGroupOffsets_destroy($0) } }
        let action = "set the offsets of group \(group)"
        let answer = try unsafe request(action, RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS) { options, queue in
            unsafe rd_kafka_AlterConsumerGroupOffsets(handle.pointer, &requests, 1, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let groups = unsafe rd_kafka_AlterConsumerGroupOffsets_result_groups(
            rd_kafka_event_AlterConsumerGroupOffsets_result(answer),
            &count
        )
        _ = try unsafe elements(of: groups, count, cannot: action)
    }

    /// The partitions of the one group of a result.
    /// - Throws: the group's error, or that of the first partition that has one.
    private func elements(
        of groups: UnsafeMutablePointer<OpaquePointer?>?,
        _ count: Int,
        cannot action: String
    ) throws(LogError) -> [PartitionList.Element] {
        guard count > 0, let group = unsafe groups?[0] else { return [] }
        if let error = unsafe rd_kafka_group_result_error(group) {
            throw unsafe LogError(reading: error, cannot: action)
        }
        guard let list = unsafe rd_kafka_group_result_partitions(group) else { return [] }
        let elements = unsafe PartitionList.elements(of: UnsafeMutablePointer(mutating: list))
        if let failed = elements.first(where: { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }) {
            throw LogError(failed.error, cannot: "\(action) in \(failed.partition)")
        }
        return elements
    }
}

/// Lends `text` as a C string; typed, unlike the library's own.
private func withCString<R>(
    _ text: String,
    _ body: (UnsafePointer<CChar>) throws(LogError) -> R
) throws(LogError) -> R {
    let result: Result<R, LogError> = unsafe text.withCString { pointer in
        do throws(LogError) {
            return .success(try unsafe body(pointer))
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

extension LogError {
    /// Translates an error that belongs to somebody else's result, who destroys it.
    fileprivate init(reading error: OpaquePointer, cannot action: String) {
        unsafe self.init(
            rd_kafka_error_code(error),
            cannot: action,
            detail: String(cString: rd_kafka_error_string(error))
        )
    }
}
