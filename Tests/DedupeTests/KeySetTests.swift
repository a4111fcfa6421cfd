import Testing

@testable import Dedupe

@Suite struct KeySetTests {
    private let window: DedupeWindow
    private let budget = MemoryBudget(maximumBytes: 1 << 20)
    private let key = DedupeKey(high: 1, low: 2)

    init() throws {
        window = try DedupeWindow(.milliseconds(100))
    }

    @Test func remembersTheLatestTimestamp() throws {
        let keys = KeySet(window: window, budget: budget)
        #expect(keys.latest(of: key) == KeySet.never)
        #expect(try keys.record(key, at: 1000) == KeySet.never)
        #expect(try keys.record(key, at: 1020) == 1000)
        #expect(try keys.record(key, at: 990) == 1020)
        #expect(keys.latest(of: key) == 1020)
        #expect(try keys.record(key, at: 1090) == 1020)
        #expect(keys.latest(of: key) == 1090)
    }

    @Test func undoingInReverseOrderRestoresEveryState() throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let keys = KeySet(window: window, budget: budget)
            let universe = (0..<40).map { DedupeKey(high: UInt64($0) << 58, low: UInt64($0)) }
            var done: [(key: DedupeKey, timestamp: Int64, previous: Int64)] = []
            var states: [[Int64]] = []
            for _ in 0..<300 {
                states.append(universe.map(keys.latest(of:)))
                let key = universe.randomElement(using: &random) ?? self.key
                let timestamp = Int64.random(in: 0..<400, using: &random)
                done.append((key, timestamp, try keys.record(key, at: timestamp)))
            }
            while let last = done.popLast() {
                keys.undo(last.key, at: last.timestamp, previous: last.previous)
                #expect(universe.map(keys.latest(of:)) == states.popLast(), "seed \(seed)")
            }
            #expect(keys.entryCount == 0)
        }
    }

    @Test func aGenerationGoesWhenItsLastInstantHasLeftTheWindow() throws {
        let keys = KeySet(window: window, budget: budget)
        _ = try keys.record(key, at: 1049)
        let used = budget.usedBytes
        #expect(!keys.dropExpired(at: 1148))
        #expect(keys.latest(of: key) == 1049)
        #expect(keys.dropExpired(at: 1149))
        #expect(keys.latest(of: key) == KeySet.never)
        #expect(used > 0 && budget.usedBytes == 0)
    }

    @Test func keepsFewGenerationsInASteadyStream() throws {
        let keys = KeySet(window: window, budget: budget)
        for timestamp in Int64(0)..<2000 {
            _ = try keys.record(DedupeKey(high: UInt64(timestamp) << 50, low: 7), at: timestamp)
            keys.dropExpired(at: timestamp)
            #expect(keys.generationCount <= 4)
        }
        #expect(keys.entryCount <= 150)
    }
}
