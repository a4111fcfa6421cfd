internal import CLibrdkafka
public import Log

extension Admin {
    /// Creates topics (KIP-4).
    ///
    /// A topic that exists already is a failure with the name `TOPIC_ALREADY_EXISTS`. A topic that was created may take a
    /// moment until every broker knows it.
    ///
    /// - Parameters:
    ///   - topics: what to create; `partitions` of -1 leaves the number to the broker (KIP-464).
    ///   - replicationFactor: copies of each partition, from 1 to the number of brokers; `nil` leaves it to the broker.
    ///   - validateOnly: only has the broker check the topics.
    ///   - within: the call's deadline.
    /// - Returns: per topic, whether it was created.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func createTopics(
        _ topics: [TopicSpecification],
        replicationFactor: Int? = nil,
        validateOnly: Bool = false,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicName, Void> {
        let specifications = Dictionary(grouping: topics, by: \.name)
        return try await each(
            of: topics.map(\.name),
            cannot: "create topic"
        ) { name in
            if let reason = Self.refusal(of: name) { return reason }
            guard let same = specifications[name], same.count == 1 else { return "it is named more than once" }
            let texts = same[0].settings.flatMap { [$0.key, $0.value] }
            if let reason = texts.lazy.compactMap({ Self.refusal(of: $0) }).first {
                return "a setting cannot be sent: \(reason)"
            }
            return unsafe Self.refusal(destroy: rd_kafka_NewTopic_destroy) { () throws(LogError) in
                try unsafe Self.topicObject(same[0], replicationFactor)
            }
        } ask: { [loop] (names) throws(LogError) in
            let accepted = names.compactMap { specifications[$0]?.first }
            return try await loop.request("create topics", within: Deadline(within)) { (request) throws(LogError) in
                if validateOnly { try request.validateOnly() }
                let objects = unsafe RequestObjects(destroy: rd_kafka_NewTopic_destroy)
                for topic in accepted { try unsafe objects.append(Self.topicObject(topic, replicationFactor)) }
                unsafe request.send(objects, by: rd_kafka_CreateTopics)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_CreateTopics_result,
                    rd_kafka_CreateTopics_result_topics
                )
                return unsafe Self.topicResults(found, cannot: "create topic")
            }
        }
    }

    /// Deletes topics with their records (KIP-4). It may take a moment until every broker has forgotten them.
    ///
    /// A topic that does not exist is a failure ``Log/LogError/Code/unknownTopicOrPartition``.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func deleteTopics(
        _ topics: [TopicName],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicName, Void> {
        try await each(of: topics, cannot: "delete topic", refuse: Self.refusal) {
            [loop] (names) throws(LogError) in
            try await loop.request("delete topics", within: Deadline(within)) { request in
                let objects = unsafe RequestObjects(destroy: rd_kafka_DeleteTopic_destroy)
                for name in names { unsafe objects.append(rd_kafka_DeleteTopic_new(name.rawValue)) }
                unsafe request.send(objects, by: rd_kafka_DeleteTopics)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_DeleteTopics_result,
                    rd_kafka_DeleteTopics_result_topics
                )
                return unsafe Self.topicResults(found, cannot: "delete topic")
            }
        }
    }

    /// Adds partitions to topics, so that each has the given number in all (KIP-195). Records with keys go to other
    /// partitions from then on than those before them.
    ///
    /// A number that is not above the present one is a failure with the name `INVALID_PARTITIONS`.
    /// - Parameters:
    ///   - counts: how many partitions each topic is to have, 1 to 100,000.
    ///   - validateOnly: only has the broker check the request.
    ///   - within: the call's deadline.
    /// - Returns: per topic, whether it has so many partitions now.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func createPartitions(
        _ counts: [TopicName: Int],
        validateOnly: Bool = false,
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicName, Void> {
        try await each(
            of: counts.keys.sorted(),
            cannot: "add partitions to topic"
        ) { name in
            if let count = counts[name], !(1...100_000).contains(count) { return "\(count) is not 1 to 100000" }
            return Self.refusal(of: name)
        } ask: { [loop] (names) throws(LogError) in
            try await loop.request("add partitions", within: Deadline(within)) { (request) throws(LogError) in
                if validateOnly { try request.validateOnly() }
                let objects = unsafe RequestObjects(destroy: rd_kafka_NewPartitions_destroy)
                for name in names { try unsafe objects.append(Self.partitionsObject(name, counts[name] ?? 0)) }
                unsafe request.send(objects, by: rd_kafka_CreatePartitions)
            } _: { (event) throws(LogError) in
                let found = try unsafe event.items(
                    rd_kafka_event_CreatePartitions_result,
                    rd_kafka_CreatePartitions_result_topics
                )
                return unsafe Self.topicResults(found, cannot: "add partitions to topic")
            }
        }
    }

    /// Describes topics by a Metadata request. Never creates them.
    ///
    /// A topic that does not exist is a failure ``Log/LogError/Code/unknownTopicOrPartition``.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func describeTopics(
        _ topics: [TopicName],
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> AdminResults<TopicName, TopicDescription> {
        try await each(of: topics, cannot: "describe topic", refuse: Self.refusal) {
            [loop] (names) throws(LogError) in
            let deadline = Deadline(within)
            return try await loop.block("describe topics", within: deadline) { (client) throws(LogError) in
                try Self.describe(names, client, within: deadline)
            }
        }
    }

    /// Every topic of the cluster that the client may see, internal ones included.
    /// - Throws: when nothing was answered, see ``Admin``.
    public func listTopics(
        within: Duration = Admin.defaultDeadline
    ) async throws(LogError) -> [TopicName: TopicDescription] {
        let deadline = Deadline(within)
        return try await loop.block("list topics", within: deadline) { (client) throws(LogError) in
            try ClusterMetadata(.everything, from: client, within: deadline).topics.successes()
        }
    }

    /// librdkafka asks about one topic or about all. Those that the list of all lacks are asked about one by one, since
    /// only then the broker says why.
    static func describe(
        _ names: [TopicName],
        _ client: ClientHandle,
        within deadline: Deadline
    ) throws(LogError) -> AdminResults<TopicName, TopicDescription> {
        var results: AdminResults<TopicName, TopicDescription> = [:]
        if names.count > 1 {
            let all = try ClusterMetadata(.everything, from: client, within: deadline).topics
            for name in names { results[name] = all[name] }
        }
        for name in names where results[name] == nil {
            results[name] = try ClusterMetadata(.topic(name), from: client, within: deadline).topics[name]
        }
        return results
    }

    /// - Throws: librdkafka's reason to refuse it.
    private static func topicObject(
        _ topic: TopicSpecification,
        _ replicationFactor: Int?
    ) throws(LogError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        let partitions = Int32(clamping: topic.partitions)
        let replicas = replicationFactor.map { Int32(clamping: $0) } ?? -1
        guard
            let object = unsafe rd_kafka_NewTopic_new(topic.name.rawValue, partitions, replicas, &reason, reason.count)
        else {
            throw .configuration(text(reason))
        }
        for (name, value) in topic.settings.sorted(by: { $0.key < $1.key }) {
            let code = unsafe rd_kafka_NewTopic_set_config(object, name, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                unsafe rd_kafka_NewTopic_destroy(object)
                throw LogError(code, cannot: "set \"\(name)\"")
            }
        }
        return unsafe object
    }

    private static func partitionsObject(_ topic: TopicName, _ count: Int) throws(LogError) -> OpaquePointer {
        var reason = [CChar](repeating: 0, count: 512)
        guard let object = unsafe rd_kafka_NewPartitions_new(topic.rawValue, count, &reason, reason.count) else {
            throw .configuration("cannot add partitions to topic \(topic): \(text(reason))")
        }
        return unsafe object
    }

    private static func topicResults(
        _ results: [OpaquePointer],
        cannot action: String
    ) -> AdminResults<TopicName, Void> {
        unsafe Self.results(results) { result in
            guard let name = unsafe string(rd_kafka_topic_result_name(result)) else { return nil }
            let detail = unsafe string(rd_kafka_topic_result_error_string(result))
            let code = unsafe rd_kafka_topic_result_error(result)
            return (TopicName(name), Result(code, cannot: "\(action) \(name)", detail: detail, ()))
        }
    }
}
