package import NIOCore

/// Builds one uncompressed record batch of magic 2: for the broker's own topics, for markers and for compaction.
package struct RecordBatchBuilder {
    private var buffer: ByteBuffer
    /// One record, whose length goes before it.
    private var scratch = ByteBuffer()
    private var header: RecordBatchHeader

    /// How many records were appended.
    package var count: Int { Int(header.recordCount) }

    /// Bytes so far, header included.
    package var length: Int { buffer.readableBytes }

    /// An empty batch.
    ///
    /// Record offsets are counted from the base offset, which is 0 where the log gives it. Producer id, epoch and
    /// sequence are -1 without idempotence. The delete horizon is the time, in milliseconds since 1970, from which
    /// compaction may drop the batch's tombstones (KIP-534).
    package init(
        baseOffset: Int64 = 0,
        attributes: RecordBatchAttributes = RecordBatchAttributes(),
        leaderEpoch: Int32 = -1,
        producerID: Int64 = -1,
        producerEpoch: Int16 = -1,
        baseSequence: Int32 = -1,
        deleteHorizon: Int64? = nil
    ) {
        header = RecordBatchHeader(
            baseOffset: baseOffset,
            leaderEpoch: leaderEpoch,
            attributes: attributes,
            producerID: producerID,
            producerEpoch: producerEpoch,
            baseSequence: baseSequence
        )
        if let deleteHorizon {
            header.attributes.hasDeleteHorizon = true
            header.baseTimestamp = deleteHorizon
        }
        buffer = ByteBuffer(repeating: 0, count: RecordBatchHeader.size)
    }

    /// Appends a record behind the last one; its timestamp is in milliseconds since 1970.
    package mutating func append(
        key: ByteBuffer?,
        value: ByteBuffer?,
        headers: [Record.Header] = [],
        timestamp: Int64
    ) {
        let next = header.recordCount == 0 ? header.baseOffset : header.lastOffset + 1
        append(Record(offset: next, timestamp: timestamp, key: key, value: value, headers: headers))
    }

    /// Appends a record at its own offset, so that compaction can leave gaps.
    ///
    /// - Parameter record: Its offset is above that of the record before it and not below the base offset.
    package mutating func append(_ record: Record) {
        let delta = record.offset - header.baseOffset
        precondition(
            delta >= 0 && delta <= Int32.max && (header.recordCount == 0 || delta > header.lastOffsetDelta),
            "record \(record.offset) does not follow \(header.lastOffset)"
        )
        if header.recordCount == 0, !header.attributes.hasDeleteHorizon { header.baseTimestamp = record.timestamp }
        header.maxTimestamp =
            header.recordCount == 0 ? record.timestamp : max(header.maxTimestamp, record.timestamp)
        header.lastOffsetDelta = Int32(delta)
        header.recordCount += 1
        write(record, offsetDelta: delta)
    }

    /// The batch, with its length and checksum.
    ///
    /// A last offset is given to keep that of a batch whose last records compaction removed.
    package consuming func finish(lastOffset: Int64? = nil) -> ByteBuffer {
        if let lastOffset { header.lastOffsetDelta = Int32(clamping: lastOffset - header.baseOffset) }
        header.batchLength = Int32(buffer.readableBytes - RecordBatchHeader.overhead)
        var header = header
        header.write(over: &buffer, at: buffer.readerIndex)
        return buffer
    }

    private mutating func write(_ record: Record, offsetDelta: Int64) {
        scratch.clear()
        scratch.writeInteger(0, as: Int8.self)
        scratch.writeVarlong(record.timestamp &- header.baseTimestamp)
        scratch.writeVarlong(offsetDelta)
        scratch.writeRecordBytes(record.key)
        scratch.writeRecordBytes(record.value)
        scratch.writeVarlong(Int64(record.headers.count))
        for header in record.headers {
            scratch.writeRecordBytes(header.key)
            scratch.writeRecordBytes(header.value)
        }
        buffer.writeVarlong(Int64(scratch.readableBytes))
        buffer.writeImmutableBuffer(scratch)
    }
}

extension RecordBatchHeader {
    fileprivate init(
        baseOffset: Int64,
        leaderEpoch: Int32,
        attributes: RecordBatchAttributes,
        producerID: Int64,
        producerEpoch: Int16,
        baseSequence: Int32
    ) {
        self.baseOffset = baseOffset
        batchLength = 0
        partitionLeaderEpoch = leaderEpoch
        crc = 0
        self.attributes = attributes
        lastOffsetDelta = 0
        baseTimestamp = -1
        maxTimestamp = -1
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.baseSequence = baseSequence
        recordCount = 0
    }

    /// Writes all fields over the first 61 bytes of a whole batch, which starts at the index, with a new checksum.
    package mutating func write(over buffer: inout ByteBuffer, at index: Int) {
        var fields = WireWriter()
        fields.int64(baseOffset)
        fields.int32(batchLength)
        fields.int32(partitionLeaderEpoch)
        fields.int8(2)
        fields.uint32(0)
        fields.int16(attributes.rawValue)
        fields.int32(lastOffsetDelta)
        fields.int64(baseTimestamp)
        fields.int64(maxTimestamp)
        fields.int64(producerID)
        fields.int16(producerEpoch)
        fields.int32(baseSequence)
        fields.int32(recordCount)
        buffer.setBuffer(fields.buffer, at: index)
        guard let batch = buffer.getSlice(at: index, length: totalLength) else { return }
        crc = RecordBatch.crc(of: batch)
        buffer.setInteger(crc, at: index + Self.crcOffset)
    }
}

extension ByteBuffer {
    fileprivate mutating func writeRecordBytes(_ bytes: ByteBuffer?) {
        guard let bytes else { return writeVarlong(-1) }
        writeVarlong(Int64(bytes.readableBytes))
        writeImmutableBuffer(bytes)
    }
}
