/// A copy of one record, for assertions.
package struct LogRecord: Sendable, Hashable {
    package var offset: Offset
    package var timestamp: Timestamp
    /// `nil` is a null key.
    package var key: [UInt8]?
    /// `nil` is a tombstone.
    package var value: [UInt8]?
    package var headers: [Header]
}

extension InMemoryLog {
    /// The records of `partition` in order: what committed readers see, or with `committedOnly: false` also those of
    /// open and aborted transactions. Control records are never among them. Empty for an unknown partition.
    package func records(in partition: TopicPartition, committedOnly: Bool = true) -> [LogRecord] {
        // The snapshot shares its storage with the log; records are copied outside the lock.
        guard let log = change({ $0.log(of: partition) }) else { return [] }
        let limit = committedOnly ? log.lastStable : log.end
        var records: [LogRecord] = []
        for segment in log.segments where segment.visibility == .committed || !committedOnly {
            guard let memory = segment.memory else { continue }
            for (index, record) in segment.records.enumerated() {
                let offset = segment.base + Int64(index)
                guard offset >= log.start, offset < limit else { continue }
                records.append(LogRecord(record, at: offset, in: memory))
            }
        }
        return records
    }

    /// The committed records of all partitions of `topic`, partition by partition.
    package func records(in topic: TopicName) -> [LogRecord] {
        change { $0.partitions(of: topic) }.flatMap { records(in: $0) }
    }

    /// What `group` has committed.
    package func committedOffsets(of group: String) -> [TopicPartition: CommittedOffset] {
        change { $0.groups[group]?.committed ?? [:] }
    }

    /// Members that take part in the assignment of `group`.
    package func memberCount(of group: String) -> Int {
        change { $0.groups[group]?.members.values.filter(\.isCounted).count ?? 0 }
    }

    /// The existing topics, by name.
    package var topicNames: [TopicName] {
        change { $0.topics.keys.sorted() }
    }

    /// The settings that `topic` was created with; `nil` when it does not exist.
    package func settings(of topic: TopicName) -> [String: String]? {
        change { $0.topics[topic]?.settings }
    }
}

extension LogRecord {
    fileprivate init(_ record: StoredRecord, at offset: Int64, in memory: RecordMemory) {
        self.offset = Offset(offset)
        timestamp = Timestamp(milliseconds: record.timestamp)
        key = record.key.map { [UInt8](memory.slice($0)) }
        value = record.value.map { [UInt8](memory.slice($0)) }
        var headers: [Header] = []
        memory.forEachHeader(in: record.headers) { name, value in
            headers.append(Header(String(decoding: name, as: UTF8.self), value.map { [UInt8]($0) }))
        }
        self.headers = headers
    }
}
