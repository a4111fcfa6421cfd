/// CRC-32C by table (RFC 3720, B.4).
enum Checksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        var value = UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82F6_3B78 : value >> 1 }
        return value
    }

    static func crc32c(_ bytes: UnsafeRawBufferPointer, extending start: UInt32 = 0) -> UInt32 {
        var crc = ~start
        for unsafe byte in unsafe bytes { crc = (crc >> 8) ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
        return ~crc
    }

    static func crc32c(_ bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe crc32c($0) }
    }
}
