import Kafka
import KafkaTesting
import Log
import Logging
import Testing
import TopicCopy

@Suite(.timeLimit(.minutes(2))) struct TopicCopyTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func everyRecordIsCopiedOnceAlthoughTransactionsFail() async throws {
        let cluster = try MockCluster()
        for topic in ["in", "out"] { try cluster.createTopic(topic, partitions: 1) }
        let client = cluster.configuration(["retry.backoff.ms": "20"])
        let numbers = (0..<1_000).map { Array(String($0).utf8) }
        try await produce(numbers, client)
        // The first transaction may not write: it is aborted and repeated.
        cluster.fail(.addPartitionsToTransaction, with: [.topicAuthorizationFailed])
        cluster.fail(.endTransaction, with: [.coordinatorNotAvailable])
        try await TopicCopy(from: "in", to: "out", client: client, logger: logger).run { copied in copied < 1_000 }
        #expect(try await values(client) == numbers)
        cluster.stop()
    }

    private func produce(_ values: [[UInt8]], _ client: ClientConfiguration) async throws {
        let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: logger)
        var batch = ProduceBatch()
        for value in values { batch.append(topic: "in", key: nil, value: value) }
        for case .failed(let error) in try await producer.send(batch) { throw error }
        await producer.close(within: .seconds(5))
    }

    private func values(_ client: ClientConfiguration) async throws -> [[UInt8]] {
        let reader = try await Reader.open(client: client, logger: logger)
        let partition = TopicPartition("out", 0)
        var values: [[UInt8]] = []
        try await reader.read(partition, in: try await reader.bounds(of: partition)) { message in
            values.append(message.value.map { Array($0) } ?? [])
        }
        await reader.close()
        return values
    }
}
