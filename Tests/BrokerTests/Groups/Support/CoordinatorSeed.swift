import Glibc

/// SplitMix64 (Steele, Lea, Flood 2014): small, fast, and one seed gives one sequence on every platform.
struct CoordinatorRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// True in `percent` of the draws.
    mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &self) }
}

/// The seeds of the lockstep tests: new ones for each run, or `BUSBAR_TEST_SEED` to repeat a failure.
enum CoordinatorSeed {
    static var all: [UInt64] {
        if let text = getenv("BUSBAR_TEST_SEED"), let seed = UInt64(String(cString: text)) { return [seed] }
        return (0..<4).map { _ in UInt64.random(in: 0...UInt64.max) }
    }
}

/// What a lockstep test found; its text ends in the seed that repeats it.
struct Violation: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, step: Int, seed: UInt64) {
        description = "step \(step): \(what); repeat with BUSBAR_TEST_SEED=\(seed)"
    }
}
