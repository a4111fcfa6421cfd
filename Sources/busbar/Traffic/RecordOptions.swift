internal import ArgumentParser
internal import Log
internal import Traffic

/// Which records of a topic are looked at, and how to read them.
struct RecordOptions: ParsableArguments {
    @OptionGroup var broker: BrokerOptions

    @Option(help: ArgumentHelp("How many of the topic's last records to read.", valueName: "count"))
    var last = 100_000

    @Option(
        help: """
            How records carry their JSON; confluent-json: after byte 0 and the schema's id, as Confluent's serializers \
            write it.
            """
    )
    var encoding = RecordEncoding.json

    func validate() throws {
        if last < 1 { throw ValidationError("--last is \(last); it must be 1 or more") }
    }

    /// Hands each record of the sample to `body`.
    /// - Throws: ``CommandFailure`` when no broker answers in time, or there is no such topic.
    func read(_ topic: String, _ body: (MessageView) throws -> Void) async throws -> [TopicSample.Part] {
        try await reaching(topic) { sample, log, partitions in
            try await sample.read(from: log, partitions: partitions, body)
        }
    }

    /// Holds the sample against a contract.
    /// - Throws: as ``read(_:_:)``.
    func check(_ check: TrafficCheck, _ topic: String) async throws -> TrafficReport {
        try await reaching(topic) { sample, log, partitions in
            try await check.run(over: sample, of: log, partitions: partitions)
        }
    }

    private func reaching<R>(
        _ topic: String,
        _ body: (TopicSample, any Log, [PartitionID]) async throws -> R
    ) async throws -> R {
        // Each range is read to its end, one after the other: a fetch that waits there for more is time lost.
        let (log, address) = try BrokerOptions.log(
            brokers: broker.brokers,
            config: broker.settings.config,
            defaults: ["fetch.wait.max.ms": "5"]
        )
        let partitions = try await Reach(log: log, address: address).partitions(of: TopicName(topic))
        return try await body(TopicSample(topic: TopicName(topic), last: last), log, partitions)
    }
}

extension RecordEncoding: ExpressibleByArgument {}
