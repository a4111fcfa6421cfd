internal import ArgumentParser
internal import CAllocationCount
internal import Kafka
internal import LocalStack
internal import Log

/// `busbar-bench allocations`: heap allocations per message while a group member reads.
struct Allocations: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Heap allocations per consumed message, by thread.",
        discussion: """
            Example: busbar-bench allocations --count 1000000

            This program stands in for malloc and counts its calls by thread. librdkafka's own threads (`rdk:…`) make one \
            object per message, and buffers per fetch; what the wrapper adds is the rest: its owner thread and the tasks \
            that read keys, values and offsets. It allocates per batch, not per message. Fails above 32 per batch.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 1_000_000

    @Option(help: "Bytes of a value.")
    var size = 200

    func run() async throws {
        let figures = try await LocalBroker.with(measure)
        try options.print(figures)
        for figure in figures where figure.unit == "per batch" && figure.median > 32 {
            throw BenchError("the wrapper allocates \(figure.median) times per batch")
        }
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let topic = try await BenchTopic.created("allocations", 6, ByteSize(bytes: 1 << 30), broker)
        try await topic.produce(count, size: size)
        var samples: [[Double]] = []
        for round in 0..<options.runs {
            samples.append(try await allocations(topic, group: "allocations-\(round)"))
        }
        return [
            Figure("allocations", "wrapper_allocations", unit: "per batch", samples.map { $0[2] }),
            Figure("allocations", "wrapper_allocations", unit: "per message", samples.map { $0[0] }),
            Figure("allocations", "librdkafka_allocations", unit: "per message", samples.map { $0[1] }),
        ]
    }

    /// Those of the wrapper and those of librdkafka's threads per message, and the wrapper's per batch; from the first batch
    /// to the last.
    private func allocations(_ topic: BenchTopic, group: String) async throws -> [Double] {
        var before: AllocationCount?
        var first = 0
        var batches = 0
        var checksum = 0
        let (sample, _) = try await topic.consume(count, group: group) { batch in
            if before == nil {
                before = AllocationCount()
                first = batch.count
            } else {
                batches += 1
            }
            batch.forEach { message in
                checksum &+= (message.value?.count ?? 0) &+ Int(message.offset.rawValue)
                checksum &+= Int(message.topicPartition.partition.rawValue) &+ (message.key?.count ?? 0)
            }
            return batch.count
        }
        let after = AllocationCount()
        guard let before, checksum != 0 else { throw BenchError("nothing was read") }
        let messages = Double(sample.count - first)
        return [
            Double(after.wrapper - before.wrapper) / messages, Double(after.librdkafka - before.librdkafka) / messages,
            Double(after.wrapper - before.wrapper) / Double(max(1, batches)),
        ]
    }
}

/// Calls of malloc and its kin since the process started.
private struct AllocationCount {
    var wrapper = 0
    var librdkafka = 0

    init() {
        var counts = [allocation_count](repeating: allocation_count(), count: 4096)
        let threads = Int(allocation_counts(&counts, Int32(counts.count)))
        for entry in counts.prefix(threads) {
            let name = withUnsafeBytes(of: entry.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix("rdk:") {
                librdkafka += Int(entry.calls)
            } else {
                wrapper += Int(entry.calls)
            }
        }
    }
}
