internal import KafkaProtocol

/// The 61 bytes before a record batch's records (Kafka protocol guide, "Record Batch", magic 2).
///
/// Beside `RecordBatchHeader`, because a log reads headers by the million from bytes it has in memory anyway: no
/// buffer, no error value, and nil is an ordinary answer while it looks for a torn tail.
struct BatchHeader: Sendable, Hashable {
    static let byteCount = 61
    /// `batchLength` counts from here.
    static let lengthOrigin = 12
    /// The checksum covers the batch from here.
    static let checksumOrigin = 21

    var baseOffset: Int64
    var batchLength: Int32
    var magic: Int8
    var checksum: UInt32
    var attributes: Int16
    var lastOffsetDelta: Int32
    var baseTimestamp: Int64
    var maxTimestamp: Int64
    var producerID: Int64
    var producerEpoch: Int16
    var baseSequence: Int32
    var recordCount: Int32

    /// Bytes of the whole batch.
    var byteCount: Int { Self.lengthOrigin + Int(batchLength) }
    var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }
    var nextOffset: Int64 { lastOffset + 1 }
    /// 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
    var codec: Int16 { attributes & 0b111 }
    var isTransactional: Bool { attributes & 0x10 != 0 }
    var isControl: Bool { attributes & 0x20 != 0 }
    /// The base timestamp is the time from which tombstones may go (KIP-534).
    var hasDeleteHorizon: Bool { attributes & 0x40 != 0 }
    var hasProducer: Bool { producerID >= 0 }
    /// Sequences wrap from `Int32.max` to 0.
    var lastSequence: Int32 {
        baseSequence < 0 ? baseSequence : RecordBatchHeader.sequence(baseSequence, advancedBy: lastOffsetDelta)
    }

    /// Reads the header at the start of `bytes`.
    /// - Returns: nil when the bytes cannot be one: too short, another magic, impossible lengths or counts.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.byteCount else { return nil }
        baseOffset = unsafe bytes.integer(at: 0)
        batchLength = unsafe bytes.integer(at: 8)
        magic = unsafe bytes.integer(at: 16)
        checksum = unsafe bytes.integer(at: 17)
        attributes = unsafe bytes.integer(at: 21)
        lastOffsetDelta = unsafe bytes.integer(at: 23)
        baseTimestamp = unsafe bytes.integer(at: 27)
        maxTimestamp = unsafe bytes.integer(at: 35)
        producerID = unsafe bytes.integer(at: 43)
        producerEpoch = unsafe bytes.integer(at: 51)
        baseSequence = unsafe bytes.integer(at: 53)
        recordCount = unsafe bytes.integer(at: 57)
        guard magic == 2, batchLength >= Self.byteCount - Self.lengthOrigin, lastOffsetDelta >= 0, recordCount >= 0,
            baseOffset >= 0, baseOffset <= Int64.max - Int64(lastOffsetDelta) - 1
        else { return nil }
    }
}
