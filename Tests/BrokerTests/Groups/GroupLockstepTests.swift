import Testing

@testable import Broker

@Suite struct GroupLockstepTests {
    private static let runs = 5
    private static let steps = 10_000

    /// With four seeds: 200,000 steps.
    @Test(.timeLimit(.minutes(5)), arguments: CoordinatorSeed.all)
    func whateverConsumersDoAnswersAndOffsetsAreThoseOfTheModel(seed: UInt64) throws {
        var counts: [String: Int] = [:]
        for run in 0..<Self.runs {
            let world = try GroupWorld(seed: seed &+ UInt64(run) &* 0x1_0000_0001)
            for step in 1...Self.steps {
                try world.step()
                if step % (Self.steps / 3) == Self.steps / 6 { try world.restart() }
            }
            try world.settle()
            counts.merge(world.counts) { $0 + $1 }
        }
        // The walk must get somewhere, or it proves nothing.
        for what in ["join", "sync", "commit", "refused join", "refused sync", "refused commit", "rebalance"] {
            #expect(counts[what, default: 0] > 100, "\(what): \(counts); BUSBAR_TEST_SEED=\(seed)")
        }
    }
}
