import Delivery
import Log
import Testing

@Suite struct OffsetTrackerTests {
    /// Registers an offset that must be accepted.
    private func register(_ offset: Offset, in tracker: inout OffsetTracker) throws -> RecordHandle {
        guard case .registered(let handle) = tracker.register(offset) else {
            throw Disagreement("offset \(offset) was not accepted", step: 0, seed: 0)
        }
        return handle
    }

    @Test func committableWaitsForTheOldestOpenRecord() throws {
        var tracker = OffsetTracker(capacity: 8, position: 10)
        let first = try register(10, in: &tracker)
        let second = try register(11, in: &tracker)
        #expect(tracker.settle(second, .delivered) == .waiting)
        #expect(tracker.committable == 10)
        #expect(tracker.takeCommit() == nil)
        #expect(tracker.settle(first, .filtered) == .advanced(to: 12))
        let taken = tracker.takeCommit()
        let commit = try #require(taken)
        #expect(commit.offset == 12)
        #expect(commit.delta[.delivered] == 1)
        #expect(commit.delta[.filtered] == 1)
        #expect(tracker.takeCommit() == nil)
    }

    @Test func gapsBelongToThePrefixOnceAllBeforeThemIsSettled() throws {
        var tracker = OffsetTracker(capacity: 8, position: 0)
        let first = try register(3, in: &tracker)
        let second = try register(9, in: &tracker)
        #expect(tracker.committable == 3)
        #expect(tracker.settle(first, .delivered) == .advanced(to: 9))
        #expect(tracker.settle(second, .delivered) == .advanced(to: 10))
    }

    @Test func trailingMarkersAreCommittedOnlyWhenNothingIsOpen() throws {
        var tracker = OffsetTracker(capacity: 8, position: 0)
        let only = try register(0, in: &tracker)
        tracker.onPosition(5)
        #expect(tracker.committable == 0)
        #expect(tracker.settle(only, .duplicate) == .advanced(to: 5))
        let commit = tracker.takeCommit()
        #expect(commit?.offset == 5)
    }

    @Test func aFullWindowRefusesUntilTheOldestIsSettled() throws {
        var tracker = OffsetTracker(capacity: 2, position: 0)
        let first = try register(0, in: &tracker)
        let second = try register(1, in: &tracker)
        #expect(tracker.register(2) == .full)
        #expect(tracker.settle(second, .delivered) == .waiting)
        #expect(tracker.register(2) == .full)
        #expect(tracker.settle(first, .delivered) == .advanced(to: 2))
        #expect(tracker.register(2) != .full)
    }

    @Test func aRecordIsSettledOnce() throws {
        var tracker = OffsetTracker(capacity: 4, position: 0)
        let first = try register(0, in: &tracker)
        let second = try register(1, in: &tracker)
        #expect(tracker.settle(second, .delivered) == .waiting)
        #expect(tracker.settle(second, .delivered) == .refused)
        #expect(tracker.settle(first, .delivered) == .advanced(to: 2))
        #expect(tracker.settle(first, .delivered) == .refused)
        let commit = tracker.takeCommit()
        #expect(commit?.delta.total == 2)
    }

    @Test func workOfAnEarlierGenerationIsRefused() throws {
        var old = OffsetTracker(capacity: 4, position: 0, generation: 1)
        let late = try register(0, in: &old)
        var current = OffsetTracker(capacity: 4, position: 0, generation: 2)
        _ = try register(0, in: &current)
        #expect(current.settle(late, .delivered) == .refused)
        #expect(current.committable == 0)
        #expect(current.offset(of: late) == nil)
    }

    @Test func goingBackIsRefused() throws {
        var tracker = OffsetTracker(capacity: 4, position: 7)
        #expect(tracker.register(6) == .outOfOrder)
        _ = try register(7, in: &tracker)
        #expect(tracker.register(7) == .outOfOrder)
    }

    /// The model: every record ever registered with its outcome, searched from the start.
    private struct Model {
        var records: [(offset: Offset, outcome: Outcome?)] = []
        var open: [Int] = []
        var end: Offset = 0

        func committable(from settled: Int) -> (index: Int, offset: Offset) {
            var index = settled
            while index < records.count, records[index].outcome != nil { index += 1 }
            return (index, index < records.count ? records[index].offset : end)
        }
    }

    @Test(arguments: Seed.all)
    func agreesWithASearchThroughAllRecords(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let capacity = random.int(1...70)
        var tracker = OffsetTracker(capacity: capacity, position: 0)
        var model = Model()
        var handles: [RecordHandle] = []
        var (prefix, taken, sum) = (0, Offset(0), Tally())
        for step in 0..<20_000 {
            switch random.int(0...9) {
            case 0...4:
                let offset = model.end.advanced(by: random.chance(20) ? Int64(random.int(1...50)) : 0)
                let registration = tracker.register(offset)
                let isFull = model.records.count - prefix == capacity
                try Disagreement.unless((registration == .full) == isFull, "full \(isFull)", step: step, seed: seed)
                guard case .registered(let handle) = registration else { continue }
                model.open.append(model.records.count)
                model.records.append((offset, nil))
                model.end = offset.next
                handles.append(handle)
            case 5...8:
                guard let position = model.open.indices.randomElement(using: &random) else { continue }
                let index = model.open.remove(at: position)
                let outcome = Outcome.allCases[random.int(0...15)]
                model.records[index].outcome = outcome
                let settlement = tracker.settle(handles[index], outcome)
                let expected = model.committable(from: prefix)
                let moved = expected.index > prefix
                try Disagreement.unless(
                    settlement == (moved ? .advanced(to: expected.offset) : .waiting),
                    "\(settlement) where the model has \(expected)",
                    step: step,
                    seed: seed
                )
            default:
                if let commit = tracker.takeCommit() {
                    let passed = model.records[..<prefix].filter { $0.offset >= taken }
                    var expected = Tally()
                    for record in passed { if let outcome = record.outcome { expected.record(outcome) } }
                    try Disagreement.unless(commit.delta == expected, "delta", step: step, seed: seed)
                    sum += commit.delta
                    taken = commit.offset
                }
            }
            let expected = model.committable(from: prefix)
            prefix = expected.index
            try Disagreement.unless(
                tracker.committable == expected.offset && tracker.unsettled == model.open.count
                    && tracker.count == model.records.count - prefix,
                "committable \(tracker.committable), model \(expected.offset)",
                step: step,
                seed: seed
            )
        }
        for index in model.open { _ = tracker.settle(handles[index], .delivered) }
        sum += tracker.takeCommit()?.delta ?? Tally()
        #expect(tracker.count == 0)
        #expect(tracker.committable == model.end)
        #expect(Accounting(consumed: Int64(model.records.count), settled: sum).residue == 0)
    }
}
