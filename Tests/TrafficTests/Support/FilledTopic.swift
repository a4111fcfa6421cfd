import Kafka
import Log
import Logging
import TestKit

/// The logs that samples are taken from: what is true of one must be true of the other.
enum LogKind: String, CaseIterable, Sendable {
    case memory, broker

    /// Runs `body` with a log of this kind that has a topic `t`.
    func with<R: Sendable>(partitions: Int = 1, _ body: (FilledTopic) async throws -> R) async throws -> R {
        switch self {
        case .memory: return try await run(InMemoryLog(), partitions, body)
        case .broker:
            return try await InProcessBroker.with { broker in
                var client = broker.client
                client.properties["fetch.wait.max.ms"] = "5"
                let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                return try await run(KafkaLog(client, logger: silent), partitions, body)
            }
        }
    }

    private func run<R>(
        _ log: any Log,
        _ partitions: Int,
        _ body: (FilledTopic) async throws -> R
    ) async throws -> R {
        try await log.createTopics([TopicSpecification("t", partitions: partitions)])
        return try await body(FilledTopic(log: log, topic: "t"))
    }
}

/// A topic that a test writes to.
struct FilledTopic {
    let log: any Log
    let topic: TopicName

    /// Writes records and waits for each acknowledgement; `nil` is a tombstone.
    func add(_ values: [String?], to partition: PartitionID = 0, headers: [Header] = []) async throws {
        try await add(values.map { $0.map { Array($0.utf8) } }, to: partition, headers: headers)
    }

    func add(_ values: [[UInt8]?], to partition: PartitionID = 0, headers: [Header] = []) async throws {
        let producer = try await log.producer(ProducerConfiguration())
        try await send(values, to: partition, headers: headers, by: producer)
        await producer.close(within: .seconds(5))
    }

    /// Writes records in a transaction that `end` ends.
    func add(
        _ values: [String],
        to partition: PartitionID = 0,
        transaction id: String,
        _ end: (any LogProducer) async throws -> Void
    ) async throws {
        let producer = try await log.producer(ProducerConfiguration(transactionalID: id))
        try await producer.beginTransaction()
        try await send(values.map { Array($0.utf8) }, to: partition, headers: [], by: producer)
        try await end(producer)
        await producer.close(within: .seconds(5))
    }

    private func send(
        _ values: [[UInt8]?],
        to partition: PartitionID,
        headers: [Header],
        by producer: any LogProducer
    ) async throws {
        var batch = ProduceBatch()
        for value in values {
            batch.append(topic: topic, partition: partition, key: Array("k".utf8), value: value, headers: headers)
        }
        for case .failed(let error) in try await producer.send(batch) { throw error }
    }
}
