/// A number as it is written in the document: a view of its literal, compared and converted by its exact value.
///
/// Borrowed like the `JSONValue` it came from. Exponents beyond ±2^61 count as ±2^61.
@safe
public struct JSONNumber {
    @usableFromInline let start: UnsafePointer<UInt8>
    @usableFromInline let count: Int
    /// No fraction and no exponent.
    @usableFromInline let isPlain: Bool

    @inlinable @inline(__always)
    init(start: UnsafePointer<UInt8>, count: Int, isPlain: Bool) {
        unsafe self.start = start
        self.count = count
        self.isPlain = isPlain
    }

    /// The bytes of the literal.
    package var literalBytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

    /// The literal as it is written.
    package var literal: String { unsafe String(decoding: literalBytes, as: UTF8.self) }

    /// Whether the value is a mathematical integer: `1`, `1.0`, `1e2` and `150e-1` are.
    package var isInteger: Bool {
        if isPlain { return true }
        let decimal = Decimal(self)
        return decimal.isZero || decimal.low >= 0
    }

    /// Whether the value is below zero; `-0` is not.
    package var isNegative: Bool {
        unsafe start[0] == UInt8(ascii: "-") && !isZero
    }

    /// Whether the value is zero, with either sign and any exponent.
    package var isZero: Bool { Decimal(self).isZero }

    /// The value if it is an integer between `Int64.min` and `Int64.max`.
    package var int64: Int64? {
        if isPlain, count <= 18 { return shortInteger }
        let decimal = Decimal(self)
        if decimal.isZero { return 0 }
        guard decimal.low >= 0, decimal.lead < 19 else { return nil }
        var value: Int64 = 0
        for place in 0...decimal.lead {
            let digit = Int64(decimal.digit(at: place, of: self))
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooFar) =
                decimal.isNegative
                ? shifted.subtractingReportingOverflow(digit) : shifted.addingReportingOverflow(digit)
            if tooLarge || tooFar { return nil }
            value = sum
        }
        return value
    }

    /// The value of a literal without fraction and exponent of at most 18 characters, nil for all others.
    @inlinable @inline(__always) public var smallInteger: Int64? {
        guard isPlain, count <= 18 else { return nil }
        var offset = hasMinusSign ? 1 : 0
        var value: Int64 = 0
        while offset < count {
            value = unsafe value &* 10 &+ Int64(start[offset] & 0x0F)
            offset += 1
        }
        return hasMinusSign ? 0 &- value : value
    }

    /// Whether the literal starts with a minus sign; that of `-0` does.
    @inlinable @inline(__always) public var hasMinusSign: Bool { unsafe start[0] == UInt8(ascii: "-") }

    /// The nearest double (IEEE 754 round to nearest even), infinite beyond its range.
    package var double: Double {
        if isPlain, count <= 15, unsafe start[0] != UInt8(ascii: "-") || start[1] != UInt8(ascii: "0") {
            return Double(shortInteger)
        }
        return Double(literal) ?? .nan
    }

    /// Whether a program that keeps numbers as doubles and prints the shortest text that reads back as the same
    /// double (ECMA-262, jq 1.7) prints this exact value. False for `9007199254740993` and for `1e400`.
    package var isExactInDouble: Bool {
        if isPlain, count <= 15 { return true }
        let decimal = Decimal(self)
        if decimal.isZero { return true }
        if decimal.lead - decimal.low < 15, decimal.lead > -290, decimal.lead < 290 { return true }
        let nearest = double
        guard nearest.isFinite else { return false }
        return JSONLiteral(verbatim: nearest.description).withNumber { $0 == self }
    }

    /// A plain literal of at most 18 characters.
    private var shortInteger: Int64 {
        let isNegative = unsafe start[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        for offset in (isNegative ? 1 : 0)..<count { value = unsafe value &* 10 &+ Int64(start[offset] & 0x0F) }
        return isNegative ? -value : value
    }
}

// MARK: Comparison

extension JSONNumber: Comparable {
    /// Exact: `1`, `1.0` and `10e-1` are equal, `9007199254740993` and `9007199254740992` are not.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool { left.compare(to: right) == 0 }

    public static func < (left: JSONNumber, right: JSONNumber) -> Bool { left.compare(to: right) < 0 }

    /// -1, 0 or 1 as the value is less than, equal to or greater than the other.
    package func compare(to other: JSONNumber) -> Int {
        if isPlain, other.isPlain, count <= 18, other.count <= 18 {
            let (left, right) = (shortInteger, other.shortInteger)
            return left < right ? -1 : (left == right ? 0 : 1)
        }
        let (left, right) = (Decimal(self), Decimal(other))
        if left.sign != right.sign { return left.sign < right.sign ? -1 : 1 }
        if left.sign == 0 { return 0 }
        return left.sign * left.compareMagnitude(of: self, to: right, of: other)
    }

    /// Feeds the value, so that equal numbers hash alike however they are written.
    func hash(into hasher: inout Hasher) {
        let decimal = Decimal(self)
        hasher.combine(decimal.sign)
        guard !decimal.isZero else { return }
        hasher.combine(decimal.lead)
        for place in 0...(decimal.lead - decimal.low) { hasher.combine(decimal.digit(at: place, of: self)) }
    }
}

extension JSONNumber {
    /// The value as `±d.ddd… × 10^lead`: where its significant digits are in the literal, and what they weigh.
    struct Decimal {
        var isNegative = false
        /// Offsets of the first and last digit that is not zero; no such digit means zero.
        private(set) var first = -1
        private var last = -1
        /// Powers of ten of these two digits.
        private(set) var lead = 0
        private(set) var low = 0
        /// Offset of the decimal point, or of the end of the digits.
        private var point = 0

        var isZero: Bool { first < 0 }
        var sign: Int { isZero ? 0 : (isNegative ? -1 : 1) }

        private static let exponentBound = 1 << 61

        init(_ number: JSONNumber) {
            var end = number.count
            point = -1
            for offset in 0..<number.count {
                let byte = unsafe number.start[offset]
                switch byte {
                case UInt8(ascii: "-"): isNegative = true
                case UInt8(ascii: "."): point = offset
                case UInt8(ascii: "1")...UInt8(ascii: "9"):
                    if first < 0 { first = offset }
                    last = offset
                case UInt8(ascii: "0"): break
                default: end = offset
                }
                if end != number.count { break }
            }
            if point < 0 { point = end }
            guard first >= 0 else { return }
            let exponent = end == number.count ? 0 : Self.exponent(of: number, from: end + 1)
            lead = weight(of: first) + exponent
            low = weight(of: last) + exponent
        }

        private func weight(of offset: Int) -> Int { offset < point ? point - 1 - offset : point - offset }

        private static func exponent(of number: JSONNumber, from offset: Int) -> Int {
            var value = 0
            var isNegative = false
            for index in offset..<number.count {
                let byte = unsafe number.start[index]
                if byte == UInt8(ascii: "-") { isNegative = true }
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { continue }
                value = min(value, exponentBound / 10) * 10 + Int(byte & 0x0F)
            }
            value = min(value, exponentBound)
            return isNegative ? -value : value
        }

        /// The digit `place` positions after the first significant one, 0 beyond the last.
        func digit(at place: Int, of number: JSONNumber) -> UInt8 {
            var offset = first + place
            if first < point, offset >= point { offset += 1 }
            return offset > last ? 0 : unsafe number.start[offset] & 0x0F
        }

        func compareMagnitude(of number: JSONNumber, to other: Decimal, of otherNumber: JSONNumber) -> Int {
            if lead != other.lead { return lead < other.lead ? -1 : 1 }
            for place in 0...max(lead - low, other.lead - other.low) {
                let left = digit(at: place, of: number)
                let right = other.digit(at: place, of: otherNumber)
                if left != right { return left < right ? -1 : 1 }
            }
            return 0
        }
    }
}
