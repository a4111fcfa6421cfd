internal import Log

/// The mirrored topics in both clusters: which there are, and their twins in this one.
struct MirrorTopics {
    /// Settings that decide which records a topic takes and how long it keeps them. Where a segment ends or what a replica
    /// needs is each cluster's own business, and so is whose clock a timestamp is: the mirror writes them as they are.
    static let settings: Set<String> = [
        "cleanup.policy", "delete.retention.ms", "max.compaction.lag.ms", "max.message.bytes",
        "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "retention.bytes", "retention.ms",
    ]

    let source: any Log
    let target: any Log

    /// The partitions to mirror, after every one of their topics is there in the target with as many partitions.
    /// - Throws: ``ConnectorError/Code/partitionsDiffer``; a `LogError` of the target; ``MirrorFailure`` of the source.
    func prepare(_ settings: MirrorSettings) async throws -> Set<TopicPartition> {
        let wanted = try await MirrorFailure.naming(settings.brokers) { () throws(LogError) in try await source.topics()
        }
        .filter { settings.mirrors($0.key) && $0.value > 0 }
        try await create(wanted, settings)
        let present = try await target.topics()
        for (topic, count) in wanted.sorted(by: { $0.key < $1.key }) {
            guard present[topic] == count else { throw Self.differing(topic, count, present[topic]) }
        }
        return Set(
            wanted.flatMap { topic, count in
                (0..<Int32(clamping: count)).map { TopicPartition(topic, PartitionID(rawValue: $0)) }
            }
        )
    }

    private func create(_ wanted: [TopicName: Int], _ settings: MirrorSettings) async throws {
        let present = try await target.topics()
        let missing = wanted.keys.filter { present[$0] == nil }.sorted()
        guard !missing.isEmpty else { return }
        let described = try await MirrorFailure.naming(settings.brokers) { () throws(LogError) in
            try await source.settings(of: missing)
        }
        try await target.createTopics(
            missing.map { topic in
                TopicSpecification(
                    topic,
                    partitions: wanted[topic] ?? 1,
                    settings: (described[topic] ?? [:]).filter { Self.settings.contains($0.key) }
                )
            }
        )
    }

    private static func differing(_ topic: TopicName, _ count: Int, _ found: Int?) -> ConnectorError {
        ConnectorError(
            .partitionsDiffer,
            "topic \(topic) has \(count) partitions in the mirrored cluster and \(found ?? 0) here; a mirror keeps each "
                + "record's partition. Delete the topic here if it is empty, so that it is made anew, or give it \(count) "
                + "partitions."
        )
    }
}

/// Says of an error that it is the other cluster's: both clusters' errors read alike.
enum MirrorFailure {
    static func naming<R>(
        _ brokers: String,
        _ ask: () async throws(LogError) -> R
    ) async throws(ConnectorError) -> R {
        do throws(LogError) {
            return try await ask()
        } catch {
            throw ConnectorError(.sourceUnavailable, "the mirrored cluster at \(brokers): \(error)")
        }
    }
}
