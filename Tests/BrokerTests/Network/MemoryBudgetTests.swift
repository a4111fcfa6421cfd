import Synchronization
import Testing

@testable import Broker

@Suite struct MemoryBudgetTests {
    @Test func whoGetsNoneIsCalledWhenSomethingIsGivenBack() {
        let budget = MemoryBudget(limit: 100)
        let calls = Atomic<Int>(0)
        #expect(budget.reserve(80) {})
        #expect(!budget.reserve(30) { calls.add(1, ordering: .relaxed) })
        #expect(budget.used == 80)
        budget.release(10)
        #expect(calls.load(ordering: .relaxed) == 1)
        #expect(budget.reserve(30) {})
        budget.release(100)
        #expect(calls.load(ordering: .relaxed) == 1)
        #expect(budget.used == 0)
    }

    @Test func oneRequestAboveTheLimitPassesAlone() {
        let budget = MemoryBudget(limit: 100)
        #expect(budget.reserve(500) {})
        #expect(!budget.reserve(1) {})
    }
}
