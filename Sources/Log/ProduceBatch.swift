/// Records on their way to a log, in one flat arena: no allocation per record once the arena has grown.
///
/// Append records in the order in which they shall be produced; records of one partition keep that order.
public struct ProduceBatch: Sendable {
    /// Where one record lies in the arena.
    struct Entry: Sendable {
        var topic: Int
        var partition: PartitionID?
        var timestamp: Timestamp?
        var key: Range<Int>?
        var value: Range<Int>?
        var headers: Range<Int>
    }

    struct HeaderEntry: Sendable {
        var name: Range<Int>
        var value: Range<Int>?
    }

    public private(set) var topics: [TopicName] = []
    var entries: [Entry] = []
    var headerEntries: [HeaderEntry] = []
    var arena: [UInt8] = []

    public init() {}

    public var count: Int { entries.count }
    public var isEmpty: Bool { entries.isEmpty }
    /// Bytes of keys, values and headers.
    public var bytes: Int { arena.count }

    /// Makes room for `records` more records with `bytes` more bytes of keys, values and headers, so that appending them
    /// moves nothing.
    public mutating func reserve(records: Int, bytes: Int) {
        entries.reserveCapacity(entries.count + records)
        arena.reserveCapacity(arena.count + bytes)
    }

    /// Appends one record.
    ///
    /// Without a partition the log chooses: murmur2 of the key as the Java client does, any partition without a key. A
    /// `nil` key is a null key, a `nil` value a tombstone, a `nil` timestamp the time of production.
    public mutating func append(
        topic: TopicName,
        partition: PartitionID? = nil,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        headers: [Header] = [],
        timestamp: Timestamp? = nil
    ) {
        let first = headerEntries.count
        for header in headers {
            headerEntries.append(
                HeaderEntry(name: store(header.name.utf8), value: header.value.map { store($0) })
            )
        }
        entries.append(
            Entry(
                topic: index(of: topic),
                partition: partition,
                timestamp: timestamp,
                key: key.map { store($0) },
                value: value.map { store($0) },
                headers: first..<headerEntries.count
            )
        )
    }

    /// Appends one record from arrays.
    public mutating func append(
        topic: TopicName,
        partition: PartitionID? = nil,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: [Header] = [],
        timestamp: Timestamp? = nil
    ) {
        withOptionalBytes(key) { key in
            withOptionalBytes(value) { value in
                append(
                    topic: topic,
                    partition: partition,
                    key: key,
                    value: value,
                    headers: headers,
                    timestamp: timestamp
                )
            }
        }
    }

    /// Appends every record of `other`.
    public mutating func append(contentsOf other: ProduceBatch) {
        other.withRecords { record in
            append(
                topic: record.topic,
                partition: record.partition,
                key: record.key,
                value: record.value,
                headers: record.headers(),
                timestamp: record.timestamp
            )
        }
    }

    /// Calls `body` with each record in order. The record's buffers are valid inside `body` only.
    public func withRecords<E: Error>(_ body: (ProduceRecord) throws(E) -> Void) throws(E) {
        for index in entries.indices {
            try withRecord(at: index, body)
        }
    }

    /// Calls `body` with record `index`. The record's buffers are valid inside `body` only.
    public func withRecord<R, E: Error>(at index: Int, _ body: (ProduceRecord) throws(E) -> R) throws(E) -> R {
        let entry = entries[index]
        let outcome: Result<R, E> = arena.withUnsafeBytes { memory in
            do throws(E) {
                return .success(try body(record(entry, in: memory)))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Calls `body` with the records from index `start` on, in order, while it returns `true`; returns the index of the
    /// first record that was refused, or ``count``. The record's buffers are valid inside `body` only.
    ///
    /// Not generic, so that a caller in another module pays one plain call per record.
    public func scan(from start: Int = 0, _ body: (_ index: Int, _ record: ProduceRecord) -> Bool) -> Int {
        arena.withUnsafeBytes { memory in
            for index in start..<entries.count {
                if !body(index, record(entries[index], in: memory)) { return index }
            }
            return entries.count
        }
    }

    private func record(_ entry: Entry, in memory: UnsafeRawBufferPointer) -> ProduceRecord {
        ProduceRecord(
            topic: topics[entry.topic],
            topicIndex: entry.topic,
            partition: entry.partition,
            timestamp: entry.timestamp,
            key: entry.key.map { UnsafeRawBufferPointer(rebasing: memory[$0]) },
            value: entry.value.map { UnsafeRawBufferPointer(rebasing: memory[$0]) },
            headerEntries: headerEntries[entry.headers],
            memory: memory
        )
    }

    /// Forgets the records and keeps the memory.
    public mutating func removeAll() {
        topics.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        headerEntries.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
    }

    private mutating func store(_ bytes: some Collection<UInt8>) -> Range<Int> {
        let start = arena.count
        arena.append(contentsOf: bytes)
        return start..<arena.count
    }

    private mutating func index(of topic: TopicName) -> Int {
        // A batch goes to one or a few topics, mostly the last one named.
        if let index = topics.lastIndex(of: topic) { return index }
        topics.append(topic)
        return topics.count - 1
    }
}

/// One record of a ``ProduceBatch``, lent for the length of a closure.
public struct ProduceRecord {
    public let topic: TopicName
    /// Index of the topic in ``ProduceBatch/topics``.
    public let topicIndex: Int
    public let partition: PartitionID?
    public let timestamp: Timestamp?
    public let key: UnsafeRawBufferPointer?
    public let value: UnsafeRawBufferPointer?
    let headerEntries: ArraySlice<ProduceBatch.HeaderEntry>
    let memory: UnsafeRawBufferPointer

    public var headerCount: Int { headerEntries.count }

    /// Calls `body` with each header in order; the buffers are valid inside `body` only.
    public func forEachHeader(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        for entry in headerEntries {
            body(
                UnsafeRawBufferPointer(rebasing: memory[entry.name]),
                entry.value.map { UnsafeRawBufferPointer(rebasing: memory[$0]) }
            )
        }
    }

    /// All headers, copied.
    public func headers() -> [Header] {
        var result: [Header] = []
        forEachHeader { name, value in
            result.append(Header(String(decoding: name, as: UTF8.self), value.map { [UInt8]($0) }))
        }
        return result
    }
}

private func withOptionalBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
    guard let bytes else { return body(nil) }
    return bytes.withUnsafeBytes { body($0) }
}
