internal import JSON
package import Log

/// The key of a source's position in the topic `busbar.offsets`: `["<connector>","<source partition>"]`, without white
/// space, so that compaction keeps the last one (docs/decisions/0011-positions.md).
package struct PositionKey: Sendable, Hashable {
    /// The topic of all connectors' positions.
    package static let topic: TopicName = "busbar.offsets"

    /// The connector's name.
    package let connector: String
    /// What the source calls the part of its input that the position is about.
    package let partition: String

    package init(connector: String, partition: String) {
        self.connector = connector
        self.partition = partition
    }

    /// `nil` for what is no such key.
    package init?(_ bytes: [UInt8]) {
        do {
            let parts = try JSONParser().withDocument(bytes) { root in
                root.count == 2 ? (root[0]?.string, root[1]?.string) : (nil, nil)
            }
            guard let connector = parts.0, let partition = parts.1 else { return nil }
            self.init(connector: connector, partition: partition)
        } catch {
            return nil
        }
    }

    package var bytes: [UInt8] { JSON.array([.string(connector), .string(partition)]).bytes }
}
