import KafkaProtocol
import NIOCore
import Testing

@Suite struct WireTests {
    @Test(arguments: [
        (UInt32(0), "00"), (1, "01"), (127, "7f"), (128, "8001"), (300, "ac02"), (16383, "ff7f"), (16384, "808001"),
        (UInt32.max, "ffffffff0f"),
    ])
    func unsignedVarintsAreAsInKIP482(_ value: UInt32, _ hex: String) throws {
        var writer = WireWriter()
        writer.unsignedVarint(value)
        #expect(writer.buffer.hex == hex)
        var reader = WireReader(ByteBuffer(hex: hex))
        #expect(try reader.unsignedVarint() == value)
        #expect(reader.remaining == 0)
    }

    @Test(arguments: ["ffffffff1f", "ffffffffff01", "808080808000"]) func aVarintOver32BitsIsAnError(_ hex: String) {
        expect(.invalidVarint, hex) { reader in _ = try reader.unsignedVarint() }
    }

    @Test func stringsAreCompactInFlexibleVersionsOnly() throws {
        for (flexible, hex) in [(false, "00026869ffff0000"), (true, "0368690001")] {
            var writer = WireWriter(flexible: flexible)
            writer.string("hi")
            writer.nullableString(nil)
            writer.string("")
            #expect(writer.buffer.hex == hex)
            var reader = WireReader(ByteBuffer(hex: hex), flexible: flexible)
            #expect(try reader.string() == "hi")
            #expect(try reader.nullableString() == nil)
            #expect(try reader.nullableString() == "")
            #expect(reader.remaining == 0)
        }
    }

    @Test func aStringThatAClassicLengthCannotHoldIsCutAtACharacter() throws {
        var writer = WireWriter()
        writer.string("a" + String(repeating: "é", count: 20_000))
        var reader = WireReader(writer.buffer)
        #expect(try reader.string() == "a" + String(repeating: "é", count: 16_383))
    }

    @Test func aNullWhereNoneMayBeIsAnError() {
        expect(.unexpectedNull, "ffff") { reader in _ = try reader.string() }
        expect(.unexpectedNull, "00", flexible: true) { reader in _ = try reader.string() }
        expect(.unexpectedNull, "ffffffff") { reader in _ = try reader.bytes() }
        expect(.unexpectedNull, "ffffffff") { reader in _ = try reader.int32Array() }
    }

    @Test func negativeLengthsOtherThanNullAreErrors() {
        expect(.invalidLength, "fffe0000") { reader in _ = try reader.nullableString() }
        expect(.invalidLength, "80000000") { reader in _ = try reader.nullableBytes() }
        expect(.invalidLength, "fffffffe") { reader in _ = try reader.int32Array() }
    }

    @Test func anArrayLongerThanTheBytesLeftIsRefusedBeforeItIsRead() {
        expect(.invalidLength, "7fffffff00000000") { reader in
            _ = try reader.array { _ in Issue.record("an element was read") }
        }
        expect(.invalidLength, "ffffffff0f00", flexible: true) { reader in _ = try reader.int32Array() }
    }

    @Test func theElementsOfARequestAreBounded() throws {
        let half = WireReader.maxElements / 2
        var writer = WireWriter()
        writer.array([Int8](repeating: 0, count: half)) { element, writer in writer.int8(element) }
        writer.array([Int8](repeating: 0, count: half)) { element, writer in writer.int8(element) }
        writer.array([Int8(0)]) { element, writer in writer.int8(element) }
        var reader = WireReader(writer.buffer)
        #expect(try reader.array { reader throws(ProtocolError) in try reader.int8() }.count == half)
        #expect(try reader.array { reader throws(ProtocolError) in try reader.int8() }.count == half)
        let error = #expect(throws: ProtocolError.self) { try reader.array { _ in } }
        #expect(error?.code == .invalidLength)
    }

    @Test func aStringThatIsNotUTF8IsAnError() {
        expect(.invalidUTF8, "0002c328") { reader in _ = try reader.string() }
    }

    @Test func taggedFieldsAreSkippedAndMustAscend() throws {
        var reader = WireReader(ByteBuffer(hex: "02000201020503aabbcc07"), flexible: true)
        try reader.taggedFields()
        #expect(try reader.int8() == 7)
        expect(.invalidTaggedFields, "0205000100", flexible: true) { reader in try reader.taggedFields() }
        expect(.truncated, "010009aa", flexible: true) { reader in try reader.taggedFields() }
        expect(.truncated, "ffffffff0f", flexible: true) { reader in try reader.taggedFields() }
    }

    @Test func aChoiceThatDoesNotExistIsAnError() {
        expect(.invalidValue, "02") { reader in _ = try reader.choice(IsolationLevel.self) }
    }

    @Test func bytesAreNotCopied() throws {
        let request = ByteBuffer(hex: "00000003010203")
        var reader = WireReader(request)
        let bytes = try reader.bytes()
        let isShared = bytes.withUnsafeReadableBytes { part in
            request.withUnsafeReadableBytes { whole in part.baseAddress == whole.baseAddress.map { $0 + 4 } }
        }
        #expect(isShared)
    }

    @Test func uuidsHaveKafkasTextForm() throws {
        // RFC 4648 base64url by hand and by Python's base64.urlsafe_b64encode.
        #expect(KafkaUUID(high: 0, low: 1).description == "AAAAAAAAAAAAAAAAAAAAAQ")
        let uuid = KafkaUUID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210)
        #expect(uuid.description == "ASNFZ4mrze_-3LqYdlQyEA")
        #expect(KafkaUUID("ASNFZ4mrze_-3LqYdlQyEA") == uuid)
        #expect(KafkaUUID("ASNFZ4mrze_-3LqYdlQyEB") == nil)
        #expect(KafkaUUID("ASNFZ4mrze_-3LqYdlQyE") == nil)
        #expect(KafkaUUID("ASNFZ4mrze+-3LqYdlQyEA") == nil)
        var random = SplitMix(state: 7)
        for _ in 0..<200 {
            let uuid = KafkaUUID.random(using: &random)
            #expect(KafkaUUID(uuid.description) == uuid)
            #expect(uuid.description.first != "-")
        }
    }

    private func expect(
        _ code: ProtocolError.Code,
        _ hex: String,
        flexible: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation,
        read: (inout WireReader) throws -> Void
    ) {
        var reader = WireReader(ByteBuffer(hex: hex), flexible: flexible)
        let error = #expect(throws: ProtocolError.self, sourceLocation: sourceLocation) { try read(&reader) }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }
}
