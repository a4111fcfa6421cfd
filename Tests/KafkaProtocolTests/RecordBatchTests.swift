import KafkaProtocol
import NIOCore
import Testing

@Suite struct RecordBatchTests {
    /// Three records with headers, an empty value and a tombstone, by kafka-python 3.0.12.
    static let plain = ByteBuffer(
        hex: """
            00000000000000000000005b000000000237d2116a0000000000020000018bcfe568000000018bcfe56805ffffffffffffff
            ffffffffffffff000000032e000000066b65790a76616c7565040468310278046832010c000a0201000014001304046b3301
            020000
            """
    )
    /// The same records of producer 4711 in a transaction, its first sequence one below the last there is.
    static let transactional = ByteBuffer(
        hex: """
            00000000000000000000005b0000000002d14f3fd40010000000020000018bcfe568000000018bcfe5680500000000000012
            6700037ffffffe000000032e000000066b65790a76616c7565040468310278046832010c000a0201000014001304046b3301
            020000
            """
    )
    static let compressed: [(codec: Compression, bytes: ByteBuffer)] = [
        (
            .gzip,
            ByteBuffer(
                hex: """
                    0000000000000000000000580000000002a015c27d0001000000000000018bcfe568000000018bcfe56800ffffffffffffff
                    ffffffffffffff000000011f8b0800913c036b02ff5bc2ccc0c0c0969d5a3981b92c31a7347518100c00f5100c35d4000000
                    """
            )
        ),
        (
            .lz4,
            ByteBuffer(
                hex: """
                    0000000000000000000000630000000002626cdac30003000000000000018bcfe568000000018bcfe56800ffffffffffffff
                    ffffffffffffff0000000104224d186840d400000000000000d31b000000ff01a403000000066b6579900376616c75650500
                    ac50616c75650000000000
                    """
            )
        ),
    ]

    private let records = [
        Record(
            offset: 0,
            timestamp: 1_700_000_000_000,
            key: ByteBuffer(string: "key"),
            value: ByteBuffer(string: "value"),
            headers: [
                .init(key: ByteBuffer(string: "h1"), value: ByteBuffer(string: "x")),
                .init(key: ByteBuffer(string: "h2"), value: nil),
            ]
        ),
        Record(offset: 1, timestamp: 1_700_000_000_005, key: nil, value: ByteBuffer()),
        Record(
            offset: 2,
            timestamp: 1_699_999_999_990,
            key: ByteBuffer(string: "k3"),
            value: nil,
            headers: [.init(key: ByteBuffer(), value: ByteBuffer())]
        ),
    ]

    @Test func theHeaderSaysWhatTheProducerWrote() throws {
        let batch = try RecordBatch(Self.transactional)
        let header = batch.header
        #expect(header.batchLength == 91)
        #expect(header.totalLength == 103)
        #expect(header.attributes.compression == Compression.none)
        #expect(header.attributes.isTransactional && !header.attributes.isControl)
        #expect(header.baseTimestamp == 1_700_000_000_000 && header.maxTimestamp == 1_700_000_000_005)
        #expect(header.producerID == 4711 && header.producerEpoch == 3)
        #expect(header.baseSequence == Int32.max - 1)
        // Sequences go on at 0 behind the greatest.
        #expect(header.lastSequence == 0)
        #expect(header.recordCount == 3 && header.lastOffsetDelta == 2)
        try batch.checkFromProducer()
    }

    @Test func recordsAreReadAsTheProducerWroteThem() throws {
        #expect(try read(RecordBatch(Self.plain)) == records)
        #expect(try read(RecordBatch(Self.transactional)) == records)
    }

    @Test func theBuilderWritesWhatAnotherImplementationWrites() {
        var builder = RecordBatchBuilder(leaderEpoch: 0)
        for record in records { builder.append(record) }
        #expect(builder.finish().hex == Self.plain.hex)
        var inTransaction = RecordBatchBuilder(
            attributes: RecordBatchAttributes(isTransactional: true),
            leaderEpoch: 0,
            producerID: 4711,
            producerEpoch: 3,
            baseSequence: .max - 1
        )
        for record in records {
            inTransaction.append(
                key: record.key,
                value: record.value,
                headers: record.headers,
                timestamp: record.timestamp
            )
        }
        #expect(inTransaction.length == Self.transactional.readableBytes)
        #expect(inTransaction.finish().hex == Self.transactional.hex)
    }

    @Test func compressedBatchesAreCheckedAndNotOpened() throws {
        for (codec, bytes) in Self.compressed {
            let batch = try RecordBatch(bytes)
            #expect(batch.header.attributes.compression == codec)
            try batch.checkFromProducer()
            #expect(throws: ProtocolError.self) { _ = try RecordReader(batch) }
        }
    }

    @Test func everyFlippedBitBehindTheChecksumIsFound() throws {
        for bit in 0..<(Self.plain.readableBytes - 21) * 8 {
            var bytes = Self.plain
            let position = bytes.readerIndex + 21 + bit / 8
            bytes.setInteger(bytes.readableBytesView[position] ^ UInt8(1 << (bit % 8)), at: position)
            let error = #expect(throws: ProtocolError.self) {
                try RecordBatch(bytes).checkCRC()
            }
            #expect(error?.errorCode == .corruptMessage)
        }
    }

    @Test(arguments: [Int8(0), 1, 3, -1]) func otherMagicsAreNotSupported(_ magic: Int8) {
        var bytes = Self.plain
        bytes.setInteger(magic, at: bytes.readerIndex + 16)
        let error = #expect(throws: ProtocolError.self) { try RecordBatch(bytes) }
        #expect(error?.errorCode == .unsupportedForMessageFormat)
    }

    @Test func aTruncatedBatchIsATypedErrorAtEveryLength() throws {
        for length in 0..<Self.plain.readableBytes {
            let part = try #require(Self.plain.getSlice(at: Self.plain.readerIndex, length: length))
            let error = #expect(throws: ProtocolError.self) { try RecordBatch(part) }
            #expect(error?.code == .truncated)
        }
    }

    @Test func severalBatchesAreTakenOneByOne() throws {
        var both = ByteBuffer()
        both.writeImmutableBuffer(Self.plain)
        both.writeImmutableBuffer(Self.transactional)
        let batches = try RecordBatch.all(in: both)
        #expect(batches.map(\.header.producerID) == [-1, 4711])
        #expect(batches.map(\.bytes.hex) == [Self.plain.hex, Self.transactional.hex])
        both.writeInteger(UInt8(0))
        #expect(throws: ProtocolError.self) { try RecordBatch.all(in: both) }
    }

    @Test func itsPlaceInTheLogIsNotUnderTheChecksum() throws {
        var bytes = ByteBuffer(string: "before")
        bytes.writeImmutableBuffer(Self.plain)
        bytes.moveReaderIndex(forwardBy: 6)
        RecordBatchHeader.patch(&bytes, at: bytes.readerIndex, baseOffset: 1_000_000, leaderEpoch: 7)
        let batch = try RecordBatch(bytes)
        try batch.checkCRC()
        #expect(batch.header.baseOffset == 1_000_000 && batch.header.lastOffset == 1_000_002)
        #expect(batch.header.partitionLeaderEpoch == 7)
        #expect(try read(batch).map(\.offset) == [1_000_000, 1_000_001, 1_000_002])
    }

    @Test func logAppendTimeReplacesEveryTimestamp() throws {
        var bytes = Self.plain
        let header = try RecordBatchHeader(parsing: bytes, at: bytes.readerIndex)
        header.patchLogAppendTime(&bytes, at: bytes.readerIndex, time: 1_800_000_000_000)
        let batch = try RecordBatch(bytes)
        try batch.checkCRC()
        #expect(batch.header.attributes.isLogAppendTime)
        #expect(try read(batch).map(\.timestamp) == [Int64](repeating: 1_800_000_000_000, count: 3))
    }

    @Test func compactionKeepsOffsetsAndTheBatchsLast() throws {
        var builder = RecordBatchBuilder(baseOffset: 10, deleteHorizon: 1_600_000_000_000)
        builder.append(Record(offset: 12, timestamp: 1_700_000_000_000, key: ByteBuffer(string: "k"), value: nil))
        builder.append(Record(offset: 15, timestamp: 1_700_000_000_001, key: ByteBuffer(string: "l"), value: nil))
        let batch = try RecordBatch(builder.finish(lastOffset: 19))
        try batch.checkCRC()
        #expect(batch.header.lastOffset == 19 && batch.header.recordCount == 2)
        #expect(batch.header.attributes.hasDeleteHorizon && batch.header.baseTimestamp == 1_600_000_000_000)
        let records = try read(batch)
        #expect(records.map(\.offset) == [12, 15])
        #expect(records.map(\.timestamp) == [1_700_000_000_000, 1_700_000_000_001])
        // On disk that is in order; from a producer it is not.
        #expect(throws: ProtocolError.self) { try batch.checkFromProducer() }
    }

    private func read(_ batch: RecordBatch) throws -> [Record] {
        var reader = try RecordReader(batch)
        var records: [Record] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }
}

extension RecordBatch {
    init(_ bytes: ByteBuffer) throws(ProtocolError) {
        var rest = bytes
        try self.init(readingFrom: &rest)
    }
}
