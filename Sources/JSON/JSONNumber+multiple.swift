extension JSONNumber {
    /// Whether the value is an exact integer multiple of `divisor`, in decimal arithmetic: `0.3` is one of `0.1`.
    /// Zero is a multiple of everything; nothing else is a multiple of zero.
    ///
    /// With `A·10^a` and `B·10^b`, neither A nor B ending in zero, the quotient is whole iff a ≥ b and B divides
    /// `A·10^(a-b)`. Time grows with the digits of both numbers, not with their exponents: B has at most
    /// `log2(B)` factors of two or five, so more than 4 zeros per digit of B change nothing.
    package func isMultiple(of divisor: JSONNumber) -> Bool {
        if isPlain, divisor.isPlain, let value = int64, let unit = divisor.int64, unit != 0 {
            return value.magnitude % unit.magnitude == 0
        }
        let (dividend, unit) = (Decimal(self), Decimal(divisor))
        if dividend.isZero { return true }
        if unit.isZero || dividend.low < unit.low { return false }
        let unitDigits = unit.lead - unit.low + 1
        let zeros = min(dividend.low - unit.low, 4 * unitDigits)
        var remainder = LongRemainder(modulus: (0..<unitDigits).map { unit.digit(at: $0, of: divisor) })
        for place in 0...(dividend.lead - dividend.low) { remainder.append(dividend.digit(at: place, of: self)) }
        for _ in 0..<zeros { remainder.append(0) }
        return remainder.isZero
    }
}

/// The remainder of a long division, fed one decimal digit at a time. Limbs of 32 bits, lowest first.
private struct LongRemainder {
    private let modulus: [UInt32]
    private var value: [UInt32]

    var isZero: Bool { value.allSatisfy { $0 == 0 } }

    init(modulus digits: [UInt8]) {
        var limbs: [UInt32] = [0]
        for digit in digits { Self.multiplyByTen(&limbs, adding: digit, mayGrow: true) }
        limbs.append(0)
        modulus = limbs
        value = [UInt32](repeating: 0, count: limbs.count)
    }

    mutating func append(_ digit: UInt8) {
        Self.multiplyByTen(&value, adding: digit, mayGrow: false)
        // The value was below the modulus, so it is now below ten times that: at most nine subtractions.
        while isAtLeastModulus { subtractModulus() }
    }

    private var isAtLeastModulus: Bool {
        for index in value.indices.reversed() where value[index] != modulus[index] {
            return value[index] > modulus[index]
        }
        return true
    }

    private mutating func subtractModulus() {
        var borrow: Int64 = 0
        for index in value.indices {
            let difference = Int64(value[index]) - Int64(modulus[index]) - borrow
            borrow = difference < 0 ? 1 : 0
            value[index] = UInt32(truncatingIfNeeded: difference)
        }
    }

    private static func multiplyByTen(_ limbs: inout [UInt32], adding digit: UInt8, mayGrow: Bool) {
        var carry = UInt64(digit)
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * 10 + carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if mayGrow, carry > 0 { limbs.append(UInt32(carry)) }
    }
}
