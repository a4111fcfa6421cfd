internal import ConnectorKit
internal import Delivery
internal import JSON
internal import Log

/// How many records came to what.
struct TestOutcomes: Sendable, Equatable {
    var delivered: Int
    var filtered: Int
    var duplicate: Int
    var rejected: Int
    var deadLettered: [DeadLetterReason: Int]
    /// Records without an outcome, and what the accounting identity is off by.
    var unaccounted: Int

    /// Reads the connector's line of the status report.
    init(_ status: JSON, rejected: Int) {
        let count = { (name: String) in Int(status[name]?.number?.int64 ?? 0) }
        delivered = count("delivered")
        filtered = count("filtered")
        duplicate = count("duplicate")
        self.rejected = rejected
        deadLettered = [:]
        for (name, value) in status["dead_lettered"]?.members ?? [] {
            guard let reason = DeadLetterReason(rawValue: name), let number = value.number?.int64 else { continue }
            deadLettered[reason] = Int(number)
        }
        unaccounted = abs(count("in_flight")) + abs(count("residue"))
    }
}

/// What a test brought about.
struct TestObservation: Sendable {
    /// A dead letter's reason and what its header says.
    struct Letter: Sendable, Hashable {
        var reason: String
        var detail: String
    }

    var outcomes: TestOutcomes
    var requests: [ObservedRequest]
    /// Of the log and of targets outside it; without the input, dead letters and busbar's own topics.
    var records: [ObservedRecord]
    /// Dead letters as records, for expectations that name their topic.
    var deadLetterRecords: [ObservedRecord]
    var letters: [Letter]

    init(_ scene: TestScene, _ outcomes: TestOutcomes, _ definition: ConnectorDefinition, input: TopicName?) {
        self.outcomes = outcomes
        requests = scene.ledger.requests
        let deadLetters = definition.delivery.deadLetter
        let written = scene.log.topicNames.filter { name in
            name != input && name != deadLetters && !name.rawValue.hasPrefix("busbar.")
        }
        records = scene.ledger.records + written.flatMap { Self.records(of: $0, in: scene.log) }
        deadLetterRecords = deadLetters.map { Self.records(of: $0, in: scene.log) } ?? []
        letters = deadLetterRecords.map { record in
            Letter(
                reason: record.header("busbar-dlq-reason") ?? "",
                detail: record.header("__connect.errors.exception.message") ?? ""
            )
        }
    }

    private static func records(of topic: TopicName, in log: InMemoryLog) -> [ObservedRecord] {
        log.records(in: topic).map { ObservedRecord(topic: topic, key: $0.key, value: $0.value, headers: $0.headers) }
    }
}

extension ObservedRecord {
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.text
    }
}
