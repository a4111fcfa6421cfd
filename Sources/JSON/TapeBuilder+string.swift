extension TapeBuilder {
    /// Reads a string from its opening quote to its closing one; checks escapes and UTF-8.
    @inline(__always)
    mutating func string() throws(ScanFailure) {
        let start = position
        var flag: UInt64 = 0
        position += 1
        while true {
            skipPlainText()
            guard position < count else { throw endOfDocument() }
            let byte = unsafe source[position]
            if byte == UInt8(ascii: "\"") { break }
            if byte == UInt8(ascii: "\\") {
                flag = Tape.flag
                try escape()
            } else if byte < 0x20 {
                throw ScanFailure(
                    .controlCharacter,
                    at: position,
                    "a string must not contain a control character; write it as an escape such as \\n"
                )
            } else if byte >= 0x80 {
                try multibyteScalar()
            } else {
                position += 1
            }
        }
        position += 1
        append(.string, flag: flag, from: start, to: position)
    }

    /// Moves over ASCII text eight bytes at a time, up to the first byte that needs a decision
    /// or to fewer than eight bytes before the end.
    ///
    /// Bit tricks after "Bit Twiddling Hacks" (haszero): a byte of `x` is zero iff the top bit of
    /// `(x - 0x01…) & ~x & 0x80…` is set there, exact for the lowest such byte.
    @inline(__always)
    private mutating func skipPlainText() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        while position + 8 <= count {
            let word = unsafe UInt64(littleEndian: UnsafeRawPointer(source + position).loadUnaligned(as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let stops =
                ((quote &- ones) & ~quote)
                | ((backslash &- ones) & ~backslash)
                | ((word &- (ones &* 0x20)) & ~word)
                | word
            let found = stops & tops
            if found != 0 {
                position += found.trailingZeroBitCount >> 3
                return
            }
            position += 8
        }
    }

    private mutating func escape() throws(ScanFailure) {
        guard position + 1 < count else { throw endOfDocument() }
        switch unsafe source[position + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            try unicodeEscape()
        default:
            throw ScanFailure(
                .invalidEscape,
                at: position,
                "a backslash must be followed by one of \" \\ / b f n r t u"
            )
        }
    }

    private mutating func unicodeEscape() throws(ScanFailure) {
        let start = position
        let first = try hexUnit(at: position)
        position += 6
        guard first & 0xF800 == 0xD800 else { return }
        if first < 0xDC00 {
            guard position < count else { throw endOfDocument() }
            if unsafe source[position] == UInt8(ascii: "\\"), position + 1 == count { throw endOfDocument() }
            if unsafe source[position] == UInt8(ascii: "\\"), unsafe source[position + 1] == UInt8(ascii: "u"),
                try hexUnit(at: position) & 0xFC00 == 0xDC00
            {
                position += 6
                return
            }
        }
        throw ScanFailure(
            .loneSurrogate,
            at: start,
            "an escape stands for half of a surrogate pair, the other half is missing"
        )
    }

    private func hexUnit(at offset: Int) throws(ScanFailure) -> UInt16 {
        var unit: UInt16 = 0
        for index in offset + 2..<offset + 6 {
            guard index < count else { throw endOfDocument() }
            guard let digit = unsafe hexDigit(source[index]) else {
                throw ScanFailure(.invalidEscape, at: offset, "\\u must be followed by four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    /// Checks one scalar of two to four bytes against table 3-7 of the Unicode Standard (well-formed UTF-8).
    @inline(__always)
    private mutating func multibyteScalar() throws(ScanFailure) {
        let lead = unsafe source[position]
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        let length: Int
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if lead == 0xE0 { low = 0xA0 }
            if lead == 0xED { high = 0x9F }
        case 0xF0...0xF4:
            length = 4
            if lead == 0xF0 { low = 0x90 }
            if lead == 0xF4 { high = 0x8F }
        default: throw notUTF8()
        }
        for index in position + 1..<position + length {
            guard index < count else { throw endOfDocument() }
            let byte = unsafe source[index]
            guard byte >= low, byte <= high else { throw notUTF8() }
            low = 0x80
            high = 0xBF
        }
        position += length
    }

    private func notUTF8() -> ScanFailure {
        ScanFailure(.invalidUTF8, at: position, "the bytes from here are not UTF-8")
    }
}

@inline(__always)
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
