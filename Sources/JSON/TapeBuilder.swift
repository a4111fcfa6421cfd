/// One pass over the bytes of one document that fills the tape.
///
/// A value type whose methods are inlined into one loop: nothing is allocated, nothing recurses.
/// The tape behind `words` must have room for `Tape.entries(forBytes: count, depth: maxDepth)` entries.
@safe
struct TapeBuilder {
    let source: UnsafePointer<UInt8>
    let count: Int
    let words: UnsafeMutablePointer<UInt64>
    let maxDepth: Int
    var position = 0
    /// Entries written so far.
    var entry = 0
    private var open = 0
    private var depth = 0

    init(source: UnsafePointer<UInt8>, count: Int, words: UnsafeMutablePointer<UInt64>, maxDepth: Int) {
        unsafe self.source = source
        self.count = count
        unsafe self.words = words
        self.maxDepth = maxDepth
    }

    mutating func build() throws(ScanFailure) {
        skipWhitespace()
        if position == count { throw ScanFailure(.empty, at: position, "the document is empty") }
        while true {
            let closed = try value()
            if !closed { continue }
            if try afterValue() { break }
        }
    }

    /// Reads a value, or the start of a container up to its first value.
    /// - Returns: Whether a value is complete.
    @inline(__always)
    private mutating func value() throws(ScanFailure) -> Bool {
        guard position < count else { throw endOfDocument() }
        switch unsafe source[position] {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "{"): return try openObject()
        case UInt8(ascii: "["): return try openArray()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try literal(0x6575_7274, length: 4, .true)
        case UInt8(ascii: "f"): try literal(0x736C_6166, length: 5, .false)
        case UInt8(ascii: "n"): try literal(0x6C6C_756E, length: 4, .null)
        default: throw notAValue()
        }
        return true
    }

    /// Closes what ends here and moves to the next value.
    /// - Returns: Whether the document is complete.
    @inline(__always)
    private mutating func afterValue() throws(ScanFailure) -> Bool {
        while depth > 0 {
            skipWhitespace()
            guard position < count else { throw endOfDocument() }
            let byte = unsafe source[position]
            let isObject = unsafe words[open * 2] & 7 == UInt64(JSONValue.Tag.object.rawValue)
            unsafe words[open * 2] += 1 << 34
            if byte == UInt8(ascii: ",") {
                position += 1
                skipWhitespace()
                if isObject { try key() }
                return false
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw ScanFailure(
                    .unexpectedByte,
                    at: position,
                    isObject
                        ? "a member of an object must be followed by ',' or '}'"
                        : "an element of an array must be followed by ',' or ']'"
                )
            }
            close()
        }
        skipWhitespace()
        if position < count {
            throw ScanFailure(.trailingBytes, at: position, "the document is complete but more bytes follow")
        }
        return true
    }

    @inline(__always)
    private mutating func openObject() throws(ScanFailure) -> Bool {
        try openContainer(.object)
        if position < count, unsafe source[position] == UInt8(ascii: "}") {
            close()
            return true
        }
        try key()
        return false
    }

    @inline(__always)
    private mutating func openArray() throws(ScanFailure) -> Bool {
        try openContainer(.array)
        if position < count, unsafe source[position] == UInt8(ascii: "]") {
            close()
            return true
        }
        return false
    }

    @inline(__always)
    private mutating func openContainer(_ tag: JSONValue.Tag) throws(ScanFailure) {
        if depth == maxDepth {
            throw ScanFailure(.depthExceeded, at: position, "arrays and objects are nested deeper than the limit")
        }
        unsafe words[entry * 2] = Tape.head(tag, distance: open, count: 0)
        unsafe words[entry * 2 + 1] = Tape.span(position, 0)
        open = entry
        entry += 1
        depth += 1
        position += 1
        skipWhitespace()
    }

    @inline(__always)
    private mutating func close() {
        position += 1
        let head = unsafe words[open * 2]
        let parent = Int(truncatingIfNeeded: head >> 4 & Tape.fieldMask)
        unsafe words[open * 2] =
            head & ~(Tape.fieldMask << 4) | UInt64(truncatingIfNeeded: entry - open) << 4
        unsafe words[open * 2 + 1] |= UInt64(truncatingIfNeeded: position) << 32
        open = parent
        depth -= 1
    }

    /// Reads a member name and its colon, up to the value.
    @inline(__always)
    private mutating func key() throws(ScanFailure) {
        guard position < count else { throw endOfDocument() }
        guard unsafe source[position] == UInt8(ascii: "\"") else {
            throw ScanFailure(.unexpectedByte, at: position, "a member of an object must start with a name in quotes")
        }
        try string()
        skipWhitespace()
        guard position < count else { throw endOfDocument() }
        guard unsafe source[position] == UInt8(ascii: ":") else {
            throw ScanFailure(.unexpectedByte, at: position, "the name of a member must be followed by ':'")
        }
        position += 1
        skipWhitespace()
    }

    @inline(__always)
    private mutating func literal(_ text: UInt32, length: Int, _ tag: JSONValue.Tag) throws(ScanFailure) {
        let end = position + length
        guard end <= count, loadLittleEndian32(position) == text else { throw wrongWord() }
        if length == 5, unsafe source[end - 1] != UInt8(ascii: "e") { throw wrongWord() }
        append(tag, flag: 0, from: position, to: end)
        position = end
    }

    @inline(__always)
    mutating func append(_ tag: JSONValue.Tag, flag: UInt64, from start: Int, to end: Int) {
        unsafe words[entry * 2] = Tape.head(tag, distance: 1, count: 0) | flag
        unsafe words[entry * 2 + 1] = Tape.span(start, end)
        entry += 1
    }

    @inline(__always)
    mutating func skipWhitespace() {
        while position < count {
            let byte = unsafe source[position]
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    @inline(__always)
    private func loadLittleEndian32(_ offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: UnsafeRawPointer(source + offset).loadUnaligned(as: UInt32.self))
    }
}

// MARK: Failures

extension TapeBuilder {
    func endOfDocument() -> ScanFailure {
        ScanFailure(.unexpectedEnd, at: count, "the document ends before it is complete")
    }

    private func notAValue() -> ScanFailure {
        let byte = unsafe source[position]
        if byte == 0xEF, position == 0 {
            return ScanFailure(.unexpectedByte, at: 0, "a document must not start with a byte order mark")
        }
        return isLetter(byte)
            ? wrongWord()
            : ScanFailure(.unexpectedByte, at: position, "expected a value: string, number, object, array or literal")
    }

    private func wrongWord() -> ScanFailure {
        var end = position
        while end < count, unsafe isLetter(source[end]) { end += 1 }
        if end == count, isPrefixOfLiteral(to: end) { return endOfDocument() }
        return ScanFailure(
            .invalidLiteral,
            at: position,
            "the only words that JSON allows are true, false and null (NaN and Infinity have no JSON form)"
        )
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private func isPrefixOfLiteral(to end: Int) -> Bool {
        let word = unsafe UnsafeBufferPointer(start: source + position, count: end - position)
        return ["true", "false", "null"].contains { unsafe $0.utf8.starts(with: word) }
    }
}
