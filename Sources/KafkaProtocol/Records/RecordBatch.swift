package import NIOCore

/// One whole record batch of magic 2: its header and its bytes, not copied.
package struct RecordBatch: Sendable {
    package let header: RecordBatchHeader
    /// The whole batch, header and records.
    package let bytes: ByteBuffer

    /// Takes the batch at the front of a buffer and moves behind it. The checksum is not looked at.
    ///
    /// - Throws: `truncated` when the buffer ends inside the batch, `unsupportedMagic`, `invalidBatch`.
    package init(readingFrom buffer: inout ByteBuffer) throws(ProtocolError) {
        header = try RecordBatchHeader(parsing: buffer, at: buffer.readerIndex)
        guard let bytes = buffer.readSlice(length: header.totalLength) else {
            throw ProtocolError(
                .truncated,
                "a record batch of \(header.totalLength) bytes has \(buffer.readableBytes)",
                at: 0
            )
        }
        self.bytes = bytes
    }

    /// All batches of a `RECORDS` field.
    ///
    /// - Throws: As `init(readingFrom:)`; what is left behind the last whole batch is an error.
    package static func all(in records: ByteBuffer) throws(ProtocolError) -> [RecordBatch] {
        var rest = records
        var batches: [RecordBatch] = []
        while rest.readableBytes > 0 { batches.append(try RecordBatch(readingFrom: &rest)) }
        return batches
    }

    /// The records' bytes as the producer compressed them.
    package var payload: ByteBuffer {
        var rest = bytes
        rest.moveReaderIndex(forwardBy: RecordBatchHeader.size)
        return rest
    }

    /// - Throws: `crcMismatch` when the bytes from the attributes to the end do not give the header's checksum.
    package func checkCRC() throws(ProtocolError) {
        let computed = Self.crc(of: bytes)
        guard computed == header.crc else {
            let message = "a record batch's checksum is \(computed) and its header says \(header.crc)"
            throw ProtocolError(.crcMismatch, message, at: 0)
        }
    }

    /// What must hold for a batch that a producer sends and need not for one on disk.
    ///
    /// - Throws: `crcMismatch`; `invalidBatch` for an empty batch, gaps in the offsets, a control batch, and for
    ///   sequences or transactions without a producer id.
    package func checkFromProducer() throws(ProtocolError) {
        try checkCRC()
        if let fault = faultFromProducer { throw ProtocolError(.invalidBatch, fault, at: 0) }
    }

    private var faultFromProducer: String? {
        if header.recordCount < 1 { return "a record batch is empty" }
        if header.recordCount != header.lastOffsetDelta + 1 {
            return "\(header.recordCount) records have a last offset delta of \(header.lastOffsetDelta)"
        }
        if header.attributes.isControl { return "producers write no control batches" }
        if header.hasProducer, header.producerEpoch < 0 || header.baseSequence < 0 {
            return "a producer id comes without an epoch or a sequence"
        }
        if header.attributes.isTransactional, !header.hasProducer {
            return "a transactional batch has no producer id"
        }
        return nil
    }

    static func crc(of batch: ByteBuffer) -> UInt32 {
        unsafe batch.withUnsafeReadableBytes { bytes in
            unsafe CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(RecordBatchHeader.crcStart)))
        }
    }
}
