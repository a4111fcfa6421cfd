internal import CLibrdkafka
internal import Log

/// A copy of what a Metadata request brings.
struct ClusterMetadata: Sendable {
    let brokers: [ClusterDescription.Broker]
    let topics: AdminResults<TopicName, TopicDescription>

    /// What the request asks about.
    enum Scope {
        case everything
        /// One topic, with the error that the broker has for it. Never creates it.
        case topic(TopicName)
    }

    /// Blocks until the deadline at most.
    /// - Throws: when no broker answered.
    init(_ scope: Scope, from client: ClientHandle, within deadline: Deadline) throws(LogError) {
        var topic: OpaquePointer?
        defer { if let topic = unsafe topic { unsafe rd_kafka_topic_destroy(topic) } }
        if case .topic(let name) = scope {
            unsafe topic = unsafe rd_kafka_topic_new(client.pointer, name.rawValue, nil)
            guard unsafe topic != nil else { throw LogError(rd_kafka_last_error(), cannot: "ask about topic \(name)") }
        }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let all: Int32 = unsafe topic == nil ? 1 : 0
        let code = unsafe rd_kafka_metadata(client.pointer, all, topic, &metadata, deadline.milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let found = unsafe metadata?.pointee else {
            throw LogError(code, cannot: "fetch metadata")
        }
        defer { unsafe rd_kafka_metadata_destroy(metadata) }
        brokers = unsafe (0..<Int(found.broker_cnt)).map { index in
            let broker = unsafe found.brokers[index]
            let host = unsafe String(cString: broker.host)
            return unsafe .init(id: broker.id, host: host, port: Int(broker.port), rack: nil)
        }.sorted { $0.id < $1.id }
        var topics: AdminResults<TopicName, TopicDescription> = [:]
        for index in unsafe 0..<Int(found.topic_cnt) {
            let topic = unsafe found.topics[index]
            let name = unsafe TopicName(String(cString: topic.topic))
            topics[name] = unsafe Self.description(of: topic, name)
        }
        self.topics = topics
    }

    private static func description(
        of topic: rd_kafka_metadata_topic,
        _ name: TopicName
    ) -> Result<TopicDescription, LogError> {
        switch unsafe topic.err {
        // A topic that was created a moment ago has partitions without leaders.
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
            let partitions = unsafe (0..<Int(topic.partition_cnt)).map { unsafe partition(topic.partitions[$0]) }
            return .success(TopicDescription(name: name, partitions: partitions.sorted { $0.id < $1.id }))
        default:
            return unsafe .failure(LogError(topic.err, cannot: "describe topic \(name)"))
        }
    }

    private static func partition(_ partition: rd_kafka_metadata_partition) -> TopicDescription.Partition {
        unsafe .init(
            id: PartitionID(rawValue: partition.id),
            leader: partition.leader < 0 ? nil : partition.leader,
            replicas: (0..<Int(partition.replica_cnt)).map { unsafe partition.replicas[$0] },
            inSyncReplicas: (0..<Int(partition.isr_cnt)).map { unsafe partition.isrs[$0] }
        )
    }
}
