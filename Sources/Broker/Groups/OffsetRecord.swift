/// A committed offset as a group holds it.
package struct CommittedOffset: Sendable, Hashable {
    /// The offset to read next.
    package var offset: Int64
    /// The leader epoch of the last record consumed, or -1.
    package var leaderEpoch: Int32 = -1
    /// The client's own text.
    package var metadata = ""
    /// Milliseconds since 1970 when it was committed.
    package var commitTimestamp: Int64
    /// Milliseconds since 1970 when it expires; `nil` for the broker's retention.
    package var expireTimestamp: Int64?
}

/// `OffsetCommitKey` and `OffsetCommitValue` of Kafka's `group-coordinator` schemas.
///
/// A key of version 1: version, group, topic, partition. A value of version 3: version, offset, leader epoch, metadata,
/// commit timestamp. A value of version 1 has no leader epoch but an expiry timestamp behind; as Kafka does, it is
/// written only for offsets that carry their own expiry.
enum OffsetRecord {
    static func key(group: String, partition: LogPartition) -> [UInt8] {
        var writer = FieldWriter(version: 1)
        writer.put(group)
        writer.put(partition.topic)
        writer.put(partition.partition)
        return writer.bytes
    }

    static func value(_ committed: CommittedOffset) -> [UInt8] {
        if let expiry = committed.expireTimestamp {
            var writer = FieldWriter(version: 1)
            writer.put(committed.offset)
            writer.put(committed.metadata)
            writer.put(committed.commitTimestamp)
            writer.put(expiry)
            return writer.bytes
        }
        var writer = FieldWriter(version: 3)
        writer.put(committed.offset)
        writer.put(committed.leaderEpoch)
        writer.put(committed.metadata)
        writer.put(committed.commitTimestamp)
        return writer.bytes
    }

    static func committed(_ bytes: [UInt8]) throws(RecordFormatError) -> CommittedOffset {
        var reader = try FieldReader(bytes, record: "OffsetCommitValue")
        try reader.requireVersion(in: 0...3)
        let offset = try reader.number("offset", Int64.self)
        let leaderEpoch = reader.version >= 3 ? try reader.number("leaderEpoch", Int32.self) : -1
        let metadata = try reader.string("metadata")
        let commit = try reader.number("commitTimestamp", Int64.self)
        let expiry = reader.version == 1 ? try reader.number("expireTimestamp", Int64.self) : -1
        return CommittedOffset(
            offset: offset,
            leaderEpoch: leaderEpoch,
            metadata: metadata,
            commitTimestamp: commit,
            expireTimestamp: expiry == -1 ? nil : expiry
        )
    }
}

/// What the key of a `__consumer_offsets` record says.
enum OffsetsTopicKey: Hashable {
    case offset(group: String, LogPartition)
    case group(String)
    /// A version that this broker does not know: of the newer group protocols. To be skipped, as Kafka does.
    case other(version: Int16)

    init(_ bytes: [UInt8]) throws(RecordFormatError) {
        var reader = try FieldReader(bytes, record: "__consumer_offsets key")
        switch reader.version {
        case 0, 1:
            let group = try reader.string("group")
            let topic = try reader.string("topic")
            self = .offset(group: group, LogPartition(topic, try reader.number("partition", Int32.self)))
        case 2: self = .group(try reader.string("group"))
        default: self = .other(version: reader.version)
        }
    }
}
