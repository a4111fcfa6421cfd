internal import ArgumentParser
internal import CBenchReference
internal import Kafka
internal import Log

/// `busbar-bench consume`: batches of borrowed messages against `rd_kafka_consumer_poll` in C.
struct Consume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reading as a group member: Swift batches against a C poll loop.",
        discussion: "Example: busbar-bench consume --count 1000000 --json"
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 1_000_000

    @Option(help: "Bytes of a value.")
    var size = 200

    func run() async throws {
        let broker = try BenchBroker(topics: ["in"], partitions: 64)
        let topic = BenchTopic(name: "in", partitions: 64, client: broker.client)
        try await topic.produce(count, size: size)
        let (count, bootstrap) = (count, broker.bootstrap)
        let figures = try await Runner(bench: "consume", rounds: options.runs).compare(
            swift: { round in try await consume(topic, group: "swift-\(round)") },
            c: { round in try await reference(count) { bench_consume(bootstrap, "in", "c-\(round)", Int64(count)) } }
        )
        try await broker.stop()
        try options.print(figures)
    }

    private func consume(_ topic: BenchTopic, group: String) async throws -> Sample {
        let (sample, bytes) = try await topic.consume(count, group: group) { batch in
            var bytes = 0
            for index in 0..<batch.count { bytes += batch[index].value?.count ?? 0 }
            return bytes
        }
        guard bytes == count * size else { throw BenchError("read \(bytes) bytes instead of \(count * size)") }
        return sample
    }
}
