/// Records on their way to a log, in one flat arena: no allocation per record once the arena has grown.
///
/// Append records in the order in which they shall be produced; records of one partition keep that order.
public struct ProduceBatch: Sendable {
    /// Where one record lies in the arena: its value follows its key. A count of -1 is a null.
    struct Entry: Sendable {
        var start: Int
        var keyCount: Int
        var valueCount: Int
        /// Milliseconds since the epoch; ``now`` is the time of production.
        var time: Int64
        var topic: Int32
        /// -1 lets the log choose.
        var partitionNumber: Int32
        /// Range of the header table.
        var headers: Range<Int>

        static let now = Int64.min

        var partition: PartitionID? { partitionNumber < 0 ? nil : PartitionID(rawValue: partitionNumber) }
        var timestamp: Timestamp? { time == Self.now ? nil : Timestamp(milliseconds: time) }
        var key: Range<Int>? { keyCount < 0 ? nil : start..<(start + keyCount) }
        var value: Range<Int>? {
            guard valueCount >= 0 else { return nil }
            let first = start + max(0, keyCount)
            return first..<(first + valueCount)
        }
    }

    struct HeaderEntry: Sendable {
        var name: Range<Int>
        var value: Range<Int>?
    }

    /// The topics that the records go to, each once, in the order in which they were first named.
    public private(set) var topics: [TopicName] = []
    var entries: [Entry] = []
    var headerEntries: [HeaderEntry] = []
    var arena: [UInt8] = []

    /// A batch without records.
    public init() {}

    /// How many records it holds.
    public var count: Int { entries.count }
    /// Whether it holds no record.
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
        append(topic: topic, partition: partition, key: key, value: value, timestamp: timestamp)
        for header in headers { addHeader(header) }
    }

    private mutating func append(
        topic: TopicName,
        partition: PartitionID?,
        key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?,
        timestamp: Timestamp?
    ) {
        let start = arena.count
        if let key { arena.append(contentsOf: key) }
        if let value { arena.append(contentsOf: value) }
        entries.append(
            Entry(
                start: start,
                keyCount: key?.count ?? -1,
                valueCount: value?.count ?? -1,
                time: timestamp?.rawValue ?? Entry.now,
                topic: Int32(index(of: topic)),
                partitionNumber: partition?.rawValue ?? -1,
                headers: headerEntries.count..<headerEntries.count
            )
        )
    }

    /// Adds a header, copied, to the record that was appended last, after those that it has.
    ///
    /// So a message's headers are forwarded without a value per header:
    ///
    ///     batch.append(topic: topic, key: message.key, value: message.value)
    ///     message.forEachHeader { name, value in batch.addHeader(name, value) }
    ///
    /// Names may repeat; a `nil` value is a null, which is not the same as an empty one. There must be a record.
    public mutating func addHeader(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        addHeaderEntry(HeaderEntry(name: store(name), value: value.map { store($0) }))
    }

    /// Adds a header to the record that was appended last, after those that it has.
    public mutating func addHeader(_ header: Header) {
        addHeaderEntry(HeaderEntry(name: store(header.name.utf8), value: header.value.map { store($0) }))
    }

    private mutating func addHeaderEntry(_ entry: HeaderEntry) {
        precondition(!entries.isEmpty, "a header needs a record that it is added to")
        headerEntries.append(entry)
        entries[entries.count - 1].headers = entries[entries.count - 1].headers.lowerBound..<headerEntries.count
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
        reserve(records: other.count, bytes: other.bytes)
        other.withRecords { record in
            append(
                topic: record.topic,
                partition: record.partition,
                key: record.key,
                value: record.value,
                timestamp: record.timestamp
            )
            record.forEachHeader { name, value in addHeader(name, value) }
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
        let outcome: Result<R, E> = withMemory { memory in
            do throws(E) {
                return .success(try body(ProduceRecord(entry: entries[index], memory: memory)))
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
        withMemory { memory in
            entries.withUnsafeBufferPointer { entries in
                for index in start..<entries.count
                where !body(index, ProduceRecord(entry: entries[index], memory: memory)) {
                    return index
                }
                return entries.count
            }
        }
    }

    /// Lends everything that records refer to, so that a record itself retains nothing.
    private func withMemory<R>(_ body: (ProduceRecord.Memory) -> R) -> R {
        topics.withUnsafeBufferPointer { topics in
            headerEntries.withUnsafeBufferPointer { headers in
                arena.withUnsafeBytes { arena in
                    body(ProduceRecord.Memory(topics: topics, headers: headers, arena: arena))
                }
            }
        }
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
    /// A batch's arrays, lent: valid as long as the closure that got the record runs.
    struct Memory {
        let topics: UnsafeBufferPointer<TopicName>
        let headers: UnsafeBufferPointer<ProduceBatch.HeaderEntry>
        let arena: UnsafeRawBufferPointer

        func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: arena[range])
        }
    }

    let entry: ProduceBatch.Entry
    let memory: Memory

    /// Where the record goes.
    public var topic: TopicName { memory.topics[topicIndex] }
    /// Index of the topic in ``ProduceBatch/topics``.
    public var topicIndex: Int { Int(entry.topic) }
    /// `nil` lets the log choose.
    public var partition: PartitionID? { entry.partition }
    /// `nil` is the time of production.
    public var timestamp: Timestamp? { entry.timestamp }
    /// `nil` is a null key.
    public var key: UnsafeRawBufferPointer? { entry.key.map(memory.slice) }
    /// `nil` is a tombstone.
    public var value: UnsafeRawBufferPointer? { entry.value.map(memory.slice) }
    /// How many headers it has.
    public var headerCount: Int { entry.headers.count }

    /// Calls `body` with each header in order; the buffers are valid inside `body` only.
    public func forEachHeader(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        for index in entry.headers {
            let header = memory.headers[index]
            body(memory.slice(header.name), header.value.map(memory.slice))
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
