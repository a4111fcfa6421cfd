/// SplitMix64 (Steele, Lea and Flood, 2014): a random sequence that its seed determines on every platform.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Bytes without structure.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }

    /// `true` with the given probability, from 0 to 1.
    package mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self) < probability
    }
}

/// A failure together with the seed that reproduces it.
package struct SeedFailure: Error, CustomStringConvertible {
    package let seed: UInt64
    package let cause: any Error

    package var description: String { "seed \(seed): \(cause)" }
}

/// Runs `body` once for each seed. The body reports a failure by throwing, which stops the run.
/// - Throws: ``SeedFailure`` with the failing seed, which is also printed.
package func withSeeds(
    _ seeds: Range<UInt64>,
    _ body: (inout SeededRandom) async throws -> Void
) async throws {
    for seed in seeds {
        var random = SeededRandom(seed: seed)
        do {
            try await body(&random)
        } catch {
            print("failing seed: \(seed)")
            throw SeedFailure(seed: seed, cause: error)
        }
    }
}
