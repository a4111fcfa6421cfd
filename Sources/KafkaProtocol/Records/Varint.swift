internal import NIOCore

/// Variable-length integers of records: zigzag, then 7 bits a byte, the lowest first, at most 10 bytes.
/// Source: https://protobuf.dev/programming-guides/encoding/#signed-ints.
extension ByteBuffer {
    /// Reads a number; the buffer's end is byte `end` to an error.
    ///
    /// - Throws: `truncated`, or `invalidVarint` for more than 64 bits.
    mutating func readVarlong(before end: Int) throws(ProtocolError) -> Int64 {
        var raw: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = readInteger(as: UInt8.self) else {
                throw ProtocolError(.truncated, "a variable-length integer has no end", at: end - readableBytes)
            }
            if shift == 63, byte > 1 { break }
            raw |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1) }
        }
        throw ProtocolError(.invalidVarint, "a variable-length integer does not fit 64 bits", at: end - readableBytes)
    }

    mutating func writeVarlong(_ value: Int64) {
        var rest = UInt64(bitPattern: value << 1 ^ value >> 63)
        while rest >= 0x80 {
            writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        writeInteger(UInt8(truncatingIfNeeded: rest))
    }
}
