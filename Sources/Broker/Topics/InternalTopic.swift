/// The topics in which the broker keeps the coordinators' state, named and shaped as Kafka's, so that tools that read
/// Kafka's can read these.
package enum InternalTopic: String, CaseIterable, Sendable {
    /// Offsets and groups.
    case offsets = "__consumer_offsets"
    /// Transactions.
    case transactions = "__transaction_state"

    /// Kafka's default for both; it must never change, since a group's partition follows from it.
    package static let partitions: Int32 = 50

    /// Settings beside the defaults. The segments are smaller than Kafka's 100 MiB, because the active one is not compacted
    /// and all of it is read at every start.
    package var settings: [String: String] {
        switch self {
        case .offsets: ["cleanup.policy": "compact", "segment.bytes": "8388608"]
        case .transactions: ["cleanup.policy": "compact", "segment.bytes": "8388608", "min.insync.replicas": "1"]
        }
    }

    /// Whether clients must not write to the topic.
    package static func contains(_ name: String) -> Bool { InternalTopic(rawValue: name) != nil }
}
