/// The memory behind a batch: it answers for the headers and stays alive as long as the batch does.
///
/// A log that hands out batches subclasses nothing and copies nothing: it keeps its own messages here and describes them
/// to ``MessageBatch`` as slots.
public protocol MessageStorage: AnyObject, Sendable {
    /// Calls `body` with each header of message `index`, in the order in which they were produced.
    ///
    /// Names may repeat; a value is `nil` where the producer sent a null. The buffers are valid inside `body` only.
    func forEachHeader(
        of index: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
    )

    /// The leader epoch (KIP-101) under which message `index` was written; `nil` where the log does not tell.
    func leaderEpoch(of index: Int) -> Int32?
}

extension MessageStorage {
    /// Not told.
    public func leaderEpoch(of index: Int) -> Int32? { nil }
}

/// What a record's timestamp says (KIP-32, `rd_kafka_timestamp_type_t`).
public enum TimestampType: Int8, Sendable {
    /// The log keeps no timestamps (message format 0, before Kafka 0.10).
    case notAvailable
    /// When the producer made the record: the topic's `message.timestamp.type` is `CreateTime`, Kafka's default.
    case createTime
    /// When the broker appended it: the topic's `message.timestamp.type` is `LogAppendTime`.
    case logAppendTime
}

/// Messages that a log lends to its reader, in the order of each partition.
///
/// Keys and values borrow the log's memory, which lives until the last reference to the batch is gone; nothing is copied
/// on the way. A batch may be kept while its records are in flight and may be read from any thread.
///
/// Read it by ``forEach(_:)``, or by index where a view must outlive its turn.
///
/// The storage is immutable once the batch exists, which is what makes the class `Sendable`.
public final class MessageBatch: @unchecked Sendable {
    /// Where one message lies. The pointers belong to the batch's storage.
    public struct Slot {
        /// Index into ``MessageBatch/partitions``.
        public var partition: Int32
        /// Here, and not beside the timestamp, because it costs no byte here.
        public var timestampType: TimestampType
        /// The record's position in its partition.
        public var offset: Int64
        /// Milliseconds since the epoch; -1 where the log does not know it.
        public var timestamp: Int64
        /// `nil` is a null key.
        public var key: UnsafeRawBufferPointer?
        /// `nil` is a tombstone.
        public var value: UnsafeRawBufferPointer?

        /// A slot whose pointers stay valid as long as the batch's storage lives.
        public init(
            partition: Int32,
            offset: Int64,
            timestamp: Int64,
            timestampType: TimestampType = .createTime,
            key: UnsafeRawBufferPointer?,
            value: UnsafeRawBufferPointer?
        ) {
            self.partition = partition
            self.offset = offset
            self.timestamp = timestamp
            self.timestampType = timestampType
            self.key = key
            self.value = value
        }
    }

    /// The partitions that occur in this batch.
    public let partitions: [TopicPartition]
    private let slots: [Slot]
    private let storage: any MessageStorage

    /// - Parameters:
    ///   - partitions: what the slots' partition numbers index.
    ///   - slots: one per message; within a partition in ascending order of offset.
    ///   - storage: owner of everything the slots point to.
    public init(partitions: [TopicPartition], slots: [Slot], storage: any MessageStorage) {
        self.partitions = partitions
        self.slots = slots
        self.storage = storage
    }

    /// How many messages it holds.
    public var count: Int { slots.count }
    /// Whether it holds no message.
    public var isEmpty: Bool { slots.isEmpty }

    /// What to commit when everything in this batch is done: of each partition the offset after its last message here.
    public var nextOffsets: [TopicPartition: CommittedOffset] {
        var last = [Int64](repeating: -1, count: partitions.count)
        for slot in slots { last[Int(slot.partition)] = slot.offset }
        var offsets: [TopicPartition: CommittedOffset] = [:]
        for (partition, offset) in zip(partitions, last) where offset >= 0 {
            offsets[partition] = CommittedOffset(Offset(offset).next)
        }
        return offsets
    }

    /// A view of message `index`. It holds the batch, so that it may outlive the loop it was made in.
    public subscript(index: Int) -> MessageView {
        MessageView(batch: self, index: index, slot: slots[index])
    }

    /// Calls `body` with a view of each message, in order.
    ///
    /// Nothing is allocated and nothing is copied. Inlinable, so that the closure costs other modules no call.
    @inlinable
    public func forEach<E: Error>(_ body: (MessageView) throws(E) -> Void) throws(E) {
        for index in 0..<count { try body(self[index]) }
    }

    fileprivate func forEachHeader(
        of index: Int,
        _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void
    ) {
        storage.forEachHeader(of: index, body)
    }

    fileprivate func leaderEpoch(of index: Int) -> Int32? {
        storage.leaderEpoch(of: index)
    }
}

/// One message of a batch, without a copy.
///
/// The buffers of ``key`` and ``value`` are valid as long as this view (or its batch) is held.
public struct MessageView: Sendable {
    /// What lends the memory.
    public let batch: MessageBatch
    /// The message's place in ``batch``.
    public let index: Int
    nonisolated(unsafe) private let slot: MessageBatch.Slot  // immutable memory owned by `batch`

    fileprivate init(batch: MessageBatch, index: Int, slot: MessageBatch.Slot) {
        self.batch = batch
        self.index = index
        self.slot = slot
    }

    /// Where the message was read.
    public var topicPartition: TopicPartition { batch.partitions[Int(slot.partition)] }
    /// Its position there; the offset to commit after it is the next one.
    public var offset: Offset { Offset(slot.offset) }
    /// When the record was produced or appended; `nil` where the log does not know it.
    public var timestamp: Timestamp? { slot.timestamp < 0 ? nil : Timestamp(milliseconds: slot.timestamp) }
    /// Whether ``timestamp`` is the producer's or the broker's.
    public var timestampType: TimestampType { slot.timestamp < 0 ? .notAvailable : slot.timestampType }
    /// The leader epoch (KIP-101) under which the record was written; `nil` where the log or the client library does not
    /// tell (librdkafka does from 2.1.0, `rd_kafka_message_leader_epoch`).
    public var leaderEpoch: Int32? { batch.leaderEpoch(of: index) }
    /// `nil` is a null key, which is not the same as an empty one.
    public var key: UnsafeRawBufferPointer? { slot.key }
    /// `nil` is a tombstone, which is not the same as an empty value.
    public var value: UnsafeRawBufferPointer? { slot.value }

    /// Calls `body` with each header in the order of production; the buffers are valid inside `body` only.
    public func forEachHeader(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) -> Void) {
        batch.forEachHeader(of: index, body)
    }

    /// Calls `body` with the value of the last header called `name`, and copies nothing; `nil` without a call where there
    /// is no such header.
    ///
    /// The last one wins, as with Java's `Headers.lastHeader` and `rd_kafka_header_get_last`. `body` gets `nil` for a header
    /// whose value is null; the buffer is valid inside `body` only.
    public func withLastHeader<R>(
        named name: String,
        _ body: (_ value: UnsafeRawBufferPointer?) -> R
    ) -> R? {
        var last = -1
        var position = 0
        forEachHeader { found, _ in
            if found.elementsEqual(name.utf8) { last = position }
            position += 1
        }
        guard last >= 0 else { return nil }
        var result: R?
        position = 0
        forEachHeader { _, value in
            if position == last { result = body(value) }
            position += 1
        }
        return result
    }

    /// All headers, copied.
    public func headers() -> [Header] {
        var result: [Header] = []
        forEachHeader { name, value in
            result.append(Header(String(decoding: name, as: UTF8.self), value.map { [UInt8]($0) }))
        }
        return result
    }

    /// The whole message in memory of its own, which may be kept after the batch is gone.
    public func copy() -> Message {
        Message(
            topicPartition: topicPartition,
            offset: offset,
            timestamp: timestamp,
            timestampType: timestampType,
            leaderEpoch: leaderEpoch,
            key: key.map { [UInt8]($0) },
            value: value.map { [UInt8]($0) },
            headers: headers()
        )
    }
}
