extension JSONValue {
    /// The text of a string with its escapes resolved, nil for other kinds. Allocates beyond 15 bytes.
    package var string: String? {
        guard tag == .string else { return nil }
        guard hasFlag else { return unsafe String(decoding: content, as: UTF8.self) }
        return String(decoding: [UInt8](UnescapedBytes(self)), as: UTF8.self)
    }

    /// Appends the UTF-8 of a string, escapes resolved. Does nothing for other kinds.
    package func appendString(to bytes: inout [UInt8]) {
        guard tag == .string else { return }
        if hasFlag {
            bytes.append(contentsOf: UnescapedBytes(self))
        } else {
            unsafe bytes.append(contentsOf: content)
        }
    }

    /// Unicode scalars of a string, which is what JSON Schema counts; 0 for other kinds.
    package var scalarCount: Int {
        guard tag == .string else { return 0 }
        var count = 0
        if hasFlag {
            for byte in UnescapedBytes(self) where byte & 0xC0 != 0x80 { count += 1 }
        } else {
            return unsafe UnsafeRawBufferPointer(content).scalarCount
        }
        return count
    }

    /// Whether a string contains an escape, so that its text differs from its source.
    @inlinable @inline(__always) public var isEscaped: Bool { tag == .string && hasFlag }

    /// The source between the quotes of a string; it is the text where `isEscaped` is false.
    @inlinable @inline(__always) public var content: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: source + start + 1, count: max(0, end - start - 2))
    }

    /// Whether this is a string with exactly this text.
    package func isString(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard tag == .string else { return false }
        if hasFlag { return unsafe UnescapedBytes(self).elementsEqual(text) }
        return unsafe equalBytes(content, text)
    }

    /// Whether this is a string with exactly this text.
    package func isString(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { unsafe isString($0) }
    }

    /// Whether both are strings of the same text, however each is escaped. No normalisation, as RFC 8259 section 8.3.
    package func isSameString(as other: JSONValue) -> Bool {
        switch (hasFlag, other.hasFlag) {
        case (false, false): unsafe equalBytes(content, other.content)
        case (true, false): unsafe UnescapedBytes(self).elementsEqual(other.content)
        case (false, true): unsafe UnescapedBytes(other).elementsEqual(content)
        case (true, true): UnescapedBytes(self).elementsEqual(UnescapedBytes(other))
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Unicode scalars of well-formed UTF-8: all bytes but those of the form 10xxxxxx, eight at a time.
    fileprivate var scalarCount: Int {
        var continuations = 0
        var offset = 0
        while offset + 8 <= count {
            let word = unsafe loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            continuations += (word & ~(word << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
            offset += 8
        }
        while offset < count {
            if unsafe self[offset] & 0xC0 == 0x80 { continuations += 1 }
            offset += 1
        }
        return count - continuations
    }
}

/// Whether two texts have the same bytes; eight at a time, the last eight overlapping those before.
@inlinable @inline(__always)
public func equalBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = left.count
    guard count == right.count else { return false }
    let (first, second) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
    guard count >= 8 else {
        for index in 0..<count where unsafe first[index] != second[index] { return false }
        return true
    }
    var offset = 0
    while offset + 8 < count {
        let word = unsafe first.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        if unsafe word != second.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
        offset += 8
    }
    let last = unsafe first.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
    return unsafe last == second.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
}

/// The UTF-8 of a string value with its escapes resolved, byte by byte. The parser has checked every escape.
struct UnescapedBytes: Sequence, IteratorProtocol {
    private let value: JSONValue
    private var position: Int
    private let end: Int
    /// Bytes of a scalar that are still to be handed out, the next one lowest.
    private var pending: UInt32 = 0

    init(_ value: JSONValue) {
        self.value = value
        position = value.start + 1
        end = value.end - 1
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            defer { pending >>= 8 }
            return UInt8(truncatingIfNeeded: pending)
        }
        guard position < end else { return nil }
        let byte = unsafe value.source[position]
        position += 1
        guard byte == UInt8(ascii: "\\") else { return byte }
        let escape = unsafe value.source[position]
        position += 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"): return unicodeScalar()
        default: return escape
        }
    }

    private mutating func unicodeScalar() -> UInt8 {
        var scalar = hexUnit()
        if scalar & 0xFC00 == 0xD800 {
            position += 2
            scalar = 0x10000 + (scalar & 0x3FF) << 10 + (hexUnit() & 0x3FF)
        }
        if scalar < 0x80 { return UInt8(truncatingIfNeeded: scalar) }
        let tail = 0x80 | scalar & 0x3F
        if scalar < 0x800 {
            pending = tail
            return UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
        }
        let third = 0x80 | scalar >> 6 & 0x3F
        if scalar < 0x10000 {
            pending = third | tail << 8
            return UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
        }
        pending = 0x80 | scalar >> 12 & 0x3F | third << 8 | tail << 16
        return UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
    }

    private mutating func hexUnit() -> UInt32 {
        var unit: UInt32 = 0
        for offset in position..<position + 4 {
            unit = unsafe unit << 4 | UInt32(hexDigit(value.source[offset]) ?? 0)
        }
        position += 4
        return unit
    }
}
