/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the same numbers from the same
/// seed on every platform and release, which `SystemRandomNumberGenerator` and `Hasher` do not promise.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number in `0..<bound`. The bias of the remainder is far below anything that a day of traffic shows.
    mutating func number(below bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// True `percent` times in a hundred.
    mutating func chance(_ percent: Int) -> Bool {
        number(below: 100) < percent
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(below: elements.count)]
    }

    /// An index, each as often as its weight says.
    mutating func index(weights: [Int]) -> Int {
        var rest = number(below: weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return weights.count - 1
    }

    /// Fisher and Yates; the library's `shuffle` may change its use of the generator between releases.
    mutating func shuffle<Element>(_ elements: inout [Element]) {
        for index in elements.indices.reversed().dropLast() {
            elements.swapAt(index, number(below: index + 1))
        }
    }

    /// `count` hexadecimal digits.
    mutating func hexadecimal(_ count: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        while text.count < count {
            var bits = next()
            for _ in 0..<min(16, count - text.count) {
                text.append(digits[Int(bits & 15)])
                bits >>= 4
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A random UUID in GitHub's form, lower case.
    mutating func uuid() -> String {
        let digits = hexadecimal(31)
        let parts = [(0, 8), (8, 4), (12, 3), (15, 4), (19, 12)].map { start, count in
            let first = digits.index(digits.startIndex, offsetBy: start)
            return String(digits[first..<digits.index(first, offsetBy: count)])
        }
        return "\(parts[0])-\(parts[1])-4\(parts[2])-\(parts[3])-\(parts[4])"
    }
}
