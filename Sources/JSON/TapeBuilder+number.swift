extension TapeBuilder {
    /// Reads a number by the grammar of RFC 8259 section 6 and keeps its span; no value is computed.
    @inline(__always)
    mutating func number() throws(ScanFailure) {
        let start = position
        var flag: UInt64 = 0
        if unsafe source[position] == UInt8(ascii: "-") { position += 1 }
        guard position < count else { throw endOfDocument() }
        if unsafe source[position] == UInt8(ascii: "0") {
            position += 1
            if position < count, isDigit(position) {
                throw ScanFailure(.invalidNumber, at: start, "a number must not start with a zero before other digits")
            }
        } else {
            try digits(start, "a minus sign must be followed by a digit")
        }
        if position < count, unsafe source[position] == UInt8(ascii: ".") {
            flag = Tape.flag
            position += 1
            try digits(start, "a decimal point must be followed by a digit")
        }
        if position < count, unsafe source[position] | 0x20 == UInt8(ascii: "e") {
            flag = Tape.flag
            position += 1
            if position < count, isSign(position) { position += 1 }
            try digits(start, "an exponent must have at least one digit")
        }
        append(.number, flag: flag, from: start, to: position)
    }

    @inline(__always)
    private mutating func digits(_ start: Int, _ message: StaticString) throws(ScanFailure) {
        guard position < count else { throw endOfDocument() }
        guard isDigit(position) else { throw ScanFailure(.invalidNumber, at: start, message) }
        repeat { position += 1 } while position < count && isDigit(position)
    }

    @inline(__always)
    private func isDigit(_ offset: Int) -> Bool { unsafe source[offset] &- UInt8(ascii: "0") < 10 }

    @inline(__always)
    private func isSign(_ offset: Int) -> Bool {
        let byte = unsafe source[offset]
        return byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }
}
