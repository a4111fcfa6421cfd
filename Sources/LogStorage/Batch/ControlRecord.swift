/// What a control batch says (Kafka's `ControlRecordType` and `EndTransactionMarker`).
struct ControlRecord: Sendable, Hashable {
    var committed: Bool
    var coordinatorEpoch: Int32

    /// - Returns: nil when the batch holds no commit or abort marker (other control types end no transaction).
    init?(batch: [UInt8]) {
        var cursor = RecordCursor(batch, count: 1)
        guard let record = cursor.next(), let key = record.key, let value = record.value, key.count >= 4, value.count >= 6
        else { return nil }
        let type: Int16 = batch.integer(at: key.lowerBound + 2)
        guard type == 0 || type == 1 else { return nil }
        committed = type == 1
        coordinatorEpoch = batch.integer(at: value.lowerBound + 2)
    }

    init(committed: Bool, coordinatorEpoch: Int32) {
        self.committed = committed
        self.coordinatorEpoch = coordinatorEpoch
    }

    /// The whole batch with base offset 0 and a right checksum.
    func batch(producerID: Int64, epoch: Int16, now: Int64) -> [UInt8] {
        var record: [UInt8] = [0, 0, 0]
        record.append(4 << 1)
        record.appendBigEndian(Int16(0))
        record.appendBigEndian(Int16(committed ? 1 : 0))
        record.append(6 << 1)
        record.appendBigEndian(Int16(0))
        record.appendBigEndian(coordinatorEpoch)
        record.append(0)
        var batch: [UInt8] = []
        batch.appendBigEndian(Int64(0))
        batch.appendBigEndian(Int32(BatchHeader.byteCount - BatchHeader.lengthOrigin + 1 + record.count))
        batch.appendBigEndian(Int32(-1))
        batch.append(2)
        batch.appendBigEndian(UInt32(0))
        batch.appendBigEndian(Int16(0x30))
        batch.appendBigEndian(Int32(0))
        batch.appendBigEndian(now)
        batch.appendBigEndian(now)
        batch.appendBigEndian(producerID)
        batch.appendBigEndian(epoch)
        batch.appendBigEndian(Int32(-1))
        batch.appendBigEndian(Int32(1))
        batch.append(UInt8(record.count << 1))
        batch += record
        BatchBytes.seal(&batch)
        return batch
    }
}

/// Patches of a batch held in memory.
enum BatchBytes {
    /// Writes the checksum of what is there now.
    static func seal(_ batch: inout [UInt8]) {
        let checksum = unsafe batch.withUnsafeBytes { bytes in
            unsafe Checksum.crc32c(UnsafeRawBufferPointer(rebasing: bytes[BatchHeader.checksumOrigin...]))
        }
        batch.storeBigEndian(checksum, at: 17)
    }
}
