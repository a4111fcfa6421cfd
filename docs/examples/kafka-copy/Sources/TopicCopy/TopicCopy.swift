public import Kafka
public import Log
public import Logging

/// Copies every record of one topic to another exactly once, with keys, headers and timestamps.
public struct TopicCopy: Sendable {
    let from: TopicName
    let to: TopicName
    let client: ClientConfiguration
    let logger: Logger

    public init(from: TopicName, to: TopicName, client: ClientConfiguration, logger: Logger) {
        self.from = from
        self.to = to
        self.client = client
        self.logger = logger
    }

    /// Copies until the task is cancelled or `progress`, which is told after each transaction how many records this run has
    /// copied, returns `false`.
    /// - Throws: what ended the copy. What was committed is copied; a new run goes on after it.
    public func run(progress: @Sendable (Int) -> Bool) async throws {
        let name = "copy-\(from)-to-\(to)"
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: name, topics: [from]),
            client: client,
            logger: logger
        )
        let result: Result<Void, any Error>
        do {
            result = .success(try await copy(from: consumer, transactionalID: name, progress))
        } catch {
            result = .failure(error)
        }
        await consumer.close()
        try result.get()
    }

    private func copy(from consumer: Consumer, transactionalID: String, _ progress: @Sendable (Int) -> Bool)
        async throws
    {
        let configuration = ProducerConfiguration(transactionalID: transactionalID)
        var producer = try await Producer.open(configuration, client: client, logger: logger)
        var copied = 0
        for try await batch in consumer.batches {
            do {
                try await copy(batch, consumer, producer)
                copied += batch.count
                guard progress(copied) else { break }
            } catch let error as TransactionError {
                if case .fatal = error {
                    await producer.close(within: .zero)
                    producer = try await Producer.open(configuration, client: client, logger: logger)
                }
                logger.notice("transaction repeated", metadata: ["reason": "\(error)"])
                try await rewind(consumer, batch)
            }
        }
        await producer.close(within: .seconds(10))
    }

    private func copy(_ batch: MessageBatch, _ consumer: Consumer, _ producer: Producer) async throws {
        try await producer.transaction {
            var records = ProduceBatch()
            batch.forEach { message in
                records.append(topic: to, key: message.key, value: message.value, timestamp: message.timestamp)
                message.forEachHeader { records.addHeader($0, $1) }
            }
            for case .failed(let error) in try await producer.send(records) { throw TransactionError.abortable(error) }
            try await producer.sendOffsets(batch.nextOffsets, of: consumer.groupMetadata())
        }
    }

    /// Back to what is committed, or to where the batch began.
    private func rewind(_ consumer: Consumer, _ batch: MessageBatch) async throws {
        let committed = try await consumer.committed(batch.partitions)
        var first: [TopicPartition: Offset] = [:]
        batch.forEach { message in first[message.topicPartition] = first[message.topicPartition] ?? message.offset }
        for (partition, offset) in first {
            try await consumer.seek(partition, to: committed[partition]?.offset ?? offset)
        }
    }
}
