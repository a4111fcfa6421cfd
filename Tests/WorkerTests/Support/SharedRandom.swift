import LogTesting
import Synchronization
import TestKit

/// Seeded randomness that concurrent tasks draw from.
final class SharedRandom: Sendable {
    let seed: UInt64
    private let random: Mutex<SeededRandom>

    init(seed: UInt64) {
        self.seed = seed
        random = Mutex(SeededRandom(seed: seed))
    }

    func chance(_ probability: Double) -> Bool {
        random.withLock { $0.chance(probability) }
    }

    func number(in range: Range<Int>) -> Int {
        random.withLock { Int.random(in: range, using: &$0) }
    }
}
