internal import Kafka
internal import Log
internal import Synchronization

/// Everything that a soak does to the broker, until a deadline.
final class SoakLoad: Sendable {
    /// What was done, for the figures.
    private struct Counts {
        var records = 0
        var transactions = 0
        var members = 0
        var topics = 0
        var connections = 0
        var consumed = 0
    }

    private static let plain = TopicName("soak-plain")
    private static let compacted = TopicName("soak-compacted")
    private static let results = TopicName("soak-results")
    private static let codecs = ["none", "gzip", "snappy", "lz4", "zstd"]

    private let client: ClientConfiguration
    private let deadline: ContinuousClock.Instant
    private let counts = Mutex(Counts())

    init(address: String, deadline: ContinuousClock.Instant) {
        client = ClientConfiguration(brokers: [address])
        self.deadline = deadline
    }

    var figures: [Figure] {
        let counts = counts.withLock { $0 }
        let all = [
            ("records", counts.records), ("consumed", counts.consumed), ("transactions", counts.transactions),
            ("members", counts.members), ("topics", counts.topics), ("connections", counts.connections),
        ]
        return all.map { Figure("broker-soak", $0.0, unit: "count", [Double($0.1)]) }
    }

    /// Small segments, so that retention and compaction have work all the time.
    func createTopics() async throws {
        try await KafkaLog(client, logger: BenchTopic.silent).createTopics([
            TopicSpecification(
                Self.plain,
                partitions: 6,
                settings: ["segment.bytes": "\(1 << 20)", "retention.bytes": "\(8 << 20)"]
            ),
            TopicSpecification(
                Self.compacted,
                partitions: 3,
                settings: [
                    "segment.bytes": "\(256 << 10)", "cleanup.policy": "compact", "delete.retention.ms": "1000",
                ]
            ),
            TopicSpecification(
                Self.results,
                partitions: 3,
                settings: ["segment.bytes": "\(512 << 10)", "retention.bytes": "\(2 << 20)"]
            ),
        ])
    }

    /// Runs until the deadline; ends sooner only by an error.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for number in Self.codecs.indices { tasks.addTask { try await self.produce(number) } }
            for number in 0..<4 { tasks.addTask { try await self.join(number) } }
            for number in 0..<2 { tasks.addTask { try await self.transform(number) } }
            tasks.addTask { try await self.churn() }
            tasks.addTask { try await self.look() }
            try await tasks.waitForAll()
        }
    }

    private var isOver: Bool { ContinuousClock.now >= deadline }

    /// One codec; a new producer every hundred batches.
    private func produce(_ number: Int) async throws {
        var client = client
        client.properties["compression.type"] = Self.codecs[number]
        var sent = number
        while !isOver {
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: BenchTopic.silent)
            for _ in 0..<100 where !isOver {
                try await send(batch(&sent, to: Self.plain, keys: 1_000_000), with: producer)
                try await send(batch(&sent, to: Self.compacted, keys: 500), with: producer)
                try await Task.sleep(for: .milliseconds(100))
            }
            await producer.close(within: .seconds(10))
            counts.withLock { $0.connections += 1 }
        }
    }

    /// 100 records of 16 bytes to 4 kB; every seventh without a value.
    private func batch(_ number: inout Int, to topic: TopicName, keys: Int) -> ProduceBatch {
        var batch = ProduceBatch()
        for _ in 0..<100 {
            number += 1
            let key = Array("key-\((number &* 2_654_435_761) % keys)".utf8)
            let size = 16 + (number &* 7_919) % 4_000
            let value = [UInt8](
                repeating: UInt8(truncatingIfNeeded: number),
                count: number % 50 == 0 ? size : size / 10
            )
            batch.append(topic: topic, key: key, value: number % 7 == 0 ? nil : value)
        }
        return batch
    }

    private func send(_ batch: ProduceBatch, with producer: Producer) async throws {
        for result in try await producer.send(batch) {
            if case .failed(let error) = result { throw BenchError("a record was not acknowledged: \(error)") }
        }
        counts.withLock { $0.records += batch.count }
    }

    /// A member of the one group, which leaves after 5 to 20 s and comes back. Not before its first assignment: librdkafka
    /// before 2.3 cannot close such a member, and what it leaves open would be taken for the broker's.
    private func join(_ number: Int) async throws {
        var life = number
        while !isOver {
            life += 1
            let end = ContinuousClock.now.advanced(by: .seconds(5 + (life * 7) % 16))
            let consumer = try await consumer("soak-members", [Self.plain, Self.compacted])
            var isAssigned = false
            while !isOver, !isAssigned || ContinuousClock.now < end {
                guard let batch = try await next(consumer, onRebalance: { isAssigned = true }) else { continue }
                try await commit(batch, with: consumer)
            }
            await consumer.close()
            counts.withLock { $0.members += 1 }
        }
    }

    private func consumer(_ group: String, _ topics: [TopicName]) async throws -> Consumer {
        try await Consumer.open(
            ConsumerConfiguration(group: group, topics: topics, fetchBudget: 4 << 20),
            client: client,
            logger: BenchTopic.silent
        )
    }

    private func next(_ consumer: Consumer, onRebalance: () -> Void = {}) async throws -> MessageBatch? {
        switch try await consumer.next(wait: .milliseconds(500)) {
        case .batch(let batch):
            counts.withLock { $0.consumed += batch.count }
            return batch
        case .rebalance(let rebalance):
            try await consumer.complete(rebalance, from: [:])
            onRebalance()
            return nil
        case .idle, .closed: return nil
        }
    }

    /// A commit that a rebalance overtook is refused, as it must be; anything else is a failure.
    private func commit(_ batch: MessageBatch, with consumer: Consumer) async throws {
        do throws(LogError) {
            try await consumer.commit(Self.positions(batch))
        } catch {
            guard Self.overtaken.contains(error.name) else { throw error }
        }
    }

    private static let overtaken: Set<String> = ["ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS"]

    private static func positions(_ batch: MessageBatch) -> [TopicPartition: CommittedOffset] {
        var positions: [TopicPartition: CommittedOffset] = [:]
        for index in 0..<batch.count {
            positions[batch[index].topicPartition] = CommittedOffset(batch[index].offset.next)
        }
        return positions
    }

    /// Kafka to Kafka in transactions; every fifth is aborted, and read again.
    private func transform(_ number: Int) async throws {
        let settings = ProducerConfiguration(transactionalID: "soak-\(number)")
        let producer = try await Producer.open(settings, client: client, logger: BenchTopic.silent)
        let consumer = try await consumer("soak-transform-\(number)", [Self.plain])
        var transactions = 0
        while !isOver {
            guard let batch = try await next(consumer) else { continue }
            transactions += 1
            try await producer.beginTransaction()
            try await send(Self.result(of: batch), with: producer)
            if transactions % 5 == 0 {
                try await producer.abortTransaction()
            } else {
                try await producer.sendOffsets(Self.positions(batch), of: try await consumer.groupMetadata())
                try await producer.commitTransaction()
            }
            counts.withLock { $0.transactions += 1 }
            try await Task.sleep(for: .milliseconds(20))
        }
        await consumer.close()
        await producer.close(within: .seconds(10))
    }

    private static func result(of batch: MessageBatch) -> ProduceBatch {
        var result = ProduceBatch()
        for index in 0..<batch.count { result.append(topic: results, key: nil, value: batch[index].value) }
        return result
    }

    /// Topics that are made, written, and deleted.
    private func churn() async throws {
        let admin = try await Admin.open(client: client, logger: BenchTopic.silent)
        var number = 0
        while !isOver {
            number += 1
            let topic = TopicName("soak-churn-\(number)")
            if let failure = try await admin.createTopics([TopicSpecification(topic, partitions: 3)]).failures().first {
                throw BenchError("\(failure.key) cannot be created: \(failure.value)")
            }
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: BenchTopic.silent)
            var sent = number
            try await send(batch(&sent, to: topic, keys: 100), with: producer)
            await producer.close(within: .seconds(10))
            if let failure = try await admin.deleteTopics([topic]).failures().first {
                throw BenchError("\(failure.key) cannot be deleted: \(failure.value)")
            }
            counts.withLock { $0.topics += 1 }
            try await Task.sleep(for: .seconds(1))
        }
        await admin.close()
    }

    /// Connections that ask one thing.
    private func look() async throws {
        while !isOver {
            let reader = try await Reader.open(client: client, logger: BenchTopic.silent)
            _ = try await reader.bounds(of: TopicPartition(Self.plain, PartitionID(rawValue: 0)))
            await reader.close()
            counts.withLock { $0.connections += 1 }
            try await Task.sleep(for: .milliseconds(500))
        }
    }
}
