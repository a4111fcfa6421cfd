internal import CLibrdkafka
internal import Log

/// The requests; owner thread only.
extension AdminLoop {
    func create(_ topics: [TopicSpecification]) throws(LogError) -> [TopicName: LogError] {
        var failures: [TopicName: LogError] = [:]
        var requests: [OpaquePointer?] = []
        defer { for request in requests { rd_kafka_NewTopic_destroy(request) } }
        for topic in topics {
            do throws(LogError) {
                requests.append(try newTopic(topic))
            } catch {
                failures[topic.name] = error
            }
        }
        guard !requests.isEmpty else { return failures }
        let answer = try request("create topics", RD_KAFKA_ADMIN_OP_CREATETOPICS) { options, queue in
            rd_kafka_CreateTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(answer) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer), &count)
        collect(results, count, cannot: "create topic", except: RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, into: &failures)
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
        guard let request = rd_kafka_NewTopic_new(topic.name.rawValue, partitions, -1, &reason, reason.count) else {
            throw .configuration("topic \(topic.name): \(text(reason))")
        }
        for (name, value) in topic.settings.sorted(by: { $0.key < $1.key }) {
            let code = rd_kafka_NewTopic_set_config(request, name, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                rd_kafka_NewTopic_destroy(request)
                throw LogError(code, cannot: "set \(name) of topic \(topic.name)")
            }
        }
        return request
    }

    func delete(_ topics: [TopicName]) throws(LogError) -> [TopicName: LogError] {
        var requests: [OpaquePointer?] = topics.map { rd_kafka_DeleteTopic_new($0.rawValue) }
        defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
        let answer = try request("delete topics", RD_KAFKA_ADMIN_OP_DELETETOPICS) { options, queue in
            rd_kafka_DeleteTopics(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(answer) }
        var count = 0
        let results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(answer), &count)
        var failures: [TopicName: LogError] = [:]
        collect(results, count, cannot: "delete topic", except: RD_KAFKA_RESP_ERR_NO_ERROR, into: &failures)
        return failures
    }

    private func collect(
        _ results: UnsafeMutablePointer<OpaquePointer?>?,
        _ count: Int,
        cannot action: String,
        except harmless: rd_kafka_resp_err_t,
        into failures: inout [TopicName: LogError]
    ) {
        for result in UnsafeBufferPointer(start: results, count: count) {
            guard let result, let name = rd_kafka_topic_result_name(result) else { continue }
            let code = rd_kafka_topic_result_error(result)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != harmless else { continue }
            let topic = TopicName(String(cString: name))
            let detail = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            failures[topic] = LogError(code, cannot: "\(action) \(topic)", detail: detail)
        }
    }

    func delete(groups: [String]) throws(LogError) -> [String: LogError] {
        var requests: [OpaquePointer?] = groups.map { rd_kafka_DeleteGroup_new($0) }
        defer { for request in requests { rd_kafka_DeleteGroup_destroy(request) } }
        let answer = try request("delete groups", RD_KAFKA_ADMIN_OP_DELETEGROUPS) { options, queue in
            rd_kafka_DeleteGroups(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { rd_kafka_event_destroy(answer) }
        var count = 0
        let results = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer), &count)
        var failures: [String: LogError] = [:]
        for result in UnsafeBufferPointer(start: results, count: count) {
            guard let result, let name = rd_kafka_group_result_name(result),
                let error = rd_kafka_group_result_error(result)
            else { continue }
            let group = String(cString: name)
            let detail = String(cString: rd_kafka_error_string(error))
            failures[group] = LogError(rd_kafka_error_code(error), cannot: "delete group \(group)", detail: detail)
        }
        return failures
    }

    /// Sends one request and returns its event, which the caller destroys.
    private func request(
        _ action: String,
        _ operation: rd_kafka_admin_op_t,
        _ send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void
    ) throws(LogError) -> OpaquePointer {
        let options = rd_kafka_AdminOptions_new(handle.pointer, operation)
        defer { rd_kafka_AdminOptions_destroy(options) }
        var reason = [CChar](repeating: 0, count: 256)
        let code = rd_kafka_AdminOptions_set_request_timeout(
            options,
            Self.timeout.milliseconds,
            &reason,
            reason.count
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw LogError(code, cannot: action, detail: text(reason)) }
        let queue = rd_kafka_queue_new(handle.pointer)
        defer { rd_kafka_queue_destroy(queue) }
        send(options, queue)
        // The request has its own timeout; the second one only guards against a lost answer.
        guard let event = rd_kafka_queue_poll(queue, Self.timeout.milliseconds + 1000) else {
            throw .timedOut(action, after: Self.timeout)
        }
        let outcome = rd_kafka_event_error(event)
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
            rd_kafka_event_destroy(event)
            throw LogError(outcome, cannot: action, detail: detail)
        }
        return event
    }

    func partitions(of topic: TopicName) throws(LogError) -> [PartitionID] {
        guard let name = rd_kafka_topic_new(handle.pointer, topic.rawValue, nil) else {
            throw LogError(rd_kafka_last_error(), cannot: "ask about topic \(topic)")
        }
        defer { rd_kafka_topic_destroy(name) }
        let metadata = try metadata(of: name)
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt == 1 else { return [] }
        let found = metadata.pointee.topics[0]
        switch found.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
            return (0..<Int(found.partition_cnt)).map { PartitionID(rawValue: found.partitions[$0].id) }.sorted()
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            return []
        default:
            throw LogError(found.err, cannot: "ask about topic \(topic)")
        }
    }

    func topics() throws(LogError) -> [TopicName: Int] {
        let metadata = try metadata(of: nil)
        defer { rd_kafka_metadata_destroy(metadata) }
        var result: [TopicName: Int] = [:]
        for index in 0..<Int(metadata.pointee.topic_cnt) {
            let topic = metadata.pointee.topics[index]
            result[TopicName(String(cString: topic.topic))] = Int(topic.partition_cnt)
        }
        return result
    }

    /// The metadata of one topic, or of all; the caller destroys it.
    private func metadata(of topic: OpaquePointer?) throws(LogError) -> UnsafePointer<rd_kafka_metadata> {
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let all: Int32 = topic == nil ? 1 : 0
        let code = rd_kafka_metadata(handle.pointer, all, topic, &metadata, Self.timeout.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            throw LogError(code, cannot: "fetch metadata")
        }
        return metadata
    }
}
