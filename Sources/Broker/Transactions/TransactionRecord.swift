/// `TransactionLogKey` and `TransactionLogValue` of Kafka's `transaction-coordinator` schemas, version 0: version,
/// producer id, epoch, timeout, state, partitions by topic (null for an empty transaction), last update, start.
struct TransactionRecord: Hashable, Sendable {
    var producer: ProducerIdentity
    /// Milliseconds.
    var timeout: Int32
    var state: TransactionState
    /// Those to be marked: of an ongoing transaction, or one whose markers are being written.
    var partitions: Set<LogPartition> = []
    /// Milliseconds since 1970.
    var lastUpdate: Int64
    /// Milliseconds since 1970; -1 before a transaction begins.
    var start: Int64 = -1

    static func key(transactionalID: String) -> [UInt8] {
        var writer = FieldWriter(version: 0)
        writer.put(transactionalID)
        return writer.bytes
    }

    static func transactionalID(key: [UInt8]) throws(RecordFormatError) -> String {
        var reader = try FieldReader(key, record: "TransactionLogKey")
        try reader.requireVersion(in: 0...0)
        return try reader.string("transactionalId")
    }

    var value: [UInt8] {
        var writer = FieldWriter(version: 0)
        writer.put(producer.id)
        writer.put(producer.epoch)
        writer.put(timeout)
        writer.put(state.rawValue)
        putPartitions(in: &writer)
        writer.put(lastUpdate)
        writer.put(start)
        return writer.bytes
    }

    private func putPartitions(in writer: inout FieldWriter) {
        guard state != .empty else { return writer.put(Int32(-1)) }
        let topics = Dictionary(grouping: partitions.sorted(), by: \.topic).sorted { $0.key < $1.key }
        writer.put(Int32(clamping: topics.count))
        for (topic, partitions) in topics {
            writer.put(topic)
            writer.put(Int32(clamping: partitions.count))
            for each in partitions { writer.put(each.partition) }
        }
    }
}

extension TransactionRecord {
    init(_ bytes: [UInt8]) throws(RecordFormatError) {
        var reader = try FieldReader(bytes, record: "TransactionLogValue")
        try reader.requireVersion(in: 0...0)
        let id = try reader.number("producerId", Int64.self)
        // Ids are counted up from 0; one that no count reaches must not become the count's start.
        guard (0...Int64.max / 2).contains(id) else { throw reader.failure("producerId", "is \(id), out of range") }
        producer = ProducerIdentity(id: id, epoch: try reader.number("producerEpoch"))
        timeout = try reader.number("transactionTimeoutMs")
        let number = try reader.number("transactionStatus", Int8.self)
        guard let state = TransactionState(rawValue: number) else {
            throw reader.failure("transactionStatus", "is \(number), which Kafka does not define")
        }
        self.state = state
        for _ in 0..<(try reader.count("transactionPartitions", elementSize: 6) ?? 0) {
            let topic = try reader.string("topic")
            for _ in 0..<(try reader.count("partitionIds", elementSize: 4) ?? 0) {
                partitions.insert(LogPartition(topic, try reader.number("partitionIds")))
            }
        }
        lastUpdate = try reader.number("transactionLastUpdateTimestampMs")
        start = try reader.number("transactionStartTimestampMs")
    }
}
