/// The bytes of one document and the pieces of its grammar (RFC 8259): each function reads one from a position on and
/// says where it ends.
///
/// Only positions go in and out, so that the loop which calls them, and into which they are inlined, keeps its state in
/// registers.
@safe
struct Scanner {
    let source: UnsafePointer<UInt8>
    let count: Int

    @inline(always)
    func byte(_ position: Int) -> UInt8 { unsafe source[position] }

    /// The first position from here on that is no white space.
    @inline(always)
    func whitespace(from position: Int) -> Int {
        position < count && byte(position) > 0x20 ? position : whitespaceRun(from: position)
    }

    /// Whether a byte is here and right behind it one that is no white space: what stands between the values of a document
    /// that is written without white space.
    @inline(always)
    func has(_ separator: UInt8, beforeMoreAt position: Int) -> Bool {
        position &+ 1 < count && byte(position) == separator && byte(position &+ 1) > 0x20
    }

    /// Indentation is passed eight blanks at a time.
    @inline(never)
    private func whitespaceRun(from start: Int) -> Int {
        var position = start
        while position < count {
            switch byte(position) {
            case 0x20:
                while position + 8 <= count, load(position, as: UInt64.self) == 0x2020_2020_2020_2020 {
                    position += 8
                }
                if position < count, byte(position) == 0x20 { position += 1 }
            case 0x0A, 0x0D, 0x09: position += 1
            default: return position
            }
        }
        return position
    }

    /// Reads `true`, `false` or `null`, whose first byte is at the position.
    @inline(always)
    func literal(at position: Int) -> ScanEnd {
        if position + 4 <= count {
            let word = UInt32(littleEndian: load(position, as: UInt32.self))
            if word == 0x6575_7274 || word == 0x6C6C_756E { return ScanEnd(position + 4) }
            if word == 0x736C_6166, position + 5 <= count, byte(position + 4) == UInt8(ascii: "e") {
                return ScanEnd(position + 5)
            }
        }
        return noValue(at: position)
    }

    /// What is wrong where a value should be and no kind of value starts, or a word is misspelt.
    @inline(never)
    private func noValue(at position: Int) -> ScanEnd {
        if position == count { return endOfDocument }
        if byte(position) == 0xEF, position == 0 { return ScanEnd(.byteOrderMark, at: 0) }
        guard isLetter(byte(position)) else { return ScanEnd(.noValue, at: position) }
        var end = position
        while end < count, isLetter(byte(end)) { end += 1 }
        return end == count && isPrefixOfLiteral(position..<end)
            ? endOfDocument : ScanEnd(.wrongWord, at: position)
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private func isPrefixOfLiteral(_ range: Range<Int>) -> Bool {
        let word = unsafe UnsafeBufferPointer(start: source + range.lowerBound, count: range.count)
        return ["true", "false", "null"].contains { unsafe $0.utf8.starts(with: word) }
    }

    var endOfDocument: ScanEnd { ScanEnd(.unexpectedEnd, at: count) }

    /// The bytes from a position on, in the order of the machine; all of them must lie in the document.
    @inline(always)
    func load<T: BitwiseCopyable>(_ position: Int, as type: T.Type) -> T {
        unsafe UnsafeRawPointer(source + position).loadUnaligned(as: type)
    }
}
