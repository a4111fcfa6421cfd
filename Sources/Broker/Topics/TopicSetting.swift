/// A setting of a topic, by Kafka's name (kafka.apache.org/documentation/#topicconfigs).
///
/// Those that busbar's one node cannot give a meaning to (`min.insync.replicas` …) are taken and shown, because clients
/// and tools set them on every topic; ``isHonoured`` tells them apart.
package enum TopicSetting: String, CaseIterable, Sendable {
    case cleanupPolicy = "cleanup.policy"
    case compressionType = "compression.type"
    case deleteRetention = "delete.retention.ms"
    case fileDeleteDelay = "file.delete.delay.ms"
    case flushMessages = "flush.messages"
    case flushInterval = "flush.ms"
    case indexInterval = "index.interval.bytes"
    case maxCompactionLag = "max.compaction.lag.ms"
    case maxMessageBytes = "max.message.bytes"
    case messageTimestampType = "message.timestamp.type"
    case minCleanableDirtyRatio = "min.cleanable.dirty.ratio"
    case minCompactionLag = "min.compaction.lag.ms"
    case minInSyncReplicas = "min.insync.replicas"
    case preallocate
    case retentionBytes = "retention.bytes"
    case retention = "retention.ms"
    case segmentBytes = "segment.bytes"
    case segmentIndexBytes = "segment.index.bytes"
    case segmentAge = "segment.ms"
    case uncleanLeaderElection = "unclean.leader.election.enable"

    /// The type in Kafka's numbers (DescribeConfigs v3, `ConfigType`).
    package enum ValueType: Int8, Sendable {
        case boolean = 1
        case string = 2
        case int = 3
        case long = 5
        case double = 6
        case list = 7
    }

    /// What the value is made of.
    package var valueType: ValueType {
        switch self {
        case .preallocate, .uncleanLeaderElection: .boolean
        case .cleanupPolicy: .list
        case .compressionType, .messageTimestampType: .string
        case .minCleanableDirtyRatio: .double
        case .indexInterval, .maxMessageBytes, .minInSyncReplicas, .segmentBytes, .segmentIndexBytes: .int
        case .deleteRetention, .fileDeleteDelay, .flushMessages, .flushInterval, .maxCompactionLag, .minCompactionLag,
            .retentionBytes, .retention, .segmentAge:
            .long
        }
    }

    /// Kafka's default.
    package var defaultValue: String {
        switch self {
        case .cleanupPolicy: "delete"
        case .compressionType: "producer"
        case .deleteRetention: "86400000"
        case .fileDeleteDelay: "60000"
        case .flushMessages, .flushInterval, .maxCompactionLag: "9223372036854775807"
        case .indexInterval: "4096"
        case .maxMessageBytes: "1048588"
        case .messageTimestampType: "CreateTime"
        case .minCleanableDirtyRatio: "0.5"
        case .minCompactionLag: "0"
        case .minInSyncReplicas: "1"
        case .preallocate, .uncleanLeaderElection: "false"
        case .retentionBytes: "-1"
        case .retention: "604800000"
        case .segmentBytes: "1073741824"
        case .segmentIndexBytes: "10485760"
        case .segmentAge: "604800000"
        }
    }

    /// Whether the broker acts on it.
    package var isHonoured: Bool {
        switch self {
        case .cleanupPolicy, .deleteRetention, .indexInterval, .maxMessageBytes, .minCleanableDirtyRatio,
            .messageTimestampType, .minCompactionLag,
            .retentionBytes, .retention, .segmentBytes, .segmentAge:
            true
        default: false
        }
    }

    /// What is wrong with `value` for the setting called `name`; `nil` when it is right.
    package static func problem(with value: String, of name: String) -> String? {
        guard let setting = TopicSetting(rawValue: name) else { return "there is no topic setting of that name" }
        return setting.problem(with: value)
    }

    /// What is wrong with `value`; `nil` when it is right.
    package func problem(with value: String) -> String? {
        switch self {
        case .cleanupPolicy:
            let policies = value.split(separator: ",").map { String($0).trimmed }
            return !policies.isEmpty && policies.allSatisfy { ["delete", "compact"].contains($0) }
                ? nil : "takes delete, compact, or both with a comma, not `\(value)`"
        case .compressionType:
            let known = ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"]
            return known.contains(value) ? nil : "takes one of \(known.joined(separator: ", ")), not `\(value)`"
        case .messageTimestampType:
            return ["CreateTime", "LogAppendTime"].contains(value)
                ? nil : "takes CreateTime or LogAppendTime, not `\(value)`"
        case .preallocate, .uncleanLeaderElection:
            return ["true", "false"].contains(value) ? nil : "takes true or false, not `\(value)`"
        case .minCleanableDirtyRatio:
            return Double(value).map { (0...1).contains($0) } == true
                ? nil : "takes a number from 0 to 1, not `\(value)`"
        default:
            return Int64(value).map { range.contains($0) } == true
                ? nil : "takes a whole number from \(range.lowerBound) to \(range.upperBound), not `\(value)`"
        }
    }

    private var range: ClosedRange<Int64> {
        switch self {
        case .retentionBytes, .retention: -1...Int64.max
        case .segmentBytes: 14...Int64(Int32.max)
        case .segmentIndexBytes: 4...Int64(Int32.max)
        case .indexInterval, .maxMessageBytes: 0...Int64(Int32.max)
        case .minInSyncReplicas: 1...Int64(Int32.max)
        case .segmentAge, .maxCompactionLag, .flushMessages: 1...Int64.max
        default: 0...Int64.max
        }
    }
}

extension String {
    /// Without spaces and tabs at both ends.
    var trimmed: String {
        var text = self[...].drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
