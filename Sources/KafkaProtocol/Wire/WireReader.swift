package import NIOCore

/// Reads the primitive types of Kafka's protocol out of one request.
///
/// Integers are big-endian. Each read checks the bytes that are left before it takes or allocates anything, so
/// that a length is believed only as far as the request is long. The types and their encodings are those of
/// https://kafka.apache.org/protocol#protocol_types; the compact ones and tagged fields are KIP-482's.
package struct WireReader {
    /// What was not read yet.
    package private(set) var buffer: ByteBuffer
    /// Whether strings, bytes and arrays are compact and structures end in tagged fields (KIP-482).
    package var flexible: Bool
    /// How many more elements all arrays of the request may have together.
    var elementsLeft = maxElements
    private let start: Int

    /// The most elements that all arrays of one request may have together.
    ///
    /// An element takes some 10 to 30 times as much memory as the bytes it can be as short as, so that the size of a
    /// request alone bounds memory badly. A fetch of 100,000 partitions is well below.
    package static let maxElements = 1 << 18

    /// Reads one request, which comes without its length prefix.
    package init(_ buffer: ByteBuffer, flexible: Bool = false) {
        self.buffer = buffer
        self.flexible = flexible
        start = buffer.readerIndex
    }

    package var remaining: Int { buffer.readableBytes }

    /// Bytes read so far.
    package var offset: Int { buffer.readerIndex - start }

    /// `INT8`.
    package mutating func int8() throws(ProtocolError) -> Int8 { try integer() }

    /// `INT16`.
    package mutating func int16() throws(ProtocolError) -> Int16 { try integer() }

    /// `INT32`.
    package mutating func int32() throws(ProtocolError) -> Int32 { try integer() }

    /// `INT64`.
    package mutating func int64() throws(ProtocolError) -> Int64 { try integer() }

    /// `UINT16`.
    package mutating func uint16() throws(ProtocolError) -> UInt16 { try integer() }

    /// `UINT32`.
    package mutating func uint32() throws(ProtocolError) -> UInt32 { try integer() }

    /// `BOOLEAN`: anything but 0 is true, as in Kafka.
    package mutating func bool() throws(ProtocolError) -> Bool { try int8() != 0 }

    /// `UUID`: 16 bytes.
    package mutating func uuid() throws(ProtocolError) -> KafkaUUID {
        KafkaUUID(high: try integer(), low: try integer())
    }

    /// A number that stands for one of a few choices.
    ///
    /// - Throws: `invalidValue` when it stands for none of them.
    package mutating func choice<Choice: RawRepresentable>(
        _ type: Choice.Type = Choice.self
    ) throws(ProtocolError) -> Choice where Choice.RawValue == Int8 {
        let start = offset
        let raw = try int8()
        guard let choice = Choice(rawValue: raw) else {
            throw ProtocolError(.invalidValue, "\(raw) is no \(Choice.self)", at: start)
        }
        return choice
    }

    /// `UNSIGNED_VARINT`: 7 bits a byte, the lowest first; at most 5 bytes.
    package mutating func unsignedVarint() throws(ProtocolError) -> UInt32 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 35, by: 7) {
            let byte: UInt8 = try integer()
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                guard let result = UInt32(exactly: value) else { break }
                return result
            }
        }
        throw ProtocolError(.invalidVarint, "a variable-length integer does not fit 32 bits", at: start)
    }

    /// The next `count` bytes, not copied.
    ///
    /// - Throws: `truncated` when there are fewer.
    package mutating func slice(_ count: Int) throws(ProtocolError) -> ByteBuffer {
        guard count >= 0, let slice = buffer.readSlice(length: count) else { throw truncated(needing: count) }
        return slice
    }

    func truncated(needing count: Int) -> ProtocolError {
        ProtocolError(.truncated, "\(count) bytes are needed and \(remaining) are left", at: offset)
    }

    private mutating func integer<Integer: FixedWidthInteger>() throws(ProtocolError) -> Integer {
        guard let value = buffer.readInteger(as: Integer.self) else {
            throw truncated(needing: MemoryLayout<Integer>.size)
        }
        return value
    }
}
