internal import ArgumentParser
internal import Dispatch
internal import Kafka
internal import LocalStack
internal import Log

/// `busbar-bench broker rates`: the embedded log, and another broker in turns with it, by the same client and data.
struct BrokerRates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates",
        abstract: "Produce (acks=all), consume, latency, memory; next to another broker. What `broker` does alone.",
        discussion: """
            Example: busbar-bench broker --peer 127.0.0.1:9092

            Starts busbar-broker, syncing to disk before it acknowledges, in the temporary folder. --peer is any other \
            broker of Kafka's protocol that runs; without it there are no ratios. Every round has topics of its own.
            """
    )

    @OptionGroup var options: BenchOptions

    @Option(help: "Messages per run.")
    var count = 300_000

    @Option(help: "Partitions of each topic.")
    var partitions = 6

    @Option(help: "Messages of a latency run, sent at 1,000 per second.")
    var paced = 5_000

    @Option(help: "Address of a broker to compare with, host:port.")
    var peer: String?

    func run() async throws {
        try options.print(try await LocalBroker.with(measure))
    }

    private func measure(_ broker: LocalBroker) async throws -> [Figure] {
        // noida-db answers fetches longer than asked for; the limit is for both alike.
        let clients = [broker.address, peer].compactMap(\.self).map {
            ClientConfiguration(brokers: [$0], properties: ["receive.message.max.bytes": "1000000000"])
        }
        var figures: [Figure] = []
        for size in [200, 1000] {
            let runs = BrokerRuns(clients: clients, partitions: partitions, count: count, size: size)
            figures += try await runs.figures(rounds: options.runs)
        }
        for (client, name) in zip(clients, ["busbar", "peer"]) {
            figures += try await BrokerLatency(client: client, count: paced).figures(name)
        }
        let memory = try ProcessSample(of: broker.pid).residentMegabytes
        return figures + [Figure("broker", "busbar_resident", unit: "MB", [memory])]
    }
}

/// Produce and consume of one size, all brokers in turns.
private struct BrokerRuns {
    let clients: [ClientConfiguration]
    let partitions: Int
    let count: Int
    let size: Int

    func figures(rounds: Int) async throws -> [Figure] {
        let names = ["busbar", "peer"]
        let contestants = zip(clients, names).flatMap { client, name in
            [
                Runner.Contestant(name: "\(name)_produce") { try await produce(client, round: $0) },
                Runner.Contestant(name: "\(name)_consume") { try await consume(client, round: $0) },
            ]
        }
        let samples = try await Runner(bench: "broker", rounds: rounds).run(contestants)
        var figures = zip(contestants, samples).map { contestant, samples in
            Figure("broker", "\(contestant.name)_\(size)", unit: "messages/s", samples.map(\.rate))
        }
        guard clients.count > 1 else { return figures }
        for (index, what) in ["produce", "consume"].enumerated() {
            let ratios = zip(samples[index], samples[index + 2]).map { $0.rate / $1.rate }
            figures.append(Figure("broker", "\(what)_\(size)_ratio_to_peer", unit: "ratio", ratios))
        }
        return figures
    }

    private func produce(_ client: ClientConfiguration, round: Int) async throws -> Sample {
        let topic = try await topic("produce", client, round)
        let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: BenchTopic.silent)
        let sample = try await topic.expecting(count) {
            let stopwatch = Stopwatch()
            try await topic.produce(count, size: size, batch: 1000, with: producer)
            return stopwatch.sample(count)
        }
        await producer.close(within: .seconds(30))
        try await remove(topic)
        return sample
    }

    private func consume(_ client: ClientConfiguration, round: Int) async throws -> Sample {
        let topic = try await topic("consume", client, round)
        try await topic.produce(count, size: size)
        let sample = try await topic.consume(count, group: topic.name.rawValue) { $0.count }.sample
        try await remove(topic)
        return sample
    }

    private func topic(_ what: String, _ client: ClientConfiguration, _ round: Int) async throws -> BenchTopic {
        let name = TopicName("bench-\(what)-\(size)-\(round)")
        let log = KafkaLog(client, logger: BenchTopic.silent)
        try await log.createTopics([TopicSpecification(name, partitions: partitions)])
        return BenchTopic(name: name, partitions: partitions, client: client)
    }

    /// What is measured next does not carry what was measured before.
    private func remove(_ topic: BenchTopic) async throws {
        let admin = try await Admin.open(client: topic.client, logger: BenchTopic.silent)
        let failures = try await admin.deleteTopics([topic.name]).failures()
        await admin.close()
        if let failure = failures.first { throw BenchError("\(failure.key) cannot be deleted: \(failure.value)") }
    }
}

/// From handing a record to the producer until a consumer has it, at 1,000 records per second.
private struct BrokerLatency {
    let client: ClientConfiguration
    let count: Int

    func figures(_ name: String) async throws -> [Figure] {
        let topic = BenchTopic(name: "bench-latency", partitions: 1, client: client)
        try await KafkaLog(client, logger: BenchTopic.silent).createTopics([
            TopicSpecification(topic.name, partitions: 1)
        ])
        var client = client
        client.properties["linger.ms"] = "0"
        let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: BenchTopic.silent)
        let consumer = try await Consumer.open(
            ConsumerConfiguration(group: topic.name.rawValue, topics: [topic.name]),
            client: client,
            logger: BenchTopic.silent
        )
        // Once the first record is there, the group has joined and everything is connected.
        try await send(1, producer, to: topic)
        _ = try await latencies(1, consumer)
        async let sending: Void = send(count, producer, to: topic)
        var latencies = try await latencies(count, consumer)
        try await sending
        await producer.close(within: .seconds(5))
        await consumer.close()
        latencies.sort()
        let (median, tail) = (latencies[latencies.count / 2], latencies[latencies.count * 99 / 100])
        return [
            Figure("broker", "\(name)_latency_p50", unit: "ms", [median]),
            Figure("broker", "\(name)_latency_p99", unit: "ms", [tail]),
        ]
    }

    private func latencies(_ count: Int, _ consumer: Consumer) async throws -> [Double] {
        var latencies: [Double] = []
        while latencies.count < count {
            switch try await consumer.next(wait: .seconds(1)) {
            case .batch(let batch):
                let now = Self.clock()
                for index in 0..<batch.count {
                    guard let value = batch[index].value else { throw BenchError("a record without a value") }
                    latencies.append(Double(now - value.loadUnaligned(as: UInt64.self)) / 1e6)
                }
            case .rebalance(let rebalance):
                try await consumer.complete(rebalance, from: [:])
            case .idle:
                continue
            case .closed:
                throw BenchError("the consumer was closed")
            }
        }
        return latencies
    }

    private func send(_ count: Int, _ producer: Producer, to topic: BenchTopic) async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                try await Task.sleep(until: start.advanced(by: .milliseconds(number)), tolerance: .zero)
                group.addTask {
                    var batch = ProduceBatch()
                    withUnsafeBytes(of: Self.clock()) {
                        batch.append(topic: topic.name, partition: PartitionID(rawValue: 0), key: nil, value: $0)
                    }
                    _ = try await producer.send(batch)
                }
            }
            try await group.waitForAll()
        }
    }

    /// Nanoseconds of a clock that sender and receiver share.
    private static func clock() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
}
