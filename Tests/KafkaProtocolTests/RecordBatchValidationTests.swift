import KafkaProtocol
import NIOCore
import Testing

@Suite struct RecordBatchValidationTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Of the field in the batch.
        var position: Int
        var bytes: [UInt8]
    }

    @Test(arguments: [
        Fault(testDescription: "a length below the header's", position: 8, bytes: [0, 0, 0, 48]),
        Fault(testDescription: "a negative length", position: 8, bytes: [0x80, 0, 0, 0]),
        Fault(testDescription: "a negative base offset", position: 0, bytes: [0xFF]),
        Fault(
            testDescription: "a base offset whose last one overflows",
            position: 0,
            bytes: [0x7F] + .init(repeating: 0xFF, count: 7)
        ),
        Fault(testDescription: "a codec that does not exist", position: 21, bytes: [0, 5]),
        Fault(testDescription: "a negative last offset delta", position: 23, bytes: [0xFF]),
        Fault(testDescription: "a negative count", position: 57, bytes: [0xFF]),
        Fault(testDescription: "more records than offsets", position: 57, bytes: [0, 0, 0, 4]),
    ])
    func noBatchMayHave(_ fault: Fault) {
        var bytes = RecordBatchTests.plain
        bytes.setBytes(fault.bytes, at: bytes.readerIndex + fault.position)
        let error = #expect(throws: ProtocolError.self) { try RecordBatch(bytes) }
        #expect(error?.code == .invalidBatch)
        #expect(error?.errorCode == .corruptMessage)
    }

    @Test(arguments: [
        Fault(testDescription: "no records", position: 57, bytes: [0, 0, 0, 0]),
        Fault(testDescription: "gaps in the offsets", position: 23, bytes: [0, 0, 0, 9]),
        Fault(testDescription: "a marker", position: 21, bytes: [0, 0x30]),
        Fault(testDescription: "a producer id without an epoch", position: 51, bytes: [0xFF, 0xFF]),
        Fault(testDescription: "a producer id without a sequence", position: 53, bytes: [0xFF, 0xFF, 0xFF, 0xFF]),
        Fault(
            testDescription: "a transaction without a producer id",
            position: 43,
            bytes: .init(repeating: 0xFF, count: 8)
        ),
    ])
    func noProducerMaySend(_ fault: Fault) throws {
        var bytes = RecordBatchTests.transactional
        bytes.setBytes(fault.bytes, at: bytes.readerIndex + fault.position)
        bytes = try checksummed(bytes)
        let batch = try RecordBatch(bytes)
        try batch.checkCRC()
        let error = #expect(throws: ProtocolError.self) { try batch.checkFromProducer() }
        #expect(error?.code == .invalidBatch)
    }

    @Test func recordsThatContradictTheirBatchAreTypedErrors() throws {
        let start = RecordBatchHeader.size
        for position in start..<RecordBatchTests.plain.readableBytes {
            for byte in UInt8.min...UInt8.max {
                var bytes = RecordBatchTests.plain
                bytes.setInteger(byte, at: bytes.readerIndex + position)
                var reader = try RecordReader(RecordBatch(bytes))
                do {
                    while try reader.next() != nil {}
                } catch {
                    #expect((0...bytes.readableBytes).contains(error.byteOffset))
                }
            }
        }
    }

    @Test(arguments: [
        ("less than it says", "02"), ("a negative length", "01"), ("nothing", ""),
        ("no attributes", "00"), ("an offset behind the batch's", "0c0000080101" + "00"),
        ("a length over its end", "0c000000" + "2e" + "0100"), ("more headers than bytes", "0c00000001017e"),
        ("a header without a key", "0e000000010102" + "01"), ("bytes behind its content", "0e00000001010000"),
        ("a varint without an end", "0c00ffffffffff"), ("a varint over 64 bits", "1800ffffffffffffffffff7f"),
    ])
    func aRecordMustNotHave(_ fault: String, _ hex: String) throws {
        var header = try RecordBatch(RecordBatchTests.plain).header
        header.recordCount = 1
        header.lastOffsetDelta = 0
        var reader = RecordReader(header: header, records: ByteBuffer(hex: hex))
        #expect(throws: ProtocolError.self, "\(fault)") { try reader.next() }
    }

    @Test func markersAreAsKafkaWritesThem() throws {
        // Attributes 0x30, no sequence; key version 0 and type 1, value version 0 and epoch 5.
        let marker = ControlRecord(isCommit: true, coordinatorEpoch: 5)
        let bytes = marker.batch(producerID: 4711, producerEpoch: 3, timestamp: 1_700_000_000_000)
        let batch = try RecordBatch(bytes)
        try batch.checkCRC()
        #expect(batch.header.attributes.rawValue == 0x30)
        #expect(batch.header.producerID == 4711 && batch.header.producerEpoch == 3)
        #expect(batch.header.baseSequence == -1 && batch.header.lastSequence == -1)
        #expect(batch.payload.hex == "20" + "00" + "00" + "00" + "08" + "00000001" + "0c" + "000000000005" + "00")
        #expect(try ControlRecord(batch) == marker)
        let abort = ControlRecord(isCommit: false, coordinatorEpoch: 0)
        #expect(try ControlRecord(RecordBatch(abort.batch(producerID: 1, producerEpoch: 0, timestamp: 0))) == abort)
        #expect(throws: ProtocolError.self) { try ControlRecord(RecordBatch(RecordBatchTests.plain)) }
    }

    @Test func noMutationOfABatchTraps() throws {
        for seed in UInt64(0)..<2_000 {
            var random = SplitMix(state: seed)
            var bytes = seed % 2 == 0 ? RecordBatchTests.plain : RecordBatchTests.transactional
            for _ in 0...random.below(3) {
                let position = bytes.readerIndex + random.below(bytes.readableBytes)
                bytes.setInteger(UInt8(random.below(256)), at: position)
            }
            do {
                let batch = try RecordBatch(bytes)
                var reader = try RecordReader(batch)
                while try reader.next() != nil {}
                _ = try ControlRecord(batch)
            } catch {
                #expect((0...bytes.readableBytes).contains(error.byteOffset), "seed \(seed)")
            }
        }
    }

    private func checksummed(_ bytes: ByteBuffer) throws -> ByteBuffer {
        var bytes = bytes
        var header = try RecordBatchHeader(parsing: bytes, at: bytes.readerIndex)
        header.write(over: &bytes, at: bytes.readerIndex)
        return bytes
    }
}
