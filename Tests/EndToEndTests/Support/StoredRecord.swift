import Foundation
import Kafka
import Log

/// A record as it lies in a topic.
struct StoredRecord: Sendable {
    let partition: Int32
    let offset: Int64
    let key: [UInt8]?
    let value: [UInt8]?
    let headers: [Header]

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.text }

    /// A dead letter's original place.
    var origin: String? {
        guard let topic = header("busbar-orig-topic"), let partition = header("busbar-orig-partition"),
            let offset = header("busbar-orig-offset")
        else { return nil }
        return "\(topic)/\(partition)/\(offset)"
    }
}

extension Bench {
    /// Creates topics.
    func createTopics(_ names: [String], partitions: Int) async throws {
        try await log.createTopics(names.map { TopicSpecification(TopicName($0), partitions: partitions) })
    }

    /// All committed records of a topic, partition by partition.
    func records(of topic: String) async throws -> [StoredRecord] {
        let reader = try await log.reader()
        var records: [StoredRecord] = []
        do {
            for partition in try await log.partitions(of: TopicName(topic)) {
                let place = TopicPartition(TopicName(topic), partition)
                try await reader.read(place, in: try await reader.bounds(of: place)) { message in
                    records.append(StoredRecord(message))
                }
            }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
        return records
    }
}

extension StoredRecord {
    init(_ message: MessageView) {
        partition = message.topicPartition.partition.rawValue
        offset = message.offset.rawValue
        key = message.key.map { Array($0) }
        value = message.value.map { Array($0) }
        headers = message.headers()
    }
}
