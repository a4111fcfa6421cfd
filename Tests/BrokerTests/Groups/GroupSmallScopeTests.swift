import Testing

@testable import Broker

@Suite struct GroupSmallScopeTests {
    private static let depth = 10

    /// Every order of joins, syncs, heartbeats, leaving, crashes, timeouts and log failures of two consumers, up to
    /// ten steps; states that cannot be told apart are gone on from once.
    @Test(.timeLimit(.minutes(5)))
    func everyOrderOfStepsOfTwoConsumersEndsWithEverybodyAnswered() throws {
        var frontier = [try SmallGroup()]
        var seen: Set<String> = []
        var tried = 0
        for _ in 1...Self.depth {
            var next: [SmallGroup] = []
            for state in frontier {
                for step in state.steps {
                    var copy = state
                    try copy.perform(step)
                    tried += 1
                    guard seen.insert(copy.signature).inserted else { continue }
                    try copy.settled()
                    next.append(copy)
                }
            }
            frontier = next
        }
        // Fewer would say that the walk is stuck.
        #expect(seen.count > 2_000, "\(seen.count) states, \(tried) steps")
    }
}
