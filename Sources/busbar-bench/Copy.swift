internal import ArgumentParser
internal import CBenchReference
internal import Kafka
internal import Log

/// `busbar-bench copy`: exactly-once from topic to topic, records and offsets in one transaction.
struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copying exactly-once between topics: Swift against a C loop.",
        discussion: "Example: busbar-bench copy --count 400000 --json"
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 400_000

    @Option(help: "Bytes of a value.")
    var size = 200

    @Option(help: "Messages of one transaction.")
    var perTransaction = 10_000

    func run() async throws {
        let broker = try BenchBroker(topics: ["in", "out"], partitions: 64)
        let input = BenchTopic(name: "in", partitions: 64, client: broker.client)
        let output = BenchTopic(name: "out", partitions: 64, client: broker.client)
        try await input.produce(count, size: size)
        let (count, each, bootstrap) = (Int64(count), Int64(perTransaction), broker.bootstrap)
        let figures = try await Runner(bench: "copy", rounds: options.runs).compare(
            swift: { round in
                try await output.expecting(Int(count)) { try await copy(input, output, name: "swift-\(round)") }
            },
            c: { round in
                try await output.expecting(Int(count)) {
                    try await reference(Int(count)) {
                        bench_copy(bootstrap, "in", "out", "c-\(round)", "c-\(round)", count, each)
                    }
                }
            }
        )
        try await broker.stop()
        try options.print(figures)
    }

    private func copy(_ input: BenchTopic, _ output: BenchTopic, name: String) async throws -> Sample {
        let producer = try await Producer.open(
            ProducerConfiguration(transactionalID: name),
            client: output.client,
            logger: BenchTopic.silent
        )
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: name, topics: [input.name]),
            client: input.client,
            logger: BenchTopic.silent
        )
        var copied = 0
        var stopwatch: Stopwatch?
        while copied < count {
            copied += try await transaction(consumer, producer, output.name, most: count - copied) {
                if stopwatch == nil { stopwatch = Stopwatch() }
            }
        }
        guard let sample = stopwatch?.sample(copied), copied == count else {
            throw BenchError("copied \(copied) messages instead of \(count)")
        }
        await consumer.close()
        await producer.close(within: .seconds(30))
        return sample
    }

    /// Reads until a transaction is full, sending each batch while the next is read; returns the messages in it.
    private func transaction(
        _ consumer: Consumer,
        _ producer: Producer,
        _ topic: TopicName,
        most: Int,
        atFirst: () -> Void
    ) async throws -> Int {
        var offsets: [TopicPartition: CommittedOffset] = [:]
        let read = try await withThrowingTaskGroup(of: Void.self) { group in
            var read = 0
            while read < min(perTransaction, most) {
                switch try await consumer.next(wait: .seconds(1)) {
                case .batch(let batch):
                    if read == 0 {
                        atFirst()
                        try await producer.beginTransaction()
                    }
                    read += batch.count
                    let records = records(of: batch, to: topic, &offsets)
                    group.addTask { _ = try await producer.send(records) }
                case .rebalance(let rebalance):
                    try await consumer.complete(rebalance, from: [:])
                case .idle, .closed:
                    continue
                }
            }
            try await group.waitForAll()
            return read
        }
        try await producer.sendOffsets(offsets, of: consumer.groupMetadata())
        try await producer.commitTransaction()
        return read
    }

    private func records(
        of batch: MessageBatch,
        to topic: TopicName,
        _ offsets: inout [TopicPartition: CommittedOffset]
    ) -> ProduceBatch {
        var records = ProduceBatch()
        for index in 0..<batch.count {
            let message = batch[index]
            let partition = message.topicPartition
            records.append(topic: topic, partition: partition.partition, key: message.key, value: message.value)
            offsets[partition] = CommittedOffset(message.offset.next)
        }
        return records
    }
}
