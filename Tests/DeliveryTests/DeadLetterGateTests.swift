import Delivery
import Log
import Testing

@Suite struct DeadLetterGateTests {
    private func record(_ sequence: UInt64) -> RecordHandle {
        RecordHandle(generation: 0, sequence: sequence)
    }

    @Test func aRecordLeavesOnlyWhenItsWriteIsAcknowledged() {
        var gate = DeadLetterGate()
        let isNew = gate.onWrite(record(1), .schema)
        #expect(isNew)
        #expect(gate.outstanding == 1)
        let outcome = gate.onAcknowledged(record(1))
        #expect(outcome == .deadLettered(.schema))
        let again = gate.onAcknowledged(record(1))
        #expect(again == nil)
    }

    @Test func aFailedWriteStopsThePartitionAndKeepsTheRecord() {
        var gate = DeadLetterGate()
        _ = gate.onWrite(record(2), .decode)
        _ = gate.onWrite(record(1), .schema)
        _ = gate.onWrite(record(3), .policy)
        let first = gate.onFailed(record(2), detail: "broker away")
        #expect(first == .stop(detail: "broker away"))
        let second = gate.onFailed(record(1), detail: "again")
        #expect(second == .alreadyStopped)
        #expect(gate.state == .stopped(detail: "broker away"))
        let other = gate.onAcknowledged(record(3))
        #expect(other == .deadLettered(.policy), "what was under way may still be acknowledged")
        let twice = gate.onWrite(record(2), .decode)
        #expect(!twice)
        let again = gate.onResume()
        #expect(again.map(\.record) == [record(1), record(2)])
        #expect(gate.state == .flowing)
        #expect(gate.outstanding == 2)
        let outcome = gate.onAcknowledged(record(2))
        #expect(outcome == .deadLettered(.decode))
    }

    @Test func aReportOfAnotherAssignmentIsUnknown() {
        var gate = DeadLetterGate()
        let failure = gate.onFailed(record(9), detail: "late")
        #expect(failure == .unknown)
        #expect(gate.state == .flowing)
    }

    /// With a tracker: whatever fails and in whatever order, the committable offset passes no record whose dead letter
    /// is not acknowledged, and in the end none is left.
    @Test(arguments: Seed.all)
    func noCommitPassesAnUnwrittenDeadLetter(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (gate, tracker) = (DeadLetterGate(), OffsetTracker(capacity: 64, position: 0))
        var (writing, written): ([RecordHandle], Set<RecordHandle>) = ([], [])
        var (offset, checked) = (Offset(0), UInt64(0))
        for step in 0..<20_000 {
            switch random.int(0...9) {
            case 0...3 where gate.state == .flowing:
                guard case .registered(let handle) = tracker.register(offset) else { continue }
                offset = offset.next
                _ = gate.onWrite(handle, .schema)
                writing.append(handle)
            case 4...7:
                guard let position = writing.indices.randomElement(using: &random) else { continue }
                let handle = writing.remove(at: position)
                if random.chance(20) {
                    _ = gate.onFailed(handle, detail: "no")
                } else if let outcome = gate.onAcknowledged(handle) {
                    written.insert(handle)
                    _ = tracker.settle(handle, outcome)
                }
            case 8:
                writing += gate.onResume().map(\.record)
            default:
                let passed = UInt64(tracker.committable.rawValue)
                let safe = (checked..<passed).allSatisfy { written.contains(record($0)) }
                try Disagreement.unless(safe, "passed \(passed)", step: step, seed: seed)
                checked = passed
            }
        }
        for handle in writing + gate.onResume().map(\.record) {
            if let outcome = gate.onAcknowledged(handle) { _ = tracker.settle(handle, outcome) }
        }
        #expect(tracker.committable == offset && gate.outstanding == 0, "seed \(seed)")
    }
}
