import Contracts
import Log
import Traffic

/// A topic of one partition in memory.
enum TopicInMemory {
    /// What `contract`, and `baseline` before it, say of a topic `orders` with these records, oldest first.
    static func report(
        on contract: Contract,
        after baseline: Contract? = nil,
        of values: [String?],
        encoding: RecordEncoding = .json
    ) async throws -> TrafficReport {
        let log = InMemoryLog()
        try await log.createTopics([TopicSpecification("orders", partitions: 1)])
        let producer = try await log.producer(ProducerConfiguration())
        var batch = ProduceBatch()
        for value in values {
            batch.append(
                topic: "orders",
                partition: 0,
                key: Array("k".utf8),
                value: value.map { Array($0.utf8) },
                headers: []
            )
        }
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .seconds(5))
        return try await TrafficCheck(contract, after: baseline, encoding: encoding)
            .run(over: TopicSample(topic: "orders", last: 100_000), of: log, partitions: [0])
    }
}
