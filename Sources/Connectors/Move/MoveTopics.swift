internal import Log

/// The topics of both clusters with their numbers of partitions.
struct MoveTopics {
    let source: [TopicName: Int]
    let target: [TopicName: Int]

    /// Every partition of the source in which a group can have committed.
    var partitions: [TopicPartition] {
        source.filter { !$0.key.rawValue.hasPrefix(MirrorSettings.internalPrefix) }.flatMap { topic, count in
            (0..<Int32(clamping: count)).map { TopicPartition(topic, PartitionID(rawValue: $0)) }
        }.sorted()
    }

    func isInBoth(_ partition: TopicPartition) -> Bool {
        [source, target].allSatisfy { Int(partition.partition.rawValue) < $0[partition.topic] ?? 0 }
    }

    /// Why a committed offset of `partition` has no counterpart; `nil` when it can have one.
    func problem(with partition: TopicPartition, _ group: String) -> String? {
        let topic = partition.topic
        guard let count = target[topic] else {
            return
                "group \(group) reads \(topic), which the target does not have: mirror it, or name the groups to move"
        }
        guard count == source[topic] else {
            return "topic \(topic) has \(source[topic] ?? 0) partitions in the source and \(count) in the target"
        }
        return nil
    }
}
