import Testing

@testable import Dedupe

@Suite struct KeyTableTests {
    /// Few distinct home slots, so that probe chains are long, meet and wrap around the end.
    private func crowdedKey(_ random: inout SeededGenerator) -> DedupeKey {
        let homes: [UInt64] = [0, 1 << 60, .max, .max - 1, .max - (1 << 58)]
        return DedupeKey(high: homes.randomElement(using: &random) ?? 0, low: UInt64.random(in: 0..<60, using: &random))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func agreesWithADictionary(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = try KeyTable(budget: MemoryBudget(maximumBytes: 1 << 20))
        var model: [DedupeKey: UInt32] = [:]
        for step in 0..<2000 {
            let key =
                seed % 2 == 0
                ? crowdedKey(&random) : DedupeKey(high: random.next(), low: UInt64.random(in: 0..<4, using: &random))
            let time = UInt32.random(in: 0...UInt32.max, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                try table.store(key, time: time)
                model[key] = time
            case 5..<9:
                let victim = random.chance(50) ? key : (model.keys.first ?? key)
                table.remove(victim)
                model[victim] = nil
            default:
                table.replace(key, time: time)
                if model[key] != nil { model[key] = time }
            }
            #expect(table.time(of: key) == model[key], "seed \(seed), step \(step)")
            #expect(table.count == model.count, "seed \(seed), step \(step)")
        }
        for (key, time) in model { #expect(table.time(of: key) == time, "seed \(seed)") }
    }

    @Test func holdsWhatItSaysPerKey() throws {
        var random = SeededGenerator(seed: 1)
        let budget = MemoryBudget(maximumBytes: 1 << 24)
        let table = try KeyTable(budget: budget)
        for _ in 0..<100_000 { try table.store(DedupeKey(high: random.next(), low: random.next()), time: 0) }
        #expect(table.count == 100_000)
        #expect((27...40).contains(budget.usedBytes / table.count))
    }

    @Test func refusesBeyondTheBoundAndKeepsWhatItHas() throws {
        var random = SeededGenerator(seed: 2)
        let budget = MemoryBudget(maximumBytes: 64 * KeyTable.bytesPerSlot * 2)
        let table = try KeyTable(budget: budget)
        var kept: [DedupeKey] = []
        let error = #expect(throws: DedupeError.self) {
            while true {
                let key = DedupeKey(high: random.next(), low: random.next())
                try table.store(key, time: UInt32(kept.count))
                kept.append(key)
                #expect(budget.usedBytes <= budget.maximumBytes)
            }
        }
        #expect(error?.code == .memoryFull)
        #expect(kept.count == 56, "seven eighths of 64 slots, as growing to 96 needs both tables at once")
        for (time, key) in kept.enumerated() { #expect(table.time(of: key) == UInt32(time)) }
        try table.store(kept[3], time: 77)
        #expect(table.time(of: kept[3]) == 77)
    }

    @Test func givesItsMemoryBack() throws {
        let budget = MemoryBudget(maximumBytes: 1 << 20)
        do {
            let table = try KeyTable(budget: budget)
            for index in 0..<1000 { try table.store(DedupeKey(high: UInt64(index) << 50, low: 9), time: 1) }
            #expect(budget.usedBytes > 1000 * 20)
        }
        #expect(budget.usedBytes == 0)
    }
}
