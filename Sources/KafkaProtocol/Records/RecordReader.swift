package import NIOCore

/// Reads the records of one batch, in their order, without copying keys and values.
///
/// A record: length varint; attributes int8; timestampDelta varlong; offsetDelta varint; key and value, each a
/// varint length (-1 null) and its bytes; a varint count of headers, each a key that is not null and a value.
/// Source: https://kafka.apache.org/documentation/#record.
package struct RecordReader {
    private let header: RecordBatchHeader
    private var rest: ByteBuffer
    private var unread: Int32
    private let length: Int
    /// Bytes of `length` that are not in `rest` while a record is read.
    private var behind = 0

    /// - Throws: `invalidBatch` when the batch is compressed: decompress its payload and use `init(header:records:)`.
    package init(_ batch: RecordBatch) throws(ProtocolError) {
        guard batch.header.attributes.compression == Compression.none else {
            throw ProtocolError(.invalidBatch, "the records of a compressed batch are not readable as they are", at: 0)
        }
        self.init(header: batch.header, records: batch.payload)
    }

    /// Reads records that are not compressed (any more).
    package init(header: RecordBatchHeader, records: ByteBuffer) {
        self.header = header
        rest = records
        unread = header.recordCount
        length = records.readableBytes
    }

    /// The next record, nil behind the last.
    ///
    /// - Throws: `truncated`, `invalidLength`, `invalidVarint`; `invalidBatch` when bytes are left behind the last
    ///   record, or an offset is outside the batch.
    package mutating func next() throws(ProtocolError) -> Record? {
        guard unread > 0 else {
            guard rest.readableBytes == 0 else {
                throw fault(.invalidBatch, "\(rest.readableBytes) bytes are left behind a batch's last record")
            }
            return nil
        }
        let length = try varint()
        guard length >= 0 else { throw fault(.invalidLength, "a record has a length of \(length)") }
        guard var content = rest.readSlice(length: Int(length)) else {
            throw fault(.truncated, "a record of \(length) bytes has \(rest.readableBytes)")
        }
        // Reads inside the record must not go beyond it.
        swap(&content, &rest)
        behind = content.readableBytes
        let record = try body()
        swap(&content, &rest)
        behind = 0
        unread -= 1
        return record
    }

    private mutating func body() throws(ProtocolError) -> Record {
        guard rest.readInteger(as: Int8.self) != nil else { throw fault(.truncated, "a record is empty") }
        let timestampDelta = try rest.readVarlong(before: length - behind)
        let offsetDelta = try varint()
        guard offsetDelta >= 0, offsetDelta <= header.lastOffsetDelta else {
            throw fault(.invalidBatch, "an offset delta of \(offsetDelta) is outside its batch")
        }
        let isLogAppendTime = header.attributes.isLogAppendTime
        let record = Record(
            offset: header.baseOffset + Int64(offsetDelta),
            timestamp: isLogAppendTime ? header.maxTimestamp : header.baseTimestamp &+ timestampDelta,
            key: try bytes(),
            value: try bytes(),
            headers: try headers()
        )
        guard rest.readableBytes == 0 else {
            throw fault(.invalidBatch, "a record is \(rest.readableBytes) bytes longer than its content")
        }
        return record
    }

    private mutating func headers() throws(ProtocolError) -> [Record.Header] {
        let count = try varint()
        // A header takes two bytes at least.
        guard count >= 0, Int(count) <= rest.readableBytes / 2 else {
            throw fault(.invalidLength, "\(count) headers have \(rest.readableBytes) bytes")
        }
        var headers: [Record.Header] = []
        for _ in 0..<count {
            guard let key = try bytes() else { throw fault(.unexpectedNull, "a record header has no key") }
            headers.append(Record.Header(key: key, value: try bytes()))
        }
        return headers
    }

    private mutating func bytes() throws(ProtocolError) -> ByteBuffer? {
        let length = try varint()
        if length == -1 { return nil }
        guard length >= 0 else { throw fault(.invalidLength, "a length of \(length)") }
        guard let bytes = rest.readSlice(length: Int(length)) else {
            throw fault(.truncated, "\(length) bytes are needed and \(rest.readableBytes) are left")
        }
        return bytes
    }

    private mutating func varint() throws(ProtocolError) -> Int32 {
        let value = try rest.readVarlong(before: length - behind)
        guard let result = Int32(exactly: value) else {
            throw fault(.invalidVarint, "a variable-length integer does not fit 32 bits")
        }
        return result
    }

    private var position: Int { length - behind - rest.readableBytes }

    private func fault(_ code: ProtocolError.Code, _ message: String) -> ProtocolError {
        ProtocolError(code, message, at: position)
    }
}
