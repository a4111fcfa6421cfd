import Testing

@testable import Broker

@Suite struct TransactionLockstepTests {
    private static let runs = 5
    private static let steps = 10_000

    /// With four seeds: 200,000 steps.
    @Test(.timeLimit(.minutes(5)), arguments: CoordinatorSeed.all)
    func whateverProducersDoEachTransactionEndsOnceWithOneMarkerPerPartition(seed: UInt64) throws {
        var counts: [String: Int] = [:]
        for run in 0..<Self.runs {
            let world = try TransactionWorld(seed: seed &+ UInt64(run) &* 0x1_0000_0001)
            for step in 1...Self.steps {
                try world.step()
                if step % (Self.steps / 5) == Self.steps / 10 { try world.restart() }
            }
            try world.settle()
            counts.merge(world.counts) { $0 + $1 }
            counts["completed", default: 0] += world.completed
        }
        // The walk must get somewhere, or it proves nothing.
        for what in ["init true", "init false", "add true", "add false", "end true", "end false", "completed"] {
            #expect(counts[what, default: 0] > 100, "\(what): \(counts); BUSBAR_TEST_SEED=\(seed)")
        }
    }
}
