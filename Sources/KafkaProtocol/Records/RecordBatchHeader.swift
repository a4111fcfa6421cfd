package import NIOCore

/// The first 61 bytes of a record batch of magic 2, which describe the records behind them.
///
/// ```
///  0 baseOffset int64        21 attributes int16         43 producerId int64
///  8 batchLength int32       23 lastOffsetDelta int32    51 producerEpoch int16
/// 12 partitionLeaderEpoch    27 baseTimestamp int64      53 baseSequence int32
/// 16 magic int8              35 maxTimestamp int64       57 recordCount int32
/// 17 crc uint32, over 21 to the end                      61 records, compressed or not
/// ```
/// Source: https://kafka.apache.org/documentation/#recordbatch.
package struct RecordBatchHeader: Equatable, Sendable {
    /// Bytes of the header.
    package static let size = 61
    /// Bytes of the base offset and the batch length, which the batch length does not count.
    package static let overhead = 12

    package var baseOffset: Int64
    /// Bytes of the batch behind this field: 49 and the records.
    package var batchLength: Int32
    package var partitionLeaderEpoch: Int32
    package var crc: UInt32
    package var attributes: RecordBatchAttributes
    /// The last record's offset less the base offset; compaction may have removed that record.
    package var lastOffsetDelta: Int32
    /// Milliseconds since 1970, of the first record.
    package var baseTimestamp: Int64
    /// Milliseconds since 1970, the greatest of all records.
    package var maxTimestamp: Int64
    /// -1 without idempotence.
    package var producerID: Int64
    package var producerEpoch: Int16
    /// Of the first record; -1 without idempotence and for control batches.
    package var baseSequence: Int32
    package var recordCount: Int32

    /// Bytes of the whole batch.
    package var totalLength: Int { Int(batchLength) + Self.overhead }

    package var lastOffset: Int64 { baseOffset + Int64(lastOffsetDelta) }

    /// Of the last record. Sequences go on at 0 behind `Int32.max`.
    package var lastSequence: Int32 {
        baseSequence == -1 ? -1 : Self.sequence(baseSequence, advancedBy: lastOffsetDelta)
    }

    package var hasProducer: Bool { producerID >= 0 }

    package static func sequence(_ sequence: Int32, advancedBy delta: Int32) -> Int32 {
        Int32(truncatingIfNeeded: (Int64(sequence) + Int64(delta)) & Int64(Int32.max))
    }

    /// Reads the header at an index of a buffer and checks what holds for every batch, in a request or on disk:
    /// magic, length, counts and codec. The checksum is a matter of its own: `checkCRC(in:at:)`.
    ///
    /// - Parameters:
    ///   - buffer: May end inside the batch, so that the header alone can be read from a file.
    ///   - index: Of `buffer`, absolute like its `readerIndex`.
    /// - Throws: `truncated` when fewer than 61 bytes are there, `unsupportedMagic`, `invalidBatch`.
    package init(parsing buffer: ByteBuffer, at index: Int) throws(ProtocolError) {
        let start = index - buffer.readerIndex
        guard let magic = buffer.getInteger(at: index + Self.magicOffset, as: Int8.self) else {
            throw ProtocolError(.truncated, "a record batch has no \(Self.size) bytes for its header", at: start)
        }
        guard magic == 2 else {
            throw ProtocolError(
                .unsupportedMagic,
                "a record batch has magic \(magic); 2 is written since Kafka 0.11",
                at: start
            )
        }
        guard let fields = buffer.getSlice(at: index, length: Self.size) else {
            throw ProtocolError(.truncated, "a record batch has no \(Self.size) bytes for its header", at: start)
        }
        var reader = WireReader(fields)
        baseOffset = try reader.int64()
        batchLength = try reader.int32()
        partitionLeaderEpoch = try reader.int32()
        _ = try reader.int8()
        crc = try reader.uint32()
        attributes = RecordBatchAttributes(rawValue: try reader.int16())
        lastOffsetDelta = try reader.int32()
        baseTimestamp = try reader.int64()
        maxTimestamp = try reader.int64()
        producerID = try reader.int64()
        producerEpoch = try reader.int16()
        baseSequence = try reader.int32()
        recordCount = try reader.int32()
        if let fault { throw ProtocolError(.invalidBatch, fault, at: start) }
    }

    /// What no batch may say, nil when it is in order.
    private var fault: String? {
        if batchLength < Self.size - Self.overhead { return "a batch length of \(batchLength) is below the header's" }
        if lastOffsetDelta < 0 { return "a last offset delta of \(lastOffsetDelta) is negative" }
        if baseOffset < 0 || baseOffset > Int64.max - Int64(lastOffsetDelta) {
            return "a base offset of \(baseOffset) is no offset"
        }
        if recordCount < 0 { return "a record count of \(recordCount) is negative" }
        // Compaction leaves gaps in the offsets and keeps their last.
        if Int64(recordCount) > Int64(lastOffsetDelta) + 1 {
            return "\(recordCount) records do not fit a last offset delta of \(lastOffsetDelta)"
        }
        if attributes.compression == nil { return "codec \(attributes.rawValue & 7) is not one of 0 to 4" }
        return nil
    }

    static let magicOffset = 16
}
