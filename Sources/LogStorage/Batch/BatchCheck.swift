internal import KafkaProtocol
internal import NIOCore

/// What can be said of batches before they get their place in the log.
enum BatchCheck {
    /// The smallest record: length, attributes, two deltas, two lengths and a header count of one byte each.
    static let smallestRecord = 7

    /// Parses and checks every batch: format, lengths, checksum, counts.
    ///
    /// One pass over the bytes for the checksum; records are not looked at.
    static func headers(
        of bytes: UnsafeRawBufferPointer,
        origin: AppendOrigin,
        configuration: LogConfiguration,
        now: Int64
    ) throws(StorageError) -> [BatchHeader] {
        var headers: [BatchHeader] = []
        var position = 0
        while position < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
            let header = try unsafe header(of: rest)
            try unsafe check(header, UnsafeRawBufferPointer(rebasing: rest[..<header.byteCount]))
            try rules(header, origin: origin, configuration: configuration, now: now)
            headers.append(header)
            position += header.byteCount
        }
        guard !headers.isEmpty else { throw StorageError(.corruptBatch, "no record batch was sent") }
        guard origin != .client || headers.count == 1 || !headers.contains(where: \.hasProducer) else {
            throw StorageError(.invalidRecord, "\(headers.count) batches of an idempotent producer; send one at a time")
        }
        return headers
    }

    private static func header(of bytes: UnsafeRawBufferPointer) throws(StorageError) -> BatchHeader {
        guard bytes.count > 16 else { throw StorageError(.corruptBatch, "a batch of \(bytes.count) bytes is cut off") }
        let magic: Int8 = unsafe bytes.integer(at: 16)
        guard magic == 2 else {
            throw StorageError(.unsupportedFormat, "message format \(magic); this log takes version 2 (Kafka 0.11)")
        }
        guard let header = unsafe BatchHeader(bytes), header.byteCount <= bytes.count else {
            throw StorageError(.corruptBatch, "a batch header does not fit its \(bytes.count) bytes")
        }
        return header
    }

    private static func check(_ header: BatchHeader, _ batch: UnsafeRawBufferPointer) throws(StorageError) {
        let checksum = unsafe CRC32C.checksum(UnsafeRawBufferPointer(rebasing: batch[BatchHeader.checksumOrigin...]))
        guard checksum == header.checksum else {
            throw StorageError(.corruptBatch, "the checksum of a batch of \(batch.count) bytes does not match")
        }
        guard header.codec <= 4 else { throw StorageError(.corruptBatch, "unknown compression \(header.codec)") }
        if header.codec == 0 {
            let room = batch.count - BatchHeader.byteCount
            guard Int(header.recordCount) <= room / smallestRecord else {
                throw StorageError(.corruptBatch, "\(header.recordCount) records cannot be in \(room) bytes")
            }
        }
    }

    private static func rules(
        _ header: BatchHeader,
        origin: AppendOrigin,
        configuration: LogConfiguration,
        now: Int64
    ) throws(StorageError) {
        guard header.byteCount <= configuration.maxBatchBytes || origin == .replicated else {
            let limit = configuration.maxBatchBytes
            throw StorageError(.batchTooLarge, "a batch of \(header.byteCount) bytes; max.message.bytes is \(limit)")
        }
        guard origin != .replicated else { return }
        guard header.recordCount > 0, header.lastOffsetDelta == header.recordCount - 1 else {
            let said = "\(header.recordCount) records with a last offset delta of \(header.lastOffsetDelta)"
            throw StorageError(.invalidRecord, said)
        }
        guard !header.isControl else { throw StorageError(.invalidRecord, "control records come from the broker only") }
        if header.hasProducer, origin == .client, header.producerEpoch < 0 || header.baseSequence < 0 {
            throw StorageError(.invalidRecord, "producer id without epoch and sequence")
        }
        guard header.isTransactional == false || header.hasProducer else {
            throw StorageError(.invalidRecord, "a transactional batch without producer id")
        }
        if let future = configuration.maxFutureMilliseconds, configuration.timestamps == .createTime,
            header.maxTimestamp > now, header.maxTimestamp - now > future
        {
            throw StorageError(.invalidTimestamp, "timestamp \(header.maxTimestamp) is more than \(future) ms ahead")
        }
    }
}
