internal import ArgumentParser
internal import Kafka
internal import LocalStack
internal import Log

/// `busbar-bench broker memory`: what the broker holds while readers go through a backlog at different speeds.
struct BrokerBacklog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Memory of the broker while a backlog is written and read by fast and slow consumers.",
        discussion: """
            Example: busbar-bench broker memory --data 5GB --limit 200

            Writes the backlog, then reads it from the start: one consumer as fast as it can, one that asks for large \
            answers, one read-committed, and --slow consumers that stop for a second after each batch. Memory is the \
            process's own (RssAnon), sampled 20 times a second; the page cache is the kernel's. With --limit it fails \
            above that many MiB.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Size of the backlog.")
    var data = ByteSize(bytes: 5_000_000_000)

    @Option(help: "Partitions of the topic.")
    var partitions = 6

    @Option(help: "Consumers that pause after each batch.")
    var slow = 8

    @Option(help: "MiB of memory above which this fails.")
    var limit: Double?

    func run() async throws {
        let figures = try await LocalBroker.with(measure)
        try options.print(figures)
        try check(figures)
    }

    private func check(_ figures: [Figure]) throws {
        guard let limit else { return }
        for figure in figures where figure.unit == "MB" && figure.median > limit {
            throw BenchError("\(figure.name) is \(figure.median) MB, above \(limit)")
        }
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        let topic = try await BenchTopic.created("bench-backlog", partitions, ByteSize(bytes: 1 << 30), broker)
        let idle = try ProcessSample(of: broker.pid)
        let count = max(1, data.bytes / 1_000)
        let writing = try await MemoryWatch(pid: broker.pid).during {
            try await topic.produce(count, size: 1_000, batch: 500)
        }
        let reading = try await MemoryWatch(pid: broker.pid).during { try await read(topic, count) }
        let after = try ProcessSample(of: broker.pid)
        return [
            Figure("broker-memory", "idle", unit: "MB", [idle.anonymousMegabytes]),
            Figure("broker-memory", "writing_peak", unit: "MB", [writing]),
            Figure("broker-memory", "reading_peak", unit: "MB", [reading]),
            Figure("broker-memory", "afterwards", unit: "MB", [after.anonymousMegabytes]),
            Figure("broker-memory", "resident_peak", unit: "MB", [after.peakMegabytes]),
        ]
    }

    /// Ends when the fast readers have everything.
    private func read(_ topic: BenchTopic, _ count: Int) async throws {
        var large = topic
        large.client.properties["fetch.max.bytes"] = "\(100 << 20)"
        large.client.properties["fetch.message.max.bytes"] = "\(50 << 20)"
        large.client.properties["receive.message.max.bytes"] = "\(200 << 20)"
        let readers = [topic, large, topic]
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for (number, reader) in readers.enumerated() {
                tasks.addTask {
                    _ = try await reader.consume(count, group: "fast-\(number)") { $0.count }
                    return true
                }
            }
            for number in 0..<slow {
                tasks.addTask {
                    try await topic.dawdle(group: "slow-\(number)")
                    return false
                }
            }
            var left = readers.count
            for try await isFast in tasks where isFast {
                left -= 1
                if left == 0 { tasks.cancelAll() }
            }
        }
    }
}

/// Samples a process's memory beside a piece of work.
struct MemoryWatch {
    let pid: Int32

    /// Runs `body`; returns the most MiB seen meanwhile.
    func during(_ body: @escaping @Sendable () async throws -> Void) async throws -> Double {
        try await withThrowingTaskGroup(of: Double.self) { tasks in
            tasks.addTask {
                try await body()
                return 0
            }
            tasks.addTask { [pid] in
                var peak = 0.0
                while !Task.isCancelled {
                    peak = max(peak, try ProcessSample(of: pid).anonymousMegabytes)
                    // Cancelled when the work is done: the peak until then counts.
                    do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
                }
                return peak
            }
            guard try await tasks.next() != nil else { return 0 }
            tasks.cancelAll()
            return try await tasks.reduce(0, max)
        }
    }
}

extension BenchTopic {
    /// Reads a batch per second until cancelled.
    fileprivate func dawdle(group: String) async throws {
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: group, topics: [name], fetchBudget: 1 << 20),
            client: client,
            logger: Self.silent
        )
        while !Task.isCancelled {
            switch try await consumer.next(wait: .seconds(1)) {
            case .rebalance(let rebalance): try await consumer.complete(rebalance, from: [:])
            case .batch, .idle, .closed:
                do { try await Task.sleep(for: .seconds(1)) } catch { break }
            }
        }
        await consumer.close()
    }
}
