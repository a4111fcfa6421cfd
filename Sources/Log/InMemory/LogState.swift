/// Everything an ``InMemoryLog`` knows, as a value: topics, groups, transactions, clients, faults.
///
/// Functions change the value and never wait, log or read a clock: ``now`` is set by the driver before each change. A
/// change that may let somebody go on sets ``hasNews``; the driver then wakes every sleeper, and each looks again.
struct LogState: Sendable {
    struct Topic: Sendable {
        var partitions: [PartitionLog]
        let settings: [String: String]
        /// Counts records without key and partition; they go round the partitions.
        var keyless = 0
    }

    /// A group reader's or explicit reader's place in one partition.
    struct Position: Sendable {
        var offset: Int64
        var isPaused = false
        /// The end that a reader was last told of.
        var reportedEnd: Int64?
    }

    let options: InMemoryLog.Options
    var now: Timestamp
    var hasNews = false
    var topics: [TopicName: Topic] = [:]
    var groups: [String: GroupState] = [:]
    /// By consumer: the group that it belongs to.
    var groupOfConsumer: [Int64: String] = [:]
    var producers: [Int64: ProducerState] = [:]
    var coordinators: [String: TransactionCoordinator] = [:]
    var readers: [Int64: ReaderState] = [:]
    var faults = FaultPlan()
    /// Topics whose acknowledgements are held back.
    var heldTopics: Set<TopicName> = []
    var holdsEverything = false
    var queueIsForcedFull = false
    private var lastNumber: Int64 = 0

    init(options: InMemoryLog.Options, now: Timestamp) {
        self.options = options
        self.now = now
    }

    /// Starts a change: the time moves, and what is over time ends.
    mutating func begin(at now: Timestamp) {
        self.now = now
        expireTransactions()
    }

    /// Numbers clients and transactions; never the same twice.
    mutating func nextNumber() -> Int64 {
        lastNumber += 1
        return lastNumber
    }

    mutating func createTopic(_ specification: TopicSpecification) throws(LogError) {
        guard specification.name.isValid else {
            throw .invalid(
                "TOPIC_EXCEPTION",
                "\"\(specification.name)\" is not a topic name: use 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'."
            )
        }
        guard specification.partitions > 0, specification.partitions <= 100_000 else {
            throw .invalid(
                "INVALID_PARTITIONS",
                "Topic \(specification.name) cannot have \(specification.partitions) partitions: use 1 to 100000."
            )
        }
        guard topics[specification.name] == nil else { return }
        topics[specification.name] = Topic(
            partitions: Array(repeating: PartitionLog(), count: specification.partitions),
            settings: specification.settings
        )
        for name in groups.keys.sorted() where groups[name]?.subscribes(to: specification.name) == true {
            balance(group: name)
        }
        hasNews = true
    }

    /// Creates the topic where the log is set to do so; says whether it exists then.
    mutating func topicExists(_ name: TopicName) -> Bool {
        if topics[name] != nil { return true }
        guard let partitions = options.autoCreatePartitions else { return false }
        do throws(LogError) {
            try createTopic(TopicSpecification(name, partitions: partitions))
            return true
        } catch {
            return false  // An invalid name: the broker, too, calls such a topic unknown.
        }
    }

    func partitions(of topic: TopicName) -> [TopicPartition] {
        guard let count = topics[topic]?.partitions.count else { return [] }
        return (0..<count).map { TopicPartition(topic, PartitionID(rawValue: Int32($0))) }
    }

    func log(of partition: TopicPartition) -> PartitionLog? {
        guard let logs = topics[partition.topic]?.partitions,
            logs.indices.contains(Int(partition.partition.rawValue))
        else { return nil }
        return logs[Int(partition.partition.rawValue)]
    }

    /// Reads on at `positions` in the given order until the batch is full; moves the positions.
    mutating func fetch(
        _ order: some Sequence<TopicPartition>,
        from positions: inout [TopicPartition: Position],
        maxRecords: Int,
        maxBytes: Int
    ) -> MessageBatch? {
        var builder = MessageBatchBuilder()
        var bytes = 0
        for partition in order where builder.count < maxRecords && bytes < maxBytes {
            guard let position = positions[partition], !position.isPaused,
                let log = log(of: partition), position.offset < log.lastStable
            else { continue }
            builder.open(partition)
            positions[partition]?.offset = log.visit(from: position.offset) { offset, record, memory in
                guard builder.count < maxRecords, bytes < maxBytes else { return false }
                builder.append(record, at: offset, in: memory)
                bytes += record.size
                return true
            }
        }
        return builder.count == 0 ? nil : builder.build()
    }
}
