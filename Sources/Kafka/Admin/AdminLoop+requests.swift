internal import CLibrdkafka
internal import Log

/// The requests; owner thread only.
extension AdminLoop {
    func create(_ topics: [TopicSpecification]) throws(LogError) -> [TopicName: LogError] {
        var failures: [TopicName: LogError] = [:]
        var requests: [OpaquePointer?] = unsafe []
        defer { unsafe requests.forEach { unsafe rd_kafka_NewTopic_destroy($0) } }
        for topic in topics {
            do throws(LogError) {
                unsafe requests.append(try newTopic(topic))
            } catch {
                failures[topic.name] = error
            }
        }
        guard unsafe !requests.isEmpty else { return failures }
        let answer = try unsafe request("create topics", RD_KAFKA_ADMIN_OP_CREATETOPICS) { options, queue in
            unsafe rd_kafka_CreateTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let results = unsafe rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer), &count)
        unsafe collect(
            results,
            count,
            cannot: "create topic",
            except: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS,
            into: &failures
        )
        return failures
    }

    private func newTopic(_ topic: TopicSpecification) throws(LogError) -> OpaquePointer {
        guard topic.name.isValid else {
            throw .configuration(
                "topic name \"\(topic.name)\" is not one that Kafka accepts; use 1 to 249 of a-z A-Z 0-9 . _ -"
            )
        }
        var reason = [CChar](repeating: 0, count: 512)
        // -1 leaves the replication factor to the broker (KIP-464).
        let partitions = Int32(clamping: topic.partitions)
        guard let request = unsafe rd_kafka_NewTopic_new(topic.name.rawValue, partitions, -1, &reason, reason.count)
        else {
            throw .configuration("topic \(topic.name): \(text(reason))")
        }
        for (name, value) in topic.settings.sorted(by: { $0.key < $1.key }) {
            let code = unsafe rd_kafka_NewTopic_set_config(request, name, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                unsafe rd_kafka_NewTopic_destroy(request)
                throw LogError(code, cannot: "set \(name) of topic \(topic.name)")
            }
        }
        return unsafe request
    }

    func delete(_ topics: [TopicName]) throws(LogError) -> [TopicName: LogError] {
        var requests: [OpaquePointer?] = unsafe topics.map { unsafe rd_kafka_DeleteTopic_new($0.rawValue) }
        defer { unsafe requests.forEach { unsafe rd_kafka_DeleteTopic_destroy($0) } }
        let answer = try unsafe request("delete topics", RD_KAFKA_ADMIN_OP_DELETETOPICS) { options, queue in
            unsafe rd_kafka_DeleteTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let results = unsafe rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer), &count)
        var failures: [TopicName: LogError] = [:]
        unsafe collect(results, count, cannot: "delete topic", except: RD_KAFKA_RESP_ERR_NO_ERROR, into: &failures)
        return failures
    }

    private func collect(
        _ results: UnsafeMutablePointer<OpaquePointer?>?,
        _ count: Int,
        cannot action: String,
        except harmless: rd_kafka_resp_err_t,
        into failures: inout [TopicName: LogError]
    ) {
        for index in 0..<count {
            guard let result = unsafe results?[index], let name = unsafe rd_kafka_topic_result_name(result) else {
                continue
            }
            let code = unsafe rd_kafka_topic_result_error(result)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != harmless else { continue }
            let topic = unsafe TopicName(String(cString: name))
            let detail = unsafe rd_kafka_topic_result_error_string(result).map { unsafe String(cString: $0) }
            failures[topic] = LogError(code, cannot: "\(action) \(topic)", detail: detail)
        }
    }

    func delete(groups: [String]) throws(LogError) -> [String: LogError] {
        var requests: [OpaquePointer?] = unsafe groups.map { unsafe rd_kafka_DeleteGroup_new($0) }
        defer { unsafe requests.forEach { unsafe rd_kafka_DeleteGroup_destroy($0) } }
        let answer = try unsafe request("delete groups", RD_KAFKA_ADMIN_OP_DELETEGROUPS) { options, queue in
            unsafe rd_kafka_DeleteGroups(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let results = unsafe rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer), &count)
        var failures: [String: LogError] = [:]
        for index in 0..<count {
            guard let result = unsafe results?[index], let name = unsafe rd_kafka_group_result_name(result),
                let error = unsafe rd_kafka_group_result_error(result)
            else { continue }
            let group = unsafe String(cString: name)
            let detail = unsafe String(cString: rd_kafka_error_string(error))
            failures[group] = unsafe LogError(
                rd_kafka_error_code(error),
                cannot: "delete group \(group)",
                detail: detail
            )
        }
        return failures
    }

    /// Sends one request and returns its event, which the caller destroys. `adjust` changes the request's options.
    func request(
        _ action: String,
        _ operation: rd_kafka_admin_op_t,
        adjust: (_ options: OpaquePointer?) -> OpaquePointer? = { _ in nil },
        _ send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void
    ) throws(LogError) -> OpaquePointer {
        let options = unsafe rd_kafka_AdminOptions_new(handle.pointer, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        var reason = [CChar](repeating: 0, count: 256)
        let code = unsafe rd_kafka_AdminOptions_set_request_timeout(
            options,
            Self.timeout.milliseconds,
            &reason,
            reason.count
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: action, detail: text(reason)) }
        if let error = unsafe adjust(options) { throw unsafe LogError(consuming: error, cannot: action) }
        let queue = unsafe rd_kafka_queue_new(handle.pointer)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        unsafe send(options, queue)
        // The request has its own timeout; the second one only guards against a lost answer.
        guard let event = unsafe rd_kafka_queue_poll(queue, Self.timeout.milliseconds + 1000) else {
            throw .timedOut(action, after: Self.timeout)
        }
        let outcome = unsafe rd_kafka_event_error(event)
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let detail = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
            unsafe rd_kafka_event_destroy(event)
            throw LogError(outcome, cannot: action, detail: detail)
        }
        return unsafe event
    }

    func partitions(of topic: TopicName) throws(LogError) -> [PartitionID] {
        guard let name = unsafe rd_kafka_topic_new(handle.pointer, topic.rawValue, nil) else {
            throw LogError(rd_kafka_last_error(), cannot: "ask about topic \(topic)")
        }
        defer { unsafe rd_kafka_topic_destroy(name) }
        let metadata = try unsafe metadata(of: name)
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        guard unsafe metadata.pointee.topic_cnt == 1 else { return [] }
        let found = unsafe metadata.pointee.topics[0]
        switch unsafe found.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
            return unsafe (0..<Int(found.partition_cnt)).map { unsafe PartitionID(rawValue: found.partitions[$0].id) }
                .sorted()
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            return []
        default:
            throw unsafe LogError(found.err, cannot: "ask about topic \(topic)")
        }
    }

    func topics() throws(LogError) -> [TopicName: Int] {
        let metadata = try unsafe metadata(of: nil)
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        var result: [TopicName: Int] = [:]
        for index in unsafe 0..<Int(metadata.pointee.topic_cnt) {
            let topic = unsafe metadata.pointee.topics[index]
            unsafe result[TopicName(String(cString: topic.topic))] = unsafe Int(topic.partition_cnt)
        }
        return result
    }

    /// The metadata of one topic, or of all; the caller destroys it.
    func metadata(of topic: OpaquePointer?) throws(LogError) -> UnsafePointer<rd_kafka_metadata> {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let all: Int32 = unsafe topic == nil ? 1 : 0
        let code = unsafe rd_kafka_metadata(handle.pointer, all, topic, &metadata, Self.timeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata = unsafe metadata else {
            throw LogError(code, cannot: "fetch metadata")
        }
        return unsafe metadata
    }
}
