internal import CLibrdkafka
package import Kafka
package import Log
package import Logging

/// What tests of Kafka clients share: clients of a broker, records, and reading until a count is reached.
package struct KafkaFixture {
    package let client: ClientConfiguration

    package init(client: ClientConfiguration) {
        self.client = client
    }

    package static let silent = Logger(label: "busbar.test") { _ in SwiftLogNoOpLogHandler() }

    package func consumer(
        _ topic: TopicName,
        group: String = "g",
        maxBatch: Int = 1000,
        fetchBudget: Int = 32 << 20,
        options: ConsumerOptions = ConsumerOptions(),
        with properties: [String: String] = [:]
    ) async throws -> Consumer {
        var client = client
        client.properties.merge(properties) { $1 }
        return try await Consumer.open(
            ConsumerConfiguration(
                group: group,
                topics: [topic],
                maxBatch: maxBatch,
                fetchBudget: fetchBudget,
                sessionTimeout: .seconds(6)
            ),
            options: options,
            client: client,
            logger: Self.silent
        )
    }

    package func producer(
        _ configuration: ProducerConfiguration = ProducerConfiguration(),
        with properties: [String: String] = [:]
    ) async throws -> Producer {
        var client = client
        client.properties.merge(properties) { $1 }
        return try await Producer.open(configuration, client: client, logger: Self.silent)
    }

    /// Ends a client of librdkafka, by its `rd_kafka_t`, as a fatal error of its own would (`rd_kafka_test_fatal_error`).
    package static func end(_ client: OpaquePointer, with failure: MockCluster.Failure) {
        rd_kafka_test_fatal_error(client, rd_kafka_resp_err_t(rawValue: failure.rawValue), "by the test")
    }

    package func reader() async throws -> Reader {
        try await Reader.open(client: client, logger: Self.silent)
    }

    /// Produces numbers as ``Kafka/Producer/fill(_:count:partitions:from:)`` does, by a producer of its own.
    package func fill(_ topic: TopicName, count: Int, partitions: Int32 = 1, from first: Int = 0) async throws {
        let producer = try await producer()
        try await producer.fill(topic, count: count, partitions: partitions, from: first)
        await producer.close(within: .seconds(5))
    }

    /// Every committed record of partition 0 of `topic`, as numbers.
    package func values(of topic: TopicName) async throws -> [Int] {
        let reader = try await reader()
        let partition = TopicPartition(topic, 0)
        var values: [Int] = []
        try await reader.read(partition, in: try await reader.bounds(of: partition)) { values.append($0.number ?? -1) }
        await reader.close()
        return values
    }
}

extension ProducerConfiguration {
    /// Of a producer of transactions that take 20 s at most.
    package static let transactional = ProducerConfiguration(
        transactionalID: "busbar.test",
        transactionTimeout: .seconds(20)
    )
}

extension ProduceResult {
    package var isAcknowledged: Bool {
        if case .acknowledged = self { true } else { false }
    }

    package var error: LogError? {
        if case .failed(let error) = self { error } else { nil }
    }
}

extension MessageView {
    package var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
    package var number: Int? { text.flatMap { Int($0) } }
}

extension LogConsumer {
    /// Reads, answering every rebalance at once, until `body` returns `true`. Bounded by the test's time limit.
    package func read(until body: (ConsumerEvent) async throws -> Bool) async throws {
        while true {
            let event = try await next(wait: .milliseconds(500))
            if case .rebalance(let rebalance) = event { try await complete(rebalance, from: [:]) }
            if try await body(event) { return }
        }
    }

    /// The next `count` messages' values.
    package func values(_ count: Int) async throws -> [Int] {
        var values: [Int] = []
        try await read { event in
            if case .batch(let batch) = event {
                for index in 0..<batch.count { values.append(batch[index].number ?? -1) }
            }
            return values.count >= count
        }
        return values
    }

    /// Reads until the group has assigned something, and returns it.
    package func assignment() async throws -> [TopicPartition] {
        var assigned: [TopicPartition] = []
        try await read { event in
            if case .rebalance(let rebalance) = event, rebalance.change == .assign { assigned = rebalance.partitions }
            return !assigned.isEmpty
        }
        return assigned
    }
}

extension Producer {
    /// Produces `count` records with values `first`, `first + 1`, … round robin over `partitions`, and throws unless all
    /// are acknowledged.
    package func fill(_ topic: TopicName, count: Int, partitions: Int32 = 1, from first: Int = 0) async throws {
        let batch = ProduceBatch.numbers(first..<(first + count), topic: topic, partitions: partitions)
        for case .failed(let error) in try await send(batch) { throw error }
    }
}

extension ProduceBatch {
    /// One record per number, its decimal text as value, round robin over `partitions`.
    package static func numbers(_ range: Range<Int>, topic: TopicName = "t", partitions: Int32 = 1) -> ProduceBatch {
        var batch = ProduceBatch()
        for number in range {
            let partition = PartitionID(rawValue: Int32(number) % partitions)
            batch.append(topic: topic, partition: partition, key: nil, value: Array(String(number).utf8))
        }
        return batch
    }
}
