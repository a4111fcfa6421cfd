internal import ArgumentParser
internal import CBenchReference
internal import Kafka
internal import LocalStack
internal import Log

/// `busbar-bench consume`: batches of borrowed messages against `rd_kafka_consumer_poll` in C.
struct Consume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reading as a group member: Swift batches, by events and by sequence, against a C poll loop.",
        discussion: """
            Example: busbar-bench consume --count 1000000 --json

            Reads from the embedded log, which it starts. --drain fetches everything before the clock starts, so that only \
            the way from librdkafka's queue to the caller is timed.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 1_000_000

    @Option(help: "Bytes of a value.")
    var size = 200

    @Option(help: "Partitions of the topic.")
    var partitions = 6

    @Option(help: "Seconds in which everything is fetched before the clock starts, 1 to 9; 0 times the fetching, too.")
    var drain = 0

    func validate() throws {
        guard (0...9).contains(drain) else { throw ValidationError("--drain is a number of seconds from 0 to 9") }
    }

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let topic = try await BenchTopic.created("in", partitions, ByteSize(bytes: 1 << 30), broker)
        try await topic.produce(count, size: size)
        let (count, bootstrap, seconds) = (count, broker.address, Int32(drain))
        let samples = try await Runner(bench: "consume", rounds: options.runs).run([
            .init(name: "events") { round in try await consume(topic, .events, group: "events-\(round)") },
            .init(name: "sequence") { round in try await consume(topic, .sequence, group: "sequence-\(round)") },
            .init(name: "c") { round in
                try await reference(count) { bench_consume(bootstrap, "in", "c-\(round)", Int64(count), seconds) }
            },
        ])
        let name = drain > 0 ? "drain" : "consume"
        return Runner.comparison(name, samples[0], with: samples[2])
            + Runner.comparison("\(name)-sequence", samples[1], with: samples[2])
            + [
                Figure(
                    "\(name)-sequence",
                    "ratio_to_events",
                    unit: "ratio",
                    zip(samples[1], samples[0]).map { $0.rate / $1.rate }
                )
            ]
    }

    private func consume(_ topic: BenchTopic, _ reading: BenchTopic.Reading, group: String) async throws -> Sample {
        let prefetch = Duration.seconds(drain)
        let (sample, bytes) = try await topic.consume(count, group: group, by: reading, prefetch: prefetch) { batch in
            var bytes = 0
            batch.forEach { bytes += $0.value?.count ?? 0 }
            return bytes
        }
        guard bytes == count * size else { throw BenchError("read \(bytes) bytes instead of \(count * size)") }
        return sample
    }
}
