internal import KafkaProtocol
internal import LogStorage
internal import Logging
internal import Synchronization
internal import Telemetry

/// Creates, changes and deletes topics: the catalogue first, then the partitions. Any thread; blocks on the disk.
final class TopicAdministration: Sendable {
    /// Why a change was refused, in Kafka's terms.
    struct Refusal: Error {
        let code: ErrorCode
        let message: String

        init(_ code: ErrorCode, _ message: String) {
            self.code = code
            self.message = message
        }
    }

    let catalogue: TopicCatalogue
    let partitions: PartitionTable
    private let defaults: BrokerConfiguration.TopicDefaults
    private let metrics: BrokerMetrics
    private let logger: Logger
    /// One removal of files at a time.
    private let removal = Mutex<Void>(())

    init(
        catalogue: TopicCatalogue,
        partitions: PartitionTable,
        defaults: BrokerConfiguration.TopicDefaults,
        metrics: BrokerMetrics,
        logger: Logger
    ) {
        self.catalogue = catalogue
        self.partitions = partitions
        self.defaults = defaults
        self.metrics = metrics
        self.logger = logger
    }

    /// Makes the partitions of every topic, and finishes deletions that a crash interrupted.
    func start() throws {
        try finishDeletions()
        for topic in catalogue.all { partitions.add(topic) }
        metrics.partitions.set(partitions.count)
    }

    /// Removes what is left of topics whose deletion a crash or a failing disk interrupted.
    /// - Throws: what the disk fails; the rest stays for the next time.
    func finishDeletions() throws {
        for topic in catalogue.deleting { try removeFiles(of: topic, partitions.leftovers(of: topic)) }
    }

    /// Creates a topic, or with `dryRun` only checks it. Without a number of partitions it gets the default's.
    ///
    /// Throws ``Refusal``, or ``BrokerError`` when the disk fails.
    func create(_ name: String, partitions count: Int32?, settings: [String: String], dryRun: Bool) throws -> Topic {
        if let problem = TopicNaming.problem(with: name) { throw Refusal(.invalidTopicException, problem) }
        let count = count ?? defaults.partitions
        guard (1...Int32(clamping: defaults.partitionLimit)).contains(count) else {
            throw Refusal(.invalidPartitions, "a topic has 1 to \(defaults.partitionLimit) partitions, not \(count)")
        }
        try check(settings)
        let topic = Topic(name: name, id: .random(), partitions: count, settings: settings)
        try catalogue.update { topics in
            try Self.check(topic, against: topics)
            try self.checkRoom(for: Int(count))
            if !dryRun { topics.append(topic) }
        }
        guard !dryRun else { return topic }
        partitions.add(topic)
        metrics.partitions.set(partitions.count)
        logger.info(
            "a topic was created",
            metadata: Logger.Metadata([.topic: "\(name)", .partition: "\(count)"])
        )
        return topic
    }

    private static func check(_ topic: Topic, against topics: [Topic]) throws(Refusal) {
        if let existing = topics.first(where: { $0.name == topic.name }) {
            throw Refusal(
                .topicAlreadyExists,
                existing.isDeleting ? "topic '\(topic.name)' is being deleted" : "topic '\(topic.name)' already exists"
            )
        }
        // Kafka's metric names make no difference between the two.
        let plain = topic.name.replacing(".", with: "_")
        if let near = topics.first(where: { !$0.isDeleting && $0.name.replacing(".", with: "_") == plain }) {
            throw Refusal(.invalidTopicException, "topic '\(topic.name)' collides with '\(near.name)'")
        }
    }

    private func checkRoom(for count: Int) throws(Refusal) {
        guard catalogue.partitionCount + count <= defaults.partitionLimit else {
            throw Refusal(.policyViolation, "the broker holds at most \(defaults.partitionLimit) partitions")
        }
    }

    private func check(_ settings: [String: String]) throws(Refusal) {
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            if let problem = TopicSetting.problem(with: value, of: name) {
                throw Refusal(.invalidConfig, "\(name): \(problem)")
            }
        }
    }

    /// Gives a topic more partitions.
    /// - Throws: ``Refusal``, or ``BrokerError`` when the disk fails.
    func grow(_ name: String, to count: Int32, dryRun: Bool) throws {
        let topic = try catalogue.update { topics -> Topic in
            guard let index = topics.firstIndex(where: { $0.name == name && !$0.isDeleting }) else {
                throw Refusal(.unknownTopicOrPartition, "there is no topic '\(name)'")
            }
            let before = topics[index].partitions
            guard !topics[index].isInternal else {
                throw Refusal(.invalidPartitions, "the partitions of '\(name)' cannot change: groups follow from them")
            }
            guard count > before else {
                throw Refusal(
                    .invalidPartitions,
                    "topic '\(name)' has \(before) partitions; more can be had, not \(count)"
                )
            }
            try self.checkRoom(for: Int(count - before))
            if !dryRun { topics[index].partitions = count }
            return topics[index]
        }
        if !dryRun { partitions.add(topic) }
        metrics.partitions.set(partitions.count)
    }

    /// Deletes a topic and its files. What the disk keeps of the files is removed later, by ``finishDeletions()``.
    /// - Throws: ``Refusal``, or ``BrokerError`` when the disk fails: the topic is still there then.
    func delete(_ name: String) throws {
        guard !InternalTopic.contains(name) else {
            throw Refusal(.invalidTopicException, "'\(name)' is the broker's own")
        }
        let topic = try catalogue.update { topics -> Topic in
            guard let index = topics.firstIndex(where: { $0.name == name && !$0.isDeleting }) else {
                throw Refusal(.unknownTopicOrPartition, "there is no topic '\(name)'")
            }
            topics[index].isDeleting = true
            return topics[index]
        }
        let removed = partitions.remove(topic)
        metrics.partitions.set(partitions.count)
        logger.info("a topic was deleted", metadata: Logger.Metadata([.topic: "\(name)"]))
        do {
            try removeFiles(of: topic, removed)
        } catch {
            let metadata = Logger.Metadata([.topic: "\(name)", .error: "\(error)"])
            logger.info("a deleted topic has files left", metadata: metadata)
        }
    }

    /// The entry stays in the catalogue until the files are gone: a topic of the same name must not find them.
    private func removeFiles(of topic: Topic, _ removed: [Partition]) throws {
        do {
            try removal.withLock { _ in
                for partition in removed { try partition.close(clean: false) }
                // Somebody else may have finished, and the name may be another topic's by now.
                guard catalogue.deleting.contains(where: { $0.id == topic.id }) else { return }
                for partition in removed { try partition.removeFiles() }
                try partitions.syncDirectory()
                try catalogue.update { topics in topics.removeAll { $0.id == topic.id } }
            }
        } catch {
            metrics.storageFailed("delete")
            throw error
        }
    }

    /// Replaces a topic's settings by what `change` makes of them.
    /// - Throws: ``Refusal`` of a setting, or what the disk fails.
    func alter(_ name: String, dryRun: Bool, _ change: (inout [String: String]) throws -> Void) throws {
        let topic = try catalogue.update { topics -> Topic in
            guard let index = topics.firstIndex(where: { $0.name == name && !$0.isDeleting }) else {
                throw Refusal(.unknownTopicOrPartition, "there is no topic '\(name)'")
            }
            var settings = topics[index].settings
            try change(&settings)
            try self.check(settings)
            if !dryRun { topics[index].settings = settings }
            return topics[index]
        }
        if !dryRun { try partitions.update(topic) }
    }
}
