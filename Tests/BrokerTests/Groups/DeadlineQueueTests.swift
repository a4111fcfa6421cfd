import Testing

@testable import Broker

@Suite struct DeadlineQueueTests {
    @Test(arguments: CoordinatorSeed.all)
    func entriesComeUpInOrder(seed: UInt64) throws {
        var random = CoordinatorRandom(seed: seed)
        var queue = DeadlineQueue<Int>()
        var model: [Int64] = []
        for number in 0..<1_000 {
            if random.chance(60) {
                let due = Int64(random.int(0...500))
                queue.push(due, number)
                model.append(due)
            } else {
                model.sort()
                let now = Int64(random.int(0...500))
                let expected = model.first.flatMap { $0 <= now ? $0 : nil }
                if expected != nil { model.removeFirst() }
                let due = queue.pop(dueBy: now)?.due
                if due != expected { throw Violation("\(String(describing: due)) comes up", step: number, seed: seed) }
            }
            if queue.first != model.min() { throw Violation("another is first", step: number, seed: seed) }
        }
    }

    @Test func aTimerThatIsMovedLaterFiresOnceAndCostsNoEntry() {
        var queue = DeadlineQueue<Int>()
        var timer = Timer()
        for due in stride(from: Int64(10), through: 100, by: 10) { timer.set(due, 0, in: &queue) }
        #expect(queue.count == 1)
        #expect(fire(&timer, &queue, at: 99) == 0)
        #expect(fire(&timer, &queue, at: 100) == 1)
        #expect(fire(&timer, &queue, at: 1_000) == 0)
        #expect(queue.count == 0)
    }

    @Test func aTimerThatIsMovedEarlierFiresEarlierAndOnce() {
        var queue = DeadlineQueue<Int>()
        var timer = Timer()
        timer.set(100, 0, in: &queue)
        timer.set(50, 0, in: &queue)
        #expect(fire(&timer, &queue, at: 50) == 1)
        #expect(fire(&timer, &queue, at: 100) == 0)
    }

    @Test func aStoppedTimerDoesNotFireUntilItIsSetAgain() {
        var queue = DeadlineQueue<Int>()
        var timer = Timer()
        timer.set(10, 0, in: &queue)
        timer.stop()
        #expect(fire(&timer, &queue, at: 10) == 0)
        timer.set(20, 0, in: &queue)
        #expect(fire(&timer, &queue, at: 20) == 1)
    }

    private func fire(_ timer: inout Timer, _ queue: inout DeadlineQueue<Int>, at now: Int64) -> Int {
        var fired = 0
        while let (due, key) = queue.pop(dueBy: now) {
            if timer.comesUp(entry: due, now: now, key: key, in: &queue) { fired += 1 }
        }
        return fired
    }
}
