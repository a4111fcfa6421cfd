internal import CLibrdkafka
internal import Log

/// Messages that librdkafka has handed over and the caller has not: the next batch, and what paused partitions hold
/// back. Confined to the owner thread. Every message it holds is owned by it until it is taken or dropped.
///
/// librdkafka counts all of them as delivered. Messages of a paused partition are therefore kept here and go out first
/// after the resume; dropping them would skip them.
@safe struct BatchInProgress {
    typealias Message = UnsafeMutablePointer<rd_kafka_message_t>

    /// Bytes of values at which a batch is full, whatever its count: a thousand messages of the largest size would be a
    /// gigabyte, and one batch is prepared while another is worked on.
    static let byteLimit = 16 << 20

    private var ready: [Message] = unsafe []
    /// What a batch says of each of `ready`, read when the message came: later, its memory has left the nearest cache.
    private var slots: [MessageBatch.Slot] = []
    private var table = PartitionTable()
    /// Of the values in `ready`.
    private var bytes = 0
    private var held: [TopicPartition: [Message]] = unsafe [:]
    private let limit: Int

    /// - Parameter limit: most messages in one batch.
    init(limit: Int) {
        self.limit = limit
        makeRoom()
    }

    private mutating func makeRoom() {
        unsafe ready.reserveCapacity(limit)
        slots.reserveCapacity(limit)
    }

    var isEmpty: Bool { unsafe ready.isEmpty }
    var isFull: Bool { unsafe ready.count >= limit || bytes >= Self.byteLimit }

    mutating func append(_ message: Message) {
        unsafe ready.append(message)
        unsafe slots.append(Self.slot(of: message, in: table.index(of: message)))
        unsafe bytes += message.pointee.len
    }

    mutating func hold(_ message: Message, of partition: TopicPartition) {
        unsafe held[partition, default: []].append(message)
    }

    /// Withdraws what `partitions` have in the next batch.
    mutating func hold(_ partitions: Set<TopicPartition>) {
        let messages = unsafe takeReady()
        for index in unsafe messages.indices {
            let message = unsafe messages[index]
            let partition = unsafe Self.partition(of: message)
            if partitions.contains(partition) {
                unsafe held[partition, default: []].append(message)
            } else {
                unsafe append(message)
            }
        }
    }

    /// Empties what is ready.
    private mutating func takeReady() -> [Message] {
        let messages = unsafe ready
        unsafe ready = []
        slots = []
        table = PartitionTable()
        bytes = 0
        makeRoom()
        return unsafe messages
    }

    /// Puts back what `partitions` held, before everything else.
    mutating func release(_ partitions: some Collection<TopicPartition>) {
        for partition in partitions {
            guard let messages = unsafe held.removeValue(forKey: partition) else { continue }
            let others = unsafe takeReady()
            unsafe messages.forEach { unsafe append($0) }
            unsafe others.forEach { unsafe append($0) }
        }
    }

    /// Destroys what `partitions` have here.
    mutating func drop(_ partitions: Set<TopicPartition>) {
        hold(partitions)
        for partition in partitions {
            unsafe held.removeValue(forKey: partition)?.forEach { unsafe rd_kafka_message_destroy($0) }
        }
    }

    mutating func dropAll() {
        unsafe takeReady().forEach { unsafe rd_kafka_message_destroy($0) }
        unsafe held.values.joined().forEach { unsafe rd_kafka_message_destroy($0) }
        unsafe held.removeAll()
    }

    /// The next batch, of at most `limit` messages, and where each of its partitions goes on after it.
    mutating func take(of handle: ClientHandle) -> (batch: MessageBatch, positions: [TopicPartition: Offset]) {
        var rest: ArraySlice<Message> = unsafe []
        if unsafe ready.count > limit {
            let messages = unsafe takeReady()
            unsafe messages.prefix(limit).forEach { unsafe append($0) }
            unsafe rest = unsafe messages.dropFirst(limit)
        }
        let (slots, table) = (slots, table)
        let messages = unsafe takeReady()
        unsafe rest.forEach { unsafe append($0) }
        let batch = unsafe MessageBatch(
            partitions: table.partitions,
            slots: slots,
            storage: BorrowedMessages(messages, of: handle)
        )
        return (batch, table.positions)
    }

    private static func slot(of message: Message, in partition: Int32) -> MessageBatch.Slot {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = unsafe rd_kafka_message_timestamp(message, &type)
        return unsafe MessageBatch.Slot(
            partition: partition,
            offset: message.pointee.offset,
            timestamp: timestamp,
            timestampType: timestampType(type),
            key: message.pointee.key.map { unsafe UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) },
            value: unsafe message.pointee.payload.map {
                unsafe UnsafeRawBufferPointer(start: $0, count: message.pointee.len)
            }
        )
    }

    private static func timestampType(_ type: rd_kafka_timestamp_type_t) -> TimestampType {
        switch type {
        case RD_KAFKA_TIMESTAMP_CREATE_TIME: .createTime
        case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: .logAppendTime
        default: .notAvailable
        }
    }

    static func partition(of message: Message) -> TopicPartition {
        unsafe TopicPartition(
            TopicName(String(cString: rd_kafka_topic_name(message.pointee.rkt))),
            PartitionID(rawValue: message.pointee.partition)
        )
    }
}

/// The partitions of one batch, numbered in the order in which they occur. Messages come in runs of one partition, so
/// the last answer is nearly always the next one.
private struct PartitionTable {
    private struct Key: Hashable {
        let topic: UInt
        let partition: Int32
    }

    private(set) var partitions: [TopicPartition] = []
    /// Offsets after the last message of each partition.
    private var ends: [Int64] = []
    private var indices: [Key: Int32] = [:]
    private var last = Key(topic: 0, partition: -1)
    private var lastIndex: Int32 = -1

    mutating func index(of message: BatchInProgress.Message) -> Int32 {
        let key = unsafe Key(topic: UInt(bitPattern: message.pointee.rkt), partition: message.pointee.partition)
        if key == last {
            unsafe ends[Int(lastIndex)] = message.pointee.offset + 1
            return lastIndex
        }
        last = key
        if let index = indices[key] {
            lastIndex = index
            unsafe ends[Int(index)] = message.pointee.offset + 1
        } else {
            lastIndex = Int32(partitions.count)
            unsafe partitions.append(BatchInProgress.partition(of: message))
            unsafe ends.append(message.pointee.offset + 1)
            indices[key] = lastIndex
        }
        return lastIndex
    }

    var positions: [TopicPartition: Offset] {
        Dictionary(uniqueKeysWithValues: zip(partitions, ends.map { Offset($0) }))
    }
}
