internal import CTextScan

extension Scanner {
    /// Reads a string on from the first byte that is not plain text to its closing quote; checks escapes and UTF-8. Flagged
    /// when it has escapes.
    @inline(never)
    func stringRest(from stop: Int) -> ScanEnd {
        var position = stop
        var isEscaped = false
        while position < count {
            let next = byte(position)
            switch next {
            case UInt8(ascii: "\""): return isEscaped ? ScanEnd(flagged: position + 1) : ScanEnd(position + 1)
            case UInt8(ascii: "\\"):
                let end = escape(at: position)
                if end.isFault { return end }
                isEscaped = true
                position = end.position
            case 0..<0x20: return ScanEnd(.controlCharacter, at: position)
            case 0x20..<0x80: position = plainText(from: position)
            default:
                let end = multibyteScalar(at: position)
                if end.isFault { return end }
                position = end.position
            }
        }
        return endOfDocument
    }

    /// The first byte from here on that is no plain text: a quote, a backslash, a control character, or not ASCII.
    ///
    /// A block without a stop is passed by a constant, not by the count that was found in it, so that the next load does not
    /// wait for this one's result: 16 either way, and a third of the time of a document with long strings.
    @inline(always)
    func plainText(from start: Int) -> Int {
        var position = start
        while position &+ 16 <= count {
            let plain = unsafe text_plain_count(source + position)
            if plain < 16 { return position &+ Int(plain) }
            position &+= 16
        }
        while position < count, isPlain(byte(position)) { position &+= 1 }
        return position
    }

    @inline(always)
    private func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    // MARK: Escapes

    private func escape(at position: Int) -> ScanEnd {
        guard position + 1 < count else { return endOfDocument }
        switch byte(position + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return ScanEnd(position + 2)
        case UInt8(ascii: "u"): return unicodeEscape(at: position)
        default: return ScanEnd(.badEscape, at: position)
        }
    }

    private func unicodeEscape(at start: Int) -> ScanEnd {
        var first: UInt16 = 0
        if let end = hexUnit(at: start, into: &first) { return end }
        guard first & 0xF800 == 0xD800 else { return ScanEnd(start + 6) }
        let next = start + 6
        if first < 0xDC00 {
            guard next < count else { return endOfDocument }
            if byte(next) == UInt8(ascii: "\\") {
                guard next + 1 < count else { return endOfDocument }
                if byte(next + 1) == UInt8(ascii: "u") {
                    var second: UInt16 = 0
                    if let end = hexUnit(at: next, into: &second) { return end }
                    if second & 0xFC00 == 0xDC00 { return ScanEnd(next + 6) }
                }
            }
        }
        return ScanEnd(.loneSurrogate, at: start)
    }

    /// Reads the four digits after `\u`.
    /// - Returns: What is wrong, nil when nothing is.
    private func hexUnit(at offset: Int, into unit: inout UInt16) -> ScanEnd? {
        for index in offset + 2..<offset + 6 {
            guard index < count else { return endOfDocument }
            guard let digit = hexDigit(byte(index)) else { return ScanEnd(.badHexadecimal, at: offset) }
            unit = unit << 4 | UInt16(digit)
        }
        return nil
    }

    // MARK: UTF-8

    /// Checks one scalar of two to four bytes against table 3-7 of the Unicode Standard (well-formed UTF-8).
    @inline(always)
    private func multibyteScalar(at position: Int) -> ScanEnd {
        let lead = byte(position)
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
        default: return ScanEnd(.notUTF8, at: position)
        }
        for index in position + 1..<position + length {
            guard index < count else { return endOfDocument }
            let next = byte(index)
            guard next >= low, next <= high else { return ScanEnd(.notUTF8, at: position) }
            low = 0x80
            high = 0xBF
        }
        return ScanEnd(position + length)
    }
}

@inline(always)
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
