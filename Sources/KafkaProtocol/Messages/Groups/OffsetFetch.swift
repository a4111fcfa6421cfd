/// Asks for the offsets that groups committed. Versions 1-9, flexible from 6.
///
/// Before version 8 (KIP-709) there is one group, and it is the only element here.
package struct OffsetFetchRequest: RequestBody, Equatable {
    package static let apiKey = APIKey.offsetFetch

    package var groups: [Group]
    /// Whether to answer `unstableOffsetCommit` while a transaction may still change an offset (KIP-447).
    package var requireStable: Bool

    package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
        groups = try version >= 8 ? reader.array(of: Group.self, version) : [Group(from: &reader, version: version)]
        requireStable = try version >= 7 ? reader.bool() : false
        try reader.taggedFields()
    }
}

extension OffsetFetchRequest {
    package struct Group: WireReadable, Equatable {
        package var groupID: String
        /// Of a member of the new consumer protocol (KIP-848), else nil.
        package var memberID: String?
        /// -1 without the new consumer protocol.
        package var memberEpoch: Int32
        /// Nil asks for all that the group committed, from version 2.
        package var topics: [Topic]?

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            groupID = try reader.string()
            memberID = try version >= 9 ? reader.nullableString() : nil
            memberEpoch = try version >= 9 ? reader.int32() : -1
            topics =
                try version >= 2
                ? reader.nullableArray(of: Topic.self, version) : reader.array(of: Topic.self, version)
            // Before version 8 these are fields of the request, which has its own end.
            if version >= 8 { try reader.taggedFields() }
        }
    }

    package struct Topic: WireReadable, Equatable {
        package var name: String
        package var partitionIndexes: [Int32]

        package init(from reader: inout WireReader, version: Int16) throws(ProtocolError) {
            name = try reader.string()
            partitionIndexes = try reader.int32Array()
            try reader.taggedFields()
        }
    }
}

/// Answers `OffsetFetchRequest`: one group for each; before version 8, the first alone.
package struct OffsetFetchResponse: ResponseBody, Equatable {
    package static let apiKey = APIKey.offsetFetch

    /// Milliseconds that the client waits before it sends more; 0 without a quota.
    package var throttleTimeMs: Int32
    package var groups: [Group]

    package init(throttleTimeMs: Int32 = 0, groups: [Group]) {
        self.throttleTimeMs = throttleTimeMs
        self.groups = groups
    }

    package func write(to writer: inout WireWriter, version: Int16) {
        if version >= 3 { writer.int32(throttleTimeMs) }
        if version >= 8 {
            writer.array(groups, version)
        } else {
            writer.array(groups.first?.topics ?? [], version)
            if version >= 2 { writer.error(groups.first?.errorCode ?? .noError) }
        }
        writer.taggedFields()
    }
}

extension OffsetFetchResponse {
    package struct Group: WireWritable, Equatable {
        package var groupID: String
        package var topics: [Topic]
        /// Not sent in version 1, which has errors of partitions only.
        package var errorCode: ErrorCode

        package init(groupID: String, topics: [Topic], errorCode: ErrorCode = .noError) {
            self.groupID = groupID
            self.topics = topics
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.string(groupID)
            writer.array(topics, version)
            writer.error(errorCode)
            writer.taggedFields()
        }
    }

    package typealias Topic = PerTopic<Partition>

    package struct Partition: WireWritable, Equatable {
        package var partitionIndex: Int32
        /// -1 when nothing is committed.
        package var committedOffset: Int64
        /// -1 when not known.
        package var committedLeaderEpoch: Int32
        /// The client's own text.
        package var metadata: String?
        package var errorCode: ErrorCode

        package init(
            partitionIndex: Int32,
            committedOffset: Int64,
            committedLeaderEpoch: Int32 = -1,
            metadata: String? = "",
            errorCode: ErrorCode = .noError
        ) {
            self.partitionIndex = partitionIndex
            self.committedOffset = committedOffset
            self.committedLeaderEpoch = committedLeaderEpoch
            self.metadata = metadata
            self.errorCode = errorCode
        }

        package func write(to writer: inout WireWriter, version: Int16) {
            writer.int32(partitionIndex)
            writer.int64(committedOffset)
            if version >= 5 { writer.int32(committedLeaderEpoch) }
            writer.nullableString(metadata)
            writer.error(errorCode)
            writer.taggedFields()
        }
    }
}
