import Delivery
import Testing

@Suite struct BatchBisectionTests {
    /// Runs a bisection against a target that refuses every batch holding one of `poison`.
    private func run(count: Int, poison: Set<Int>) -> (found: [Int], accepted: [Int], requests: Int) {
        var bisection = BatchBisection(count: count)
        var accepted: [Int] = []
        while case .send(let part) = bisection.next {
            if part.contains(where: poison.contains) {
                _ = bisection.onRefused()
            } else {
                accepted += Array(bisection.onAccepted())
            }
        }
        return (bisection.poison, accepted, bisection.requests)
    }

    private func bound(count: Int, poison: Int) -> Int {
        var levels = 0
        while 1 << levels < count { levels += 1 }
        return min(1 + 2 * poison * levels, max(2 * count - 1, 0))
    }

    @Test func findsTheRecordOfTheDrawing() {
        let (found, accepted, requests) = run(count: 8, poison: [6])
        #expect(found == [6])
        #expect(accepted == [0, 1, 2, 3, 4, 5, 7])
        #expect(requests == 7)
    }

    @Test func anEmptyBatchIsDoneAndAGoodOneTakesOneRequest() {
        #expect(BatchBisection(count: 0).next == .done)
        #expect(run(count: 100, poison: []).requests == 1)
    }

    @Test func everyPoisonSetOfSmallBatchesIsFoundWithinTheBound() {
        for count in 0...9 {
            for bits in 0..<(1 << count) {
                let poison = Set((0..<count).filter { bits >> $0 & 1 == 1 })
                let (found, accepted, requests) = run(count: count, poison: poison)
                let isRight =
                    found == poison.sorted() && accepted == (0..<count).filter { !poison.contains($0) }
                    && requests <= bound(count: count, poison: poison.count) + (poison.isEmpty && count > 0 ? 1 : 0)
                if !isRight { Issue.record("\(count) records, poison \(poison): \(found), \(requests) requests") }
            }
        }
    }

    @Test(arguments: Seed.all)
    func randomPoisonIsFoundWithinTheBoundAndInOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for step in 0..<500 {
            let count = random.int(1...400)
            let poison = Set((0..<random.int(1...5)).map { _ in random.int(0...count - 1) })
            let (found, accepted, requests) = run(count: count, poison: poison)
            try Disagreement.unless(
                found == poison.sorted() && accepted == (0..<count).filter { !poison.contains($0) }
                    && requests <= bound(count: count, poison: poison.count),
                "\(count) records, poison \(poison): \(found), \(requests) requests",
                step: step,
                seed: seed
            )
        }
    }
}
