package import NIOCore

/// The marker that ends a transaction in one partition: the only record of its control batch.
///
/// Key: version int16 (0), type int16 (0 abort, 1 commit). Value: version int16 (0), coordinator epoch int32.
/// Source: https://kafka.apache.org/documentation/#controlbatch.
package struct ControlRecord: Equatable, Sendable {
    /// Whether the transaction's records count, or readers skip them.
    package var isCommit: Bool
    package var coordinatorEpoch: Int32

    package init(isCommit: Bool, coordinatorEpoch: Int32) {
        self.isCommit = isCommit
        self.coordinatorEpoch = coordinatorEpoch
    }

    /// - Throws: `invalidBatch` for a batch that is not a marker's; `invalidValue` for a marker of another type.
    package init(_ batch: RecordBatch) throws(ProtocolError) {
        var records = try RecordReader(batch)
        guard batch.header.attributes.isControl, let record = try records.next(), let key = record.key else {
            throw ProtocolError(.invalidBatch, "a control batch holds no marker", at: 0)
        }
        var keyReader = WireReader(key)
        _ = try keyReader.int16()
        let type = try keyReader.int16()
        guard type == 0 || type == 1 else {
            throw ProtocolError(.invalidValue, "a marker of type \(type) is neither abort (0) nor commit (1)", at: 0)
        }
        isCommit = type == 1
        guard let value = record.value else {
            throw ProtocolError(.unexpectedNull, "a marker has no value", at: 0)
        }
        var valueReader = WireReader(value)
        _ = try valueReader.int16()
        coordinatorEpoch = try valueReader.int32()
    }

    /// A whole control batch with this marker; the timestamp is in milliseconds since 1970.
    package func batch(
        producerID: Int64,
        producerEpoch: Int16,
        timestamp: Int64,
        baseOffset: Int64 = 0,
        leaderEpoch: Int32 = -1
    ) -> ByteBuffer {
        var builder = RecordBatchBuilder(
            baseOffset: baseOffset,
            attributes: RecordBatchAttributes(isTransactional: true, isControl: true),
            leaderEpoch: leaderEpoch,
            producerID: producerID,
            producerEpoch: producerEpoch
        )
        var key = WireWriter()
        key.int16(0)
        key.int16(isCommit ? 1 : 0)
        var value = WireWriter()
        value.int16(0)
        value.int32(coordinatorEpoch)
        builder.append(key: key.buffer, value: value.buffer, timestamp: timestamp)
        return builder.finish()
    }
}
