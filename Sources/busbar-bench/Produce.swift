internal import ArgumentParser
internal import CBenchReference
internal import Kafka
internal import Log

/// `busbar-bench produce`: records lent or in awaited batches against `rd_kafka_producev` and a report counter in C.
struct Produce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Producing until acknowledged: Swift against a C loop.",
        discussion: "Example: busbar-bench produce --count 500000 --json"
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 500_000

    @Option(help: "Bytes of a value.")
    var size = 200

    @Option(help: "Headers of a record, 8 bytes each.")
    var headers = 0

    @Option(
        help: "Records of one awaited batch; 0 lends every record to librdkafka and takes the reports as they come."
    )
    var batch = 0

    func run() async throws {
        // The mock cluster takes the least of the two cores from the client that is measured; where both wait for the broker,
        // nothing is.
        let broker = try BenchBroker(topics: ["out"], partitions: 64)
        let topic = BenchTopic(name: "out", partitions: 64, client: broker.client)
        let (count, size, headers, bootstrap) = (count, size, headers, broker.bootstrap)
        let figures = try await Runner(bench: "produce", rounds: options.runs).compare(
            swift: { _ in try await topic.expecting(count) { try await produce(topic) } },
            c: { _ in
                try await topic.expecting(count) {
                    try await reference(count) {
                        bench_produce(bootstrap, "out", 64, Int64(count), size, Int32(headers))
                    }
                }
            }
        )
        try await broker.stop()
        try options.print(figures)
    }

    private func produce(_ topic: BenchTopic) async throws -> Sample {
        let producer = try await Producer.open(
            ProducerConfiguration(),
            client: topic.client,
            logger: BenchTopic.silent
        )
        let stopwatch = Stopwatch()
        if batch > 0 {
            try await topic.produce(count, size: size, headers: headers, batch: batch, with: producer)
        } else {
            try await topic.lend(count, size: size, headers: headers, to: producer)
        }
        let sample = stopwatch.sample(count)
        await producer.close(within: .seconds(30))
        return sample
    }
}
