internal import JSON
package import Log

/// How far a `mirror` source has come in one partition of the other cluster.
///
/// Stored as `{"v":1,"cluster":"lkc-2…","offset":2048}` under the partition's name, `<topic>/<partition>`. The cluster is
/// part of it because an offset means something inside one cluster only.
package struct MirrorPosition: Sendable, Hashable {
    /// The other cluster's id; empty where it has none.
    package var cluster: String
    /// The next offset to be mirrored.
    package var next: Offset

    package init(cluster: String, next: Offset) {
        self.cluster = cluster
        self.next = next
    }

    /// What the position of `partition` is stored under.
    package static func name(of partition: TopicPartition) -> String { partition.description }

    package var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("cluster", cluster)
            writer.member("offset", next.rawValue)
        }
        return writer.bytes
    }

    /// - Returns: `nil` for what no `mirror` source has written.
    package init?(_ bytes: [UInt8]) {
        do {
            let document = try JSON(parsing: bytes)
            guard document["v"]?.number?.int64 == 1, let cluster = document["cluster"]?.string,
                let offset = document["offset"]?.number?.int64, offset >= 0
            else { return nil }
            self.init(cluster: cluster, next: Offset(offset))
        } catch {
            return nil
        }
    }
}
