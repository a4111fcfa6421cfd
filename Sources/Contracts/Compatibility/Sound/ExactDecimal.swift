import JSON

/// A decimal number `mantissa × 10^exponent` of at most 36 significant digits, exact.
///
/// The mantissa does not end in zero, so that equal numbers are equal members. Operations whose result does not fit
/// give nil.
struct ExactDecimal: Hashable, Comparable, Sendable {
    let mantissa: Int128
    let exponent: Int

    static let zero = ExactDecimal(0)
    static let one = ExactDecimal(1)
    private static let maxDigits = 36
    private static let maxExponent = 1_000_000

    init(_ value: Int128, exponent: Int = 0) {
        guard value != 0 else {
            (mantissa, self.exponent) = (0, 0)
            return
        }
        var (digits, power) = (value, exponent)
        while digits % 10 == 0 { (digits, power) = (digits / 10, power + 1) }
        (mantissa, self.exponent) = (digits, power)
    }

    /// - Returns: nil for more than 36 significant digits or an exponent beyond ±1,000,000.
    init?(_ literal: JSONLiteral) {
        var value: Int128 = 0
        var power = 0
        var zeros = 0
        var digits = 0
        var isFraction = false
        let text = literal.text.utf8
        let end = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
        for byte in text[..<end] {
            if byte == UInt8(ascii: ".") { isFraction = true }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { continue }
            if isFraction { power -= 1 }
            // Zeros count only once a digit follows them.
            if byte == UInt8(ascii: "0") {
                zeros += 1
                continue
            }
            digits = digits == 0 ? 1 : digits + zeros + 1
            guard digits <= Self.maxDigits else { return nil }
            value = value * (value == 0 ? 1 : Self.power(zeros + 1)) + Int128(byte & 0x0F)
            zeros = 0
        }
        if end != text.endIndex {
            let written = Int(String(literal.text[text.index(after: end)...]))
            guard let written, written.magnitude <= Self.maxExponent else { return nil }
            power += written
        }
        self.init(text.first == UInt8(ascii: "-") ? -value : value, exponent: power + zeros)
    }

    var isWhole: Bool { exponent >= 0 }

    /// Both mantissas over the smaller exponent, nil when that overflows.
    private static func aligned(_ left: ExactDecimal, _ right: ExactDecimal) -> (Int128, Int128, Int)? {
        let exponent = min(left.exponent, right.exponent)
        guard let first = left.scaled(to: exponent), let second = right.scaled(to: exponent) else { return nil }
        return (first, second, exponent)
    }

    private func scaled(to exponent: Int) -> Int128? {
        let shift = self.exponent - exponent
        if mantissa == 0 { return 0 }
        guard shift <= 2 * Self.maxDigits else { return nil }
        var value = mantissa
        for _ in 0..<shift {
            let (next, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = next
        }
        return value
    }

    private static func power(_ exponent: Int) -> Int128 {
        var value: Int128 = 1
        for _ in 0..<exponent { value *= 10 }
        return value
    }
}

extension ExactDecimal {
    static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.mantissa.signum() != right.mantissa.signum() { return left.mantissa < right.mantissa }
        if left.mantissa == 0 { return false }
        let (lead, otherLead) = (left.lead, right.lead)
        if lead != otherLead { return (lead < otherLead) == (left.mantissa > 0) }
        // With the same leading power the aligned mantissas have as many digits as the longer one.
        guard let (first, second, _) = aligned(left, right) else { return false }
        return first < second
    }

    /// The power of ten of the first digit, from 1.
    private var lead: Int {
        var (digits, rest) = (0, mantissa.magnitude)
        while rest > 0 { (digits, rest) = (digits + 1, rest / 10) }
        return digits + exponent
    }

    func adding(_ other: ExactDecimal) -> ExactDecimal? {
        guard let (left, right, exponent) = Self.aligned(self, other) else { return nil }
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? nil : ExactDecimal(sum, exponent: exponent)
    }

    var negated: ExactDecimal { ExactDecimal(-mantissa, exponent: exponent) }

    var half: ExactDecimal? {
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: 5)
        return overflow ? nil : ExactDecimal(product, exponent: exponent - 1)
    }

    /// Whether this is a whole multiple of a number above zero; nil when that cannot be computed.
    func isMultiple(of unit: ExactDecimal) -> Bool? {
        if mantissa == 0 { return true }
        if exponent < unit.exponent, unit.mantissa != 0 {
            // The last digit is below the unit's: no whole multiple ends there.
            return false
        }
        guard let (value, divisor, _) = Self.aligned(self, unit), divisor != 0 else { return nil }
        return value % divisor == 0
    }

    /// The smallest positive number that both divide.
    func leastCommonMultiple(_ other: ExactDecimal) -> ExactDecimal? {
        guard let (left, right, exponent) = Self.aligned(self, other), left > 0, right > 0 else { return nil }
        var (divisor, rest) = (left, right)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        let (product, overflow) = (left / divisor).multipliedReportingOverflow(by: right)
        return overflow ? nil : ExactDecimal(product, exponent: exponent)
    }

    /// The greatest multiple of `unit` (above zero) that is not above this.
    func roundedDown(to unit: ExactDecimal) -> ExactDecimal? {
        guard let (value, divisor, exponent) = Self.aligned(self, unit), divisor > 0 else { return nil }
        let remainder = value % divisor
        let (result, overflow) = value.subtractingReportingOverflow(remainder < 0 ? remainder + divisor : remainder)
        return overflow ? nil : ExactDecimal(result, exponent: exponent)
    }

    /// The number as JSON, without an exponent where that is short.
    /// - Parameter isWholeFraction: Whether to write a whole number as `1.0`.
    /// - Returns: The number; nil if its text could not be read back.
    func literal(isWholeFraction: Bool = false) -> JSON? {
        let digits = String(mantissa.magnitude)
        let sign = mantissa < 0 ? "-" : ""
        let text: String
        if exponent > 30 || exponent < -60 {
            text = sign + digits + "e" + String(exponent)
        } else if exponent >= 0 {
            text = sign + digits + String(repeating: "0", count: exponent) + (isWholeFraction ? ".0" : "")
        } else {
            let padded = String(repeating: "0", count: max(0, 1 - exponent - digits.count)) + digits
            text = sign + padded.dropLast(-exponent) + "." + padded.suffix(-exponent)
        }
        return Result { try JSON(parsing: text) }.value
    }
}

extension Result {
    fileprivate var value: Success? { if case .success(let value) = self { value } else { nil } }
}
