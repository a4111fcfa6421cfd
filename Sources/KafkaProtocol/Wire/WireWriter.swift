package import NIOCore

/// Writes the primitive types of Kafka's protocol into one response: what `WireReader` reads.
package struct WireWriter {
    /// Where bytes that are not in `buffer` belong: a stretch of a segment file that is sent as it is on disk.
    package struct Gap: Equatable, Sendable {
        /// How many bytes of `buffer` go before it.
        package let position: Int
        /// Bytes, above 0.
        package let length: Int
    }

    package private(set) var buffer: ByteBuffer
    /// In ascending order of position.
    package private(set) var gaps: [Gap] = []
    /// Whether strings, bytes and arrays are compact and structures end in tagged fields (KIP-482).
    package var flexible: Bool

    /// Writes to the end of a buffer.
    package init(_ buffer: ByteBuffer = ByteBuffer(), flexible: Bool = false) {
        self.buffer = buffer
        self.flexible = flexible
    }

    /// Bytes in `buffer` and in the gaps.
    package var totalLength: Int { gaps.reduce(buffer.readableBytes) { $0 + $1.length } }

    package mutating func int8(_ value: Int8) { buffer.writeInteger(value) }
    package mutating func int16(_ value: Int16) { buffer.writeInteger(value) }
    package mutating func int32(_ value: Int32) { buffer.writeInteger(value) }
    package mutating func int64(_ value: Int64) { buffer.writeInteger(value) }
    package mutating func uint16(_ value: UInt16) { buffer.writeInteger(value) }
    package mutating func uint32(_ value: UInt32) { buffer.writeInteger(value) }
    package mutating func bool(_ value: Bool) { buffer.writeInteger(value ? 1 : 0, as: Int8.self) }
    package mutating func error(_ value: ErrorCode) { buffer.writeInteger(value.rawValue) }

    package mutating func uuid(_ value: KafkaUUID) {
        buffer.writeInteger(value.high)
        buffer.writeInteger(value.low)
    }

    package mutating func unsignedVarint(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            buffer.writeInteger(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.writeInteger(UInt8(truncatingIfNeeded: rest))
    }

    /// `STRING` or `COMPACT_STRING`; longer ones than the type holds (32,767 bytes unless compact) are cut at a
    /// character.
    package mutating func string(_ value: String) {
        let value = flexible ? value : value.cut(toUTF8Length: Int(Int16.max))
        if flexible { compactLength(value.utf8.count) } else { int16(Int16(value.utf8.count)) }
        buffer.writeString(value)
    }

    package mutating func nullableString(_ value: String?) {
        if let value { return string(value) }
        if flexible { unsignedVarint(0) } else { int16(-1) }
    }

    /// `BYTES` or `COMPACT_BYTES`.
    package mutating func bytes(_ value: ByteBuffer) {
        length(value.readableBytes)
        buffer.writeImmutableBuffer(value)
    }

    package mutating func nullableBytes(_ value: ByteBuffer?) {
        if let value { return bytes(value) }
        if flexible { unsignedVarint(0) } else { int32(-1) }
    }

    /// The length of a `RECORDS` field, and a gap for its bytes.
    ///
    /// - Parameter count: Bytes, 0 or more.
    package mutating func externalBytes(count: Int) {
        length(count)
        if count > 0 { gaps.append(Gap(position: buffer.readableBytes, length: count)) }
    }

    /// `ARRAY` or `COMPACT_ARRAY`.
    package mutating func array<Element>(_ elements: [Element], _ write: (Element, inout WireWriter) -> Void) {
        length(elements.count)
        for element in elements { write(element, &self) }
    }

    package mutating func array(_ elements: [some WireWritable], _ version: Int16) {
        array(elements) { element, writer in element.write(to: &writer, version: version) }
    }

    package mutating func nullableArray(_ elements: [some WireWritable]?, _ version: Int16) {
        if let elements { return array(elements, version) }
        if flexible { unsignedVarint(0) } else { int32(-1) }
    }

    package mutating func int32Array(_ elements: [Int32]) {
        array(elements) { element, writer in writer.int32(element) }
    }

    package mutating func stringArray(_ elements: [String]) {
        array(elements) { element, writer in writer.string(element) }
    }

    /// The end of a structure without tagged fields; nothing where the version is not flexible.
    package mutating func taggedFields() {
        if flexible { unsignedVarint(0) }
    }

    /// Puts a number where `int32` wrote another, such as a length that is known only at the end.
    package mutating func patchInt32(_ value: Int32, at position: Int) {
        buffer.setInteger(value, at: buffer.readerIndex + position)
    }

    private mutating func length(_ count: Int) {
        if flexible { compactLength(count) } else { int32(Int32(count)) }
    }

    private mutating func compactLength(_ count: Int) { unsignedVarint(UInt32(count) + 1) }
}

extension String {
    /// The longest prefix of whole characters that takes at most `length` bytes in UTF-8.
    fileprivate func cut(toUTF8Length length: Int) -> String {
        guard utf8.count > length else { return self }
        var end = utf8.index(startIndex, offsetBy: length)
        while end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
