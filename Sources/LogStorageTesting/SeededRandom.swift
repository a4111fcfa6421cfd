/// SplitMix64: the same numbers for the same seed on every machine.
package struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// The first number follows from the seed alone.
    package init(_ seed: UInt64) {
        state = seed
    }

    /// 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// More than 0, less than 1.
    package mutating func part() -> Double { (Double(next() >> 12) + 0.5) / Double(1 << 52) }

    /// 0 to `limit - 1`; 0 for a limit below 1.
    package mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }

    /// True once in `n`.
    package mutating func once(in n: Int) -> Bool { below(n) == 0 }
}
