/// Which of the required names of an object were seen: a bit for each of their numbers.
struct SeenNames {
    /// Required names that it has bits for.
    static let capacity: Int32 = 256

    private var words = InlineArray<4, UInt64>(repeating: 0)

    @inline(always)
    mutating func note(_ number: Int32) {
        words[Int(number >> 6)] |= 1 &<< UInt64(truncatingIfNeeded: number)
    }

    /// Whether all of the first so many names were seen.
    @inline(always)
    func hasAll(_ count: Int32) -> Bool {
        var left = count
        for index in words.indices {
            if left <= 0 { return true }
            let expected: UInt64 = left >= 64 ? .max : 1 << UInt64(left) &- 1
            if words[index] != expected { return false }
            left &-= 64
        }
        return true
    }
}
