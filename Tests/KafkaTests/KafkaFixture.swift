import Kafka
import LocalStack
import Log
import Logging
import TestKit
import Testing

/// What the tests of this target share: clients of a broker, records, and reading until a count is reached.
struct KafkaFixture {
    let client: ClientConfiguration

    static let silent = Logger(label: "busbar.test") { _ in SwiftLogNoOpLogHandler() }

    func consumer(
        _ topic: TopicName,
        group: String = "g",
        maxBatch: Int = 1000,
        with properties: [String: String] = [:]
    ) async throws -> Consumer {
        var client = client
        client.properties.merge(properties) { $1 }
        return try await Consumer.open(
            ConsumerConfiguration(
                group: group,
                topics: [topic],
                maxBatch: maxBatch,
                sessionTimeout: .seconds(6)
            ),
            client: client,
            logger: Self.silent
        )
    }

    func producer(
        _ configuration: ProducerConfiguration = ProducerConfiguration(),
        with properties: [String: String] = [:]
    ) async throws -> Producer {
        var client = client
        client.properties.merge(properties) { $1 }
        return try await Producer.open(configuration, client: client, logger: Self.silent)
    }

    func reader() async throws -> Reader {
        try await Reader.open(client: client, logger: Self.silent)
    }

    /// Produces `count` records with values `0`, `1`, … round robin over `partitions`, and expects all to be
    /// acknowledged.
    func fill(_ topic: TopicName, count: Int, partitions: Int32 = 1, from first: Int = 0) async throws {
        let producer = try await producer()
        var batch = ProduceBatch()
        for number in first..<(first + count) {
            batch.append(
                topic: topic,
                partition: PartitionID(rawValue: Int32(number) % partitions),
                key: nil,
                value: Array(String(number).utf8)
            )
        }
        let results = try await producer.send(batch)
        #expect(results.count { $0.isAcknowledged } == count)
        await producer.close(within: .seconds(5))
    }
}

extension ProduceResult {
    var isAcknowledged: Bool {
        if case .acknowledged = self { true } else { false }
    }

    var error: LogError? {
        if case .failed(let error) = self { error } else { nil }
    }
}

extension MessageView {
    var text: String? { value.map { String(decoding: $0, as: UTF8.self) } }
    var number: Int? { text.flatMap { Int($0) } }
}

extension LogConsumer {
    /// Reads, answering every rebalance at once, until `body` returns `true`. Bounded by the test's time limit.
    func read(until body: (ConsumerEvent) async throws -> Bool) async throws {
        while true {
            let event = try await next(wait: .milliseconds(500))
            if case .rebalance(let rebalance) = event { try await complete(rebalance, from: [:]) }
            if try await body(event) { return }
        }
    }

    /// The next `count` messages' values.
    func values(_ count: Int) async throws -> [Int] {
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
    func assignment() async throws -> [TopicPartition] {
        var assigned: [TopicPartition] = []
        try await read { event in
            if case .rebalance(let rebalance) = event, rebalance.change == .assign { assigned = rebalance.partitions }
            return !assigned.isEmpty
        }
        return assigned
    }
}

/// Runs `body` with a broker of its own.
func withBroker(_ body: (KafkaFixture) async throws -> Void) async throws {
    try await InProcessBroker.with { try await body(KafkaFixture(client: $0.client)) }
}

/// Runs `body` with a broker that is a process and can be killed.
func withBrokerProcess(_ body: (KafkaFixture, LocalBroker) async throws -> Void) async throws {
    try await LocalBroker.with { try await body(KafkaFixture(client: $0.client), $0) }
}
