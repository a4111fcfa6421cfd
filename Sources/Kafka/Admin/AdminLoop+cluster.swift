internal import CLibrdkafka
internal import Log

/// Requests about the cluster and its topics' settings; owner thread only.
extension AdminLoop {
    func clusterID() throws(LogError) -> String? {
        // The id comes with metadata; without any, the call below would wait its whole time for a broker without an id.
        unsafe rd_kafka_metadata_destroy(try metadata(of: nil))
        guard let id = unsafe rd_kafka_clusterid(handle.pointer, 1000) else { return nil }
        defer { unsafe rd_kafka_mem_free(handle.pointer, id) }
        return unsafe String(cString: id)
    }

    func settings(of topics: [TopicName]) throws(LogError) -> [TopicName: [String: String]] {
        var requests: [OpaquePointer?] = unsafe topics.map {
            unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0.rawValue)
        }
        defer { unsafe requests.forEach { unsafe rd_kafka_ConfigResource_destroy($0) } }
        let action = "describe the settings of topics"
        let answer = try unsafe request(action, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS) { options, queue in
            unsafe rd_kafka_DescribeConfigs(handle.pointer, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(answer) }
        var count = 0
        let found = unsafe rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(answer),
            &count
        )
        var result: [TopicName: [String: String]] = [:]
        for index in 0..<count {
            guard let resource = unsafe found?[index], let name = unsafe rd_kafka_ConfigResource_name(resource) else {
                continue
            }
            let topic = unsafe TopicName(String(cString: name))
            let code = unsafe rd_kafka_ConfigResource_error(resource)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw LogError(code, cannot: "describe the settings of topic \(topic)")
            }
            result[topic] = unsafe settings(of: resource)
        }
        return result
    }

    private func settings(of resource: OpaquePointer) -> [String: String] {
        var count = 0
        let entries = unsafe rd_kafka_ConfigResource_configs(resource, &count)
        var result: [String: String] = [:]
        for index in 0..<count {
            guard let entry = unsafe entries?[index], unsafe rd_kafka_ConfigEntry_is_default(entry) == 0,
                let name = unsafe rd_kafka_ConfigEntry_name(entry), let value = unsafe rd_kafka_ConfigEntry_value(entry)
            else { continue }
            unsafe result[String(cString: name)] = unsafe String(cString: value)
        }
        return result
    }
}
