internal import ArgumentParser
internal import Kafka
internal import LocalStack
internal import Log

/// `busbar-bench broker start`: how long a broker with much data takes until it answers.
struct BrokerStart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract:
            "From the start of the process to the first connection, with data: after a clean stop, after kill -9.",
        discussion: """
            Example: busbar-bench broker start --data 10GB --runs 5

            Fills a topic, commits offsets, then stops and kills the broker in turns; before each kill a little more is \
            written, and before the first everything. The clock's step is the 10 ms between two attempts to connect. \
            Files are read from the page cache as far as it has them.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Data in the topic, for example 10GB.")
    var data = ByteSize(bytes: 10_000_000_000)

    @Option(help: "Partitions of the topic.")
    var partitions = 6

    @Option(help: "segment.bytes of the topic.")
    var segment = ByteSize(bytes: 1 << 30)

    @Option(help: "Offset commits, in eight groups.")
    var commits = 20_000

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let topic = try await BenchTopic.created("bench-start", partitions, segment, broker)
        try await topic.fill(data)
        try await commitOffsets(of: topic)
        var clean: [Double] = []
        var killed: [Double] = [try await restart(broker) { try await broker.kill() }]
        var memory: [Double] = []
        for round in 0..<options.runs {
            clean.append(try await restart(broker) { try await broker.terminate() })
            memory.append(try ProcessSample(of: broker.pid).residentMegabytes)
            guard round > 0 else { continue }
            try await topic.produce(10_000, size: 1_000, batch: 50)
            killed.append(try await restart(broker) { try await broker.kill() })
        }
        guard try await topic.end() >= data.bytes / 10_000 else { throw BenchError("records are missing") }
        return [
            Figure("broker-start", "after_clean_stop", unit: "ms", clean),
            Figure("broker-start", "after_kill", unit: "ms", killed),
            Figure("broker-start", "resident", unit: "MB", memory),
        ]
    }

    private func restart(_ broker: LocalBroker, after end: () async throws -> Void) async throws -> Double {
        try await end()
        let began = ContinuousClock.now
        try await broker.restart()
        return began.duration(to: .now) / .milliseconds(1)
    }

    private func commitOffsets(of topic: BenchTopic) async throws {
        let groups = 8
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for group in 0..<groups {
                tasks.addTask { try await topic.commit(commits / groups, group: "bench-start-\(group)") }
            }
            try await tasks.waitForAll()
        }
    }
}

extension BenchTopic {
    /// Records of 10 kB, at most 100 MB of them in flight, so that none waits for its acknowledgement for too long.
    fileprivate func fill(_ data: ByteSize) async throws {
        let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: Self.silent)
        var left = max(1, data.bytes / 10_000)
        while left > 0 {
            try await produce(min(left, 10_000), size: 10_000, batch: 50, with: producer)
            left -= 10_000
        }
        await producer.close(within: .seconds(30))
    }

    /// Commits the offset of the first message again and again, one commit after the other.
    fileprivate func commit(_ count: Int, group: String) async throws {
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: group, topics: [name], fetchBudget: 1 << 20),
            client: client,
            logger: Self.silent
        )
        var place: TopicPartition?
        while place == nil {
            switch try await consumer.next(wait: .seconds(1)) {
            case .batch(let batch): place = batch.partitions.first
            case .rebalance(let rebalance): try await consumer.complete(rebalance, from: [:])
            case .idle, .closed: continue
            }
        }
        for number in 0..<count {
            guard let place else { break }
            try await consumer.commit([place: CommittedOffset(Offset(rawValue: Int64(number)))])
        }
        await consumer.close()
    }
}
