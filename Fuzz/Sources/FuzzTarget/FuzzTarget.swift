import Compression
import KafkaProtocol
import NIOCore

/// What libFuzzer calls with each input: a request as it comes over a connection, without its length.
///
/// An input whose API key is negative is a `RECORDS` field behind these two bytes instead. Every input ends in a value
/// or a `ProtocolError`; a trap, a hang and an allocation over `-malloc_limit_mb` are findings.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = ByteBuffer(bytes: UnsafeBufferPointer(start: start, count: count))
    do {
        if let key = input.getInteger(at: 0, as: Int16.self), key < 0 {
            try readRecords(input.getSlice(at: 2, length: input.readableBytes - 2) ?? ByteBuffer())
        } else {
            try readRequest(input)
        }
    } catch {
        // Records that were compressed may be more than the input.
        let end = max(count, decompressedLimit)
        precondition(error.byteOffset >= 0 && error.byteOffset <= end, "an error behind the input: \(error)")
    }
    return 0
}

private func readRequest(_ input: ByteBuffer) throws(ProtocolError) {
    var reader = WireReader(input)
    let header = try RequestHeader(from: &reader)
    guard header.isSupported, let type = header.apiKey.requestType else { return }
    let body = try type.init(from: &reader, version: header.apiVersion)
    guard let produce = body as? ProduceRequest else { return }
    for topic in produce.topicData {
        for partition in topic.partitionData {
            if let records = partition.records { try readRecords(records) }
        }
    }
}

private func readRecords(_ records: ByteBuffer) throws(ProtocolError) {
    for batch in try RecordBatch.all(in: records) {
        // The fuzzer cannot guess checksums: what follows is read whether or not this one holds.
        do { try batch.checkFromProducer() } catch {}
        guard let payload = decompressed(batch) else { continue }
        var reader = RecordReader(header: batch.header, records: payload)
        while try reader.next() != nil {}
        if batch.header.attributes.isControl { _ = try ControlRecord(batch) }
        patch(batch)
    }
}

private let decompressedLimit = 1 << 20

/// The records as they were before the codec; nil when they are not what it makes, or would be more than the limit.
private func decompressed(_ batch: RecordBatch) -> ByteBuffer? {
    let codec: Codec
    switch batch.header.attributes.compression {
    case .gzip?: codec = .gzip
    case .snappy?: codec = .snappy
    case .lz4?: codec = .lz4
    case .zstd?: codec = .zstd
    case nil, Compression.none?: return batch.payload
    }
    do {
        let payload = try codec.decompress(batch.payload, limit: decompressedLimit)
        precondition(payload.readableBytes <= decompressedLimit, "\(codec) made \(payload.readableBytes) bytes")
        return payload
    } catch {
        return nil
    }
}

/// What the log does to a batch must leave one that it can read.
private func patch(_ batch: RecordBatch) {
    var bytes = batch.bytes
    RecordBatchHeader.patch(&bytes, at: bytes.readerIndex, baseOffset: 5, leaderEpoch: 1)
    batch.header.patchLogAppendTime(&bytes, at: bytes.readerIndex, time: 7)
    do {
        let patched = try RecordBatch(readingFrom: &bytes)
        try patched.checkCRC()
        precondition(patched.header.maxTimestamp == 7 && patched.header.baseOffset == 5)
    } catch {
        preconditionFailure("a patched batch is not readable: \(error)")
    }
}
