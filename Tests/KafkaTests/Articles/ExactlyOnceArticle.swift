import Kafka
import KafkaTesting
import Log
import Testing

/// The code of `ExactlyOnce.md`, run, on a cluster that refuses now and then.
@Suite(.timeLimit(.minutes(2))) struct ExactlyOnceArticle {
    private let logger = KafkaFixture.silent

    @Test func consumeTransformProduce() async throws {
        let cluster = try MockCluster()
        for topic in ["in", "out"] { try cluster.createTopic(topic, partitions: 1) }
        let fixture = KafkaFixture(client: cluster.configuration(["retry.backoff.ms": "20"]))
        let client = fixture.client
        try await fixture.fill("in", count: 500)
        cluster.fail(.endTransaction, with: [.coordinatorNotAvailable, .notCoordinator])
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: "double", topics: ["in"], maxBatch: 100),
            client: client,
            logger: logger
        )
        var producer = try await Producer.open(
            ProducerConfiguration(transactionalID: "double-1"),
            client: client,
            logger: logger
        )
        var copied = 0
        while copied < 500 {
            switch try await consumer.next(wait: .seconds(1)) {
            case .batch(let batch):
                do {
                    try await copy(batch, to: "out", consumer, producer)
                    copied += batch.count
                } catch let error as TransactionError {
                    switch error {
                    case .retriable, .abortable:
                        // Nothing of it is visible and the producer goes on: read the batch again.
                        break
                    case .fatal:
                        await producer.close(within: .zero)
                        producer = try await Producer.open(
                            ProducerConfiguration(transactionalID: "double-1"),
                            client: client,
                            logger: logger
                        )
                    }
                    copied = try await rewind(consumer, batch.partitions)
                }
            case .rebalance(let rebalance):
                try await consumer.complete(rebalance, from: [:])
            case .idle, .closed:
                continue
            }
        }
        await consumer.close()
        await producer.close(within: .seconds(5))
        #expect(try await fixture.values(of: "out") == (0..<500).map { $0 * 2 })
    }

    func copy(
        _ batch: MessageBatch,
        to topic: TopicName,
        _ consumer: Consumer,
        _ producer: Producer
    ) async throws {
        try await producer.transaction {
            var records = ProduceBatch()
            batch.forEach { message in
                let doubled = String((message.number ?? 0) * 2)
                records.append(topic: topic, key: nil, value: Array(doubled.utf8))
            }
            for case .failed(let error) in try await producer.send(records) { throw error }
            try await producer.sendOffsets(batch.nextOffsets, of: consumer.groupMetadata())
        }
    }

    /// Goes back to what is committed; returns how far that is, here where there is one partition.
    private func rewind(_ consumer: Consumer, _ partitions: [TopicPartition]) async throws -> Int {
        let committed = try await consumer.committed(partitions)
        var position = 0
        for partition in partitions {
            let offset = committed[partition]?.offset ?? 0
            try await consumer.seek(partition, to: offset)
            position = Int(offset.rawValue)
        }
        return position
    }
}
