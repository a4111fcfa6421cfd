internal import ArgumentParser
internal import CBenchReference
internal import Kafka
internal import LocalStack
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

    @Option(help: "Partitions of each topic.")
    var partitions = 6

    @Option(help: "Messages of one transaction.")
    var perTransaction = 10_000

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let segment = ByteSize(bytes: 1 << 30)
        let input = try await BenchTopic.created("in", partitions, segment, broker)
        let output = try await BenchTopic.created("out", partitions, segment, broker)
        try await input.produce(count, size: size)
        let (count, each, bootstrap) = (Int64(count), Int64(perTransaction), broker.address)
        return try await Runner(bench: "copy", rounds: options.runs).compare(
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
        async let acknowledged = acknowledgements(by: producer)
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
        guard await acknowledged == count else { throw BenchError("not every record was acknowledged") }
        return sample
    }

    /// Counts until the producer is closed.
    private func acknowledgements(by producer: Producer) async -> Int {
        var acknowledged = 0
        for await reports in producer.reports {
            for report in reports where report.isAcknowledged { acknowledged += 1 }
        }
        return acknowledged
    }

    /// Reads until a transaction is full, handing each batch over as it comes; returns the messages in it. The commit waits
    /// for the acknowledgements, and fails where one record has failed.
    private func transaction(
        _ consumer: Consumer,
        _ producer: Producer,
        _ topic: TopicName,
        most: Int,
        atFirst: () -> Void
    ) async throws -> Int {
        var offsets: [TopicPartition: CommittedOffset] = [:]
        var read = 0
        while read < min(perTransaction, most) {
            switch try await consumer.next(wait: .seconds(1)) {
            case .batch(let batch):
                if read == 0 {
                    atFirst()
                    try await producer.beginTransaction()
                }
                read += batch.count
                try await handOver(batch, to: topic, producer)
                offsets.merge(batch.nextOffsets) { $1 }
            case .rebalance(let rebalance):
                try await consumer.complete(rebalance, from: [:])
            case .idle, .closed:
                continue
            }
        }
        try await producer.sendOffsets(offsets, of: consumer.groupMetadata())
        try await producer.commitTransaction()
        return read
    }

    private func handOver(_ batch: MessageBatch, to topic: TopicName, _ producer: Producer) async throws {
        var index = 0
        try await producer.produce { writer in
            while index < batch.count {
                let message = batch[index]
                guard
                    writer.append(
                        topic: topic,
                        partition: message.topicPartition.partition,
                        key: message.key,
                        value: message.value,
                        token: UInt64(index)
                    )
                else { return }
                index += 1
            }
        }
    }
}
