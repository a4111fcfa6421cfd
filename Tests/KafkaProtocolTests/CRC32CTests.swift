import CCRC32C
import KafkaProtocol
import NIOCore
import Testing

@Suite struct CRC32CTests {
    /// The examples of RFC 3720 B.4, and the check value of the CRC catalogues.
    private static let vectors: [(name: String, bytes: [UInt8], crc: UInt32)] = [
        ("32 bytes of zeroes", [UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ("32 bytes of ones", [UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ("32 bytes ascending", Array(0...31), 0x46DD_794E),
        ("32 bytes descending", (0...31).reversed(), 0x113F_DB5C),
        ("an iSCSI read command", iSCSIRead, 0xD996_3A56),
        ("123456789", Array("123456789".utf8), 0xE306_9283),
        ("nothing", [], 0),
    ]

    private static let iSCSIRead: [UInt8] = [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0,
        0, 0, 0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
    ]

    @Test(arguments: vectors.indices) func givesThePublishedChecksum(of index: Int) {
        let vector = Self.vectors[index]
        #expect(CRC32C.checksum(ByteBuffer(bytes: vector.bytes)) == vector.crc, "\(vector.name)")
        #expect(busbar_crc32c_extend_by_table(0, vector.bytes, vector.bytes.count) == vector.crc, "\(vector.name)")
    }

    @Test func theInstructionAgreesWithTheTableAtEveryLengthAndAlignment() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 151 &+ 7) }
        bytes.withUnsafeBytes { bytes in
            for start in 0..<16 {
                for end in start..<bytes.count {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                    let byTable = busbar_crc32c_extend_by_table(1, part.baseAddress, part.count)
                    if CRC32C.checksum(part, extending: 1) != byTable { Issue.record("differs at \(start)..<\(end)") }
                }
            }
        }
    }

    @Test func isExtendedPieceByPiece() {
        let bytes = Array("123456789".utf8)
        bytes.withUnsafeBytes { bytes in
            for cut in 0...9 {
                let first = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<cut]))
                let both = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[cut...]), extending: first)
                #expect(both == 0xE306_9283)
            }
        }
    }
}
