package import NIOCore

/// Strings, bytes, arrays and tagged fields: everything that carries its own length.
extension WireReader {
    /// `STRING`, or `COMPACT_STRING` where the version is flexible.
    ///
    /// - Throws: `unexpectedNull` for a null, `invalidUTF8`, `truncated`.
    package mutating func string() throws(ProtocolError) -> String {
        let start = offset
        guard let string = try nullableString() else { throw unexpectedNull("string", at: start) }
        return string
    }

    /// `NULLABLE_STRING`, or `COMPACT_NULLABLE_STRING` where the version is flexible.
    package mutating func nullableString() throws(ProtocolError) -> String? {
        let length = try flexible ? compactLength() : classicLength(Int(int16()), size: 2)
        guard let length else { return nil }
        return try utf8(length)
    }

    /// `NULLABLE_STRING`, whatever the version: the client id in request headers is never compact.
    package mutating func classicNullableString() throws(ProtocolError) -> String? {
        guard let length = try classicLength(Int(int16()), size: 2) else { return nil }
        return try utf8(length)
    }

    /// `BYTES`, or `COMPACT_BYTES` where the version is flexible; not copied, so that keeping them keeps the request.
    package mutating func bytes() throws(ProtocolError) -> ByteBuffer {
        let start = offset
        guard let bytes = try nullableBytes() else { throw unexpectedNull("byte string", at: start) }
        return bytes
    }

    /// `NULLABLE_BYTES` and `RECORDS`, or their compact forms where the version is flexible; not copied.
    package mutating func nullableBytes() throws(ProtocolError) -> ByteBuffer? {
        let length = try flexible ? compactLength() : classicLength(Int(int32()), size: 4)
        guard let length else { return nil }
        return try slice(length)
    }

    /// `ARRAY`, or `COMPACT_ARRAY` where the version is flexible.
    ///
    /// - Throws: `unexpectedNull` for a null, `invalidLength` for more elements than there are bytes left or than
    ///   `maxElements`.
    package mutating func array<Element>(
        _ element: (inout WireReader) throws(ProtocolError) -> Element
    ) throws(ProtocolError) -> [Element] {
        let start = offset
        guard let array = try nullableArray(element) else { throw unexpectedNull("array", at: start) }
        return array
    }

    /// An `ARRAY` or `COMPACT_ARRAY` that may be null.
    package mutating func nullableArray<Element>(
        _ element: (inout WireReader) throws(ProtocolError) -> Element
    ) throws(ProtocolError) -> [Element]? {
        let start = offset
        guard let count = try flexible ? compactLength() : classicLength(Int(int32()), size: 4) else { return nil }
        // No element of any message takes less than a byte.
        guard count <= remaining else {
            throw ProtocolError(.invalidLength, "an array of \(count) elements has \(remaining) bytes", at: start)
        }
        guard count <= elementsLeft else {
            throw ProtocolError(.invalidLength, "a request has more than \(Self.maxElements) array elements", at: start)
        }
        elementsLeft -= count
        var elements: [Element] = []
        // The count is only a claim, and an element takes more memory than bytes: what is longer grows as it is read.
        elements.reserveCapacity(min(count, 64))
        for _ in 0..<count { elements.append(try element(&self)) }
        return elements
    }

    /// An array of structures.
    ///
    /// - Throws: As `array(_:)`, and what the structure throws.
    package mutating func array<Element: WireReadable>(
        of type: Element.Type,
        _ version: Int16
    ) throws(ProtocolError) -> [Element] {
        try array { reader throws(ProtocolError) in try Element(from: &reader, version: version) }
    }

    /// An array of structures that may be null.
    package mutating func nullableArray<Element: WireReadable>(
        of type: Element.Type,
        _ version: Int16
    ) throws(ProtocolError) -> [Element]? {
        try nullableArray { reader throws(ProtocolError) in try Element(from: &reader, version: version) }
    }

    package mutating func int32Array() throws(ProtocolError) -> [Int32] {
        try array { reader throws(ProtocolError) in try reader.int32() }
    }

    package mutating func int64Array() throws(ProtocolError) -> [Int64] {
        try array { reader throws(ProtocolError) in try reader.int64() }
    }

    package mutating func stringArray() throws(ProtocolError) -> [String] {
        try array { reader throws(ProtocolError) in try reader.string() }
    }

    package mutating func nullableStringArray() throws(ProtocolError) -> [String]? {
        try nullableArray { reader throws(ProtocolError) in try reader.string() }
    }

    /// Skips the tagged fields at the end of a structure; reads nothing where the version is not flexible.
    ///
    /// None of the fields that clients send there so far matters to one node.
    ///
    /// - Throws: `invalidTaggedFields` for tags that do not ascend, `truncated`.
    package mutating func taggedFields() throws(ProtocolError) {
        guard flexible else { return }
        var previous: UInt32?
        for _ in 0..<(try unsignedVarint()) {
            let start = offset
            let tag = try unsignedVarint()
            if let previous, previous >= tag {
                throw ProtocolError(.invalidTaggedFields, "tag \(tag) does not follow tag \(previous)", at: start)
            }
            previous = tag
            _ = try slice(Int(unsignedVarint()))
        }
    }

    /// Nil for null.
    private mutating func classicLength(_ length: Int, size: Int) throws(ProtocolError) -> Int? {
        if length == -1 { return nil }
        guard length >= 0 else {
            throw ProtocolError(.invalidLength, "a length of \(length); -1 is the only negative one", at: offset - size)
        }
        return length
    }

    /// Compact lengths are one more than the length, 0 is null.
    private mutating func compactLength() throws(ProtocolError) -> Int? {
        let length = Int(try unsignedVarint())
        return length == 0 ? nil : length - 1
    }

    private mutating func utf8(_ length: Int) throws(ProtocolError) -> String {
        let start = offset
        let bytes = try slice(length)
        let string = unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe String(validating: bytes, as: UTF8.self)
        }
        guard let string else {
            throw ProtocolError(.invalidUTF8, "a string of \(length) bytes is not UTF-8", at: start)
        }
        return string
    }

    private func unexpectedNull(_ kind: String, at start: Int) -> ProtocolError {
        ProtocolError(.unexpectedNull, "a null where a \(kind) must be", at: start)
    }
}
