extension Scanner {
    /// Reads a number by the grammar of RFC 8259 section 6; no value is computed. Flagged when it has a fraction or an
    /// exponent.
    @inline(always)
    func number(at start: Int) -> ScanEnd {
        var position = start
        if byte(position) == UInt8(ascii: "-") {
            position += 1
            guard position < count else { return endOfDocument }
            guard isDigit(position) else { return ScanEnd(.minusAlone, at: start) }
        }
        let first = position
        position = digits(from: first + 1)
        if byte(first) == UInt8(ascii: "0"), position > first + 1 { return ScanEnd(.leadingZero, at: start) }
        guard position < count else { return ScanEnd(position) }
        let next = byte(position)
        if next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") { return fraction(from: position, start) }
        return ScanEnd(position)
    }

    /// Reads what may follow the digits of a number: a fraction, an exponent, or both.
    @inline(never)
    private func fraction(from position: Int, _ start: Int) -> ScanEnd {
        var position = position
        if byte(position) == UInt8(ascii: ".") {
            position += 1
            guard position < count else { return endOfDocument }
            guard isDigit(position) else { return ScanEnd(.noFraction, at: start) }
            position = digits(from: position)
        }
        if position < count, byte(position) | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < count, byte(position) == UInt8(ascii: "+") || byte(position) == UInt8(ascii: "-") {
                position += 1
            }
            guard position < count else { return endOfDocument }
            guard isDigit(position) else { return ScanEnd(.noExponent, at: start) }
            position = digits(from: position)
        }
        return ScanEnd(flagged: position)
    }

    @inline(always)
    private func digits(from start: Int) -> Int {
        var position = start
        while position < count, isDigit(position) { position += 1 }
        return position
    }

    @inline(always)
    private func isDigit(_ position: Int) -> Bool { byte(position) &- UInt8(ascii: "0") < 10 }
}
