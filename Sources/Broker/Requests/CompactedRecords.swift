internal import Compression
internal import KafkaProtocol
internal import NIOCore

/// What a compacted topic asks of its records beyond any topic's: a key each, since that is what they are kept by.
enum CompactedRecords {
    /// What a batch may come to when it is decompressed to be looked at; more is refused, so that a small request
    /// cannot make the broker hold much.
    private static let limit = 64 << 20

    /// Why the records must not be appended; `nil` when they may, or when the log will find what is wrong with them.
    static func problem(with records: ByteBuffer) -> String? {
        do {
            for batch in try RecordBatch.all(in: records) where try !hasKeys(batch) {
                return "a record without a key cannot be kept in a compacted topic"
            }
            return nil
        } catch let error as CompressionError {
            return "the records cannot be decompressed: \(error)"
        } catch {
            return nil
        }
    }

    private static func hasKeys(_ batch: RecordBatch) throws -> Bool {
        let payload = try codec(of: batch).map { try $0.decompress(batch.payload, limit: limit) } ?? batch.payload
        var records = RecordReader(header: batch.header, records: payload)
        while let record = try records.next() {
            if record.key == nil { return false }
        }
        return true
    }

    private static func codec(of batch: RecordBatch) -> Codec? {
        switch batch.header.attributes.compression {
        case .gzip?: .gzip
        case .snappy?: .snappy
        case .lz4?: .lz4
        case .zstd?: .zstd
        case .none?, nil: nil
        }
    }
}
