internal import CLibrdkafka
internal import Log

/// Messages that librdkafka has handed over and the caller has not: the next batch, and what paused partitions hold
/// back. Confined to the owner thread.
///
/// librdkafka counts all of them as delivered. Messages of a paused partition are therefore kept here and go out first
/// after the resume; dropping them would skip them.
struct BatchInProgress {
    typealias Message = UnsafeMutablePointer<rd_kafka_message_t>

    private var ready: [Message] = []
    private var held: [TopicPartition: [Message]] = [:]
    private let limit: Int

    /// - Parameter limit: most messages in one batch.
    init(limit: Int) {
        self.limit = limit
        ready.reserveCapacity(limit)
    }

    var isEmpty: Bool { ready.isEmpty }
    var isFull: Bool { ready.count >= limit }

    mutating func append(_ message: Message) {
        ready.append(message)
    }

    mutating func hold(_ message: Message, of partition: TopicPartition) {
        held[partition, default: []].append(message)
    }

    /// Withdraws what `partitions` have in the next batch.
    mutating func hold(_ partitions: Set<TopicPartition>) {
        let messages = ready
        ready.removeAll(keepingCapacity: true)
        for message in messages {
            let partition = Self.partition(of: message)
            if partitions.contains(partition) {
                held[partition, default: []].append(message)
            } else {
                ready.append(message)
            }
        }
    }

    /// Puts back what `partitions` held, before everything else.
    mutating func release(_ partitions: some Collection<TopicPartition>) {
        for partition in partitions {
            guard let messages = held.removeValue(forKey: partition) else { continue }
            ready.insert(contentsOf: messages, at: 0)
        }
    }

    /// Destroys what `partitions` have here.
    mutating func drop(_ partitions: Set<TopicPartition>) {
        hold(partitions)
        for partition in partitions {
            for message in held.removeValue(forKey: partition) ?? [] { rd_kafka_message_destroy(message) }
        }
    }

    mutating func dropAll() {
        for message in ready { rd_kafka_message_destroy(message) }
        for message in held.values.joined() { rd_kafka_message_destroy(message) }
        ready.removeAll()
        held.removeAll()
    }

    /// The next batch, of at most `limit` messages.
    mutating func take(of handle: ClientHandle) -> MessageBatch {
        let messages = Array(ready.prefix(limit))
        ready.removeFirst(messages.count)
        var table = PartitionTable()
        var slots: [MessageBatch.Slot] = []
        slots.reserveCapacity(messages.count)
        for message in messages {
            slots.append(Self.slot(of: message, in: table.index(of: message)))
        }
        return MessageBatch(
            partitions: table.partitions,
            slots: slots,
            storage: BorrowedMessages(messages, of: handle)
        )
    }

    private static func slot(of message: Message, in partition: Int32) -> MessageBatch.Slot {
        var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &type)
        return MessageBatch.Slot(
            partition: partition,
            offset: message.pointee.offset,
            timestamp: timestamp,
            key: message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) },
            value: message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
        )
    }

    static func partition(of message: Message) -> TopicPartition {
        TopicPartition(
            TopicName(String(cString: rd_kafka_topic_name(message.pointee.rkt))),
            PartitionID(rawValue: message.pointee.partition)
        )
    }
}

/// The partitions of one batch, numbered in the order in which they occur. Messages come in runs of one partition, so
/// the last answer is nearly always the next one.
private struct PartitionTable {
    private struct Key: Hashable {
        let topic: OpaquePointer?
        let partition: Int32
    }

    private(set) var partitions: [TopicPartition] = []
    private var indices: [Key: Int32] = [:]
    private var last = Key(topic: nil, partition: -1)
    private var lastIndex: Int32 = -1

    mutating func index(of message: BatchInProgress.Message) -> Int32 {
        let key = Key(topic: message.pointee.rkt, partition: message.pointee.partition)
        if key == last { return lastIndex }
        last = key
        if let index = indices[key] {
            lastIndex = index
        } else {
            lastIndex = Int32(partitions.count)
            partitions.append(BatchInProgress.partition(of: message))
            indices[key] = lastIndex
        }
        return lastIndex
    }
}
