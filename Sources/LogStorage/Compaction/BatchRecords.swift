internal import Compression
internal import KafkaProtocol
internal import NIOCore

/// A batch's records out of their compression, and back into it.
enum BatchRecords {
    /// - Throws: `.damaged` when the records are not what their codec or format makes.
    static func read(_ batch: RecordBatch) throws(StorageError) -> [Record] {
        do {
            let codec = try codec(of: batch.header)
            let payload = try codec.map { try $0.decompress(batch.payload) } ?? batch.payload
            var reader = RecordReader(header: batch.header, records: payload)
            var records: [Record] = []
            while let record = try reader.next() { records.append(record) }
            return records
        } catch {
            let place = "the records of the batch at offset \(batch.header.baseOffset)"
            throw StorageError(.damaged, "\(place) cannot be read: \(error)")
        }
    }

    /// The batch with only these records, its offsets, producer and sequences as they were.
    ///
    /// From the delete horizon (ms) on tombstones may go; when nil, the batch's own stays.
    static func rewritten(
        _ batch: RecordBatch,
        with records: [Record],
        deleteHorizon: Int64?
    ) throws(StorageError) -> ByteBuffer {
        let header = batch.header
        var builder = RecordBatchBuilder(
            baseOffset: header.baseOffset,
            attributes: RecordBatchAttributes(rawValue: header.attributes.rawValue & ~0x47),
            leaderEpoch: header.partitionLeaderEpoch,
            producerID: header.producerID,
            producerEpoch: header.producerEpoch,
            baseSequence: header.baseSequence,
            deleteHorizon: deleteHorizon ?? (header.attributes.hasDeleteHorizon ? header.baseTimestamp : nil)
        )
        for record in records { builder.append(record) }
        let plain = builder.finish(lastOffset: header.lastOffset)
        guard !records.isEmpty else { return plain }
        return try compressed(plain, like: header)
    }

    private static func compressed(
        _ plain: ByteBuffer,
        like original: RecordBatchHeader
    ) throws(StorageError) -> ByteBuffer {
        do {
            guard let codec = try codec(of: original) else { return plain }
            var rest = plain
            let batch = try RecordBatch(readingFrom: &rest)
            let payload = try codec.compress(batch.payload)
            var header = batch.header
            header.attributes = RecordBatchAttributes(
                rawValue: header.attributes.rawValue | (original.attributes.rawValue & 7)
            )
            header.batchLength = Int32(RecordBatchHeader.size - RecordBatchHeader.overhead + payload.readableBytes)
            var bytes = ByteBuffer(repeating: 0, count: RecordBatchHeader.size)
            bytes.writeImmutableBuffer(payload)
            header.write(over: &bytes, at: bytes.readerIndex)
            return bytes
        } catch {
            throw StorageError(.io, "the batch at offset \(original.baseOffset) cannot be compressed again: \(error)")
        }
    }

    private static func codec(of header: RecordBatchHeader) throws -> Codec? {
        switch header.attributes.compression {
        case .none?: nil
        case .gzip?: .gzip
        case .snappy?: .snappy
        case .lz4?: .lz4
        case .zstd?: .zstd
        case nil: throw StorageError(.damaged, "unknown codec \(header.attributes.rawValue & 7)")
        }
    }
}
