/// The bytes of one produced batch: copied once, shared by every partition that the batch went to, lent to readers.
///
/// `@unchecked Sendable`: the buffer is allocated by hand (a pointer into a Swift array would dangle), written in `init`
/// only, and freed when the last log segment or message batch that refers to it is gone.
final class RecordMemory: @unchecked Sendable {
    private let bytes: UnsafeMutableRawBufferPointer
    private let headers: [ProduceBatch.HeaderEntry]

    init(copying batch: ProduceBatch) {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(batch.arena.count, 1), alignment: 1)
        batch.arena.withUnsafeBytes { bytes.copyMemory(from: $0) }
        self.bytes = bytes
        headers = batch.headerEntries
    }

    deinit {
        bytes.deallocate()
    }

    /// The buffer is valid as long as this object lives.
    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range])
    }

    func forEachHeader(
        in range: Range<Int>,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
    ) {
        for header in headers[range] {
            body(slice(header.name), header.value.map { slice($0) })
        }
    }
}

/// One record of the log: ranges of its ``RecordMemory``.
struct StoredRecord: Sendable {
    let timestamp: Int64
    let key: Range<Int>?
    let value: Range<Int>?
    /// Range of the memory's header table.
    let headers: Range<Int>

    init(_ entry: ProduceBatch.Entry, now: Timestamp) {
        timestamp = (entry.timestamp ?? now).rawValue
        key = entry.key
        value = entry.value
        headers = entry.headers
    }

    /// Bytes of key and value, what fetch budgets are counted in.
    var size: Int { (key?.count ?? 0) + (value?.count ?? 0) }
}

/// Collects records of several partitions into one ``MessageBatch`` without copying their bytes.
struct MessageBatchBuilder {
    private var partitions: [TopicPartition] = []
    private var slots: [MessageBatch.Slot] = []
    private var memories: [RecordMemory] = []
    private var places: [RecordStorage.Place] = []

    var count: Int { slots.count }

    /// Says which partition the records that follow belong to.
    mutating func open(_ partition: TopicPartition) {
        partitions.append(partition)
    }

    mutating func append(_ record: StoredRecord, at offset: Int64, in memory: RecordMemory) {
        if memories.last !== memory { memories.append(memory) }
        places.append(RecordStorage.Place(memory: memories.count - 1, headers: record.headers))
        slots.append(
            MessageBatch.Slot(
                partition: Int32(partitions.count - 1),
                offset: offset,
                timestamp: record.timestamp,
                key: record.key.map { memory.slice($0) },
                value: record.value.map { memory.slice($0) }
            )
        )
    }

    func build() -> MessageBatch {
        MessageBatch(
            partitions: partitions,
            slots: slots,
            storage: RecordStorage(memories: memories, places: places)
        )
    }
}

/// Keeps the memory behind one handed out batch alive.
final class RecordStorage: MessageStorage {
    struct Place: Sendable {
        let memory: Int
        let headers: Range<Int>
    }

    private let memories: [RecordMemory]
    private let places: [Place]

    init(memories: [RecordMemory], places: [Place]) {
        self.memories = memories
        self.places = places
    }

    func forEachHeader(
        of index: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
    ) {
        let place = places[index]
        memories[place.memory].forEachHeader(in: place.headers, body)
    }
}
