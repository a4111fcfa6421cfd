import ConnectorKit
import Delivery
import Expressions
import Foundation
import Log
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(2)))
struct DuplicateTests {
    private func plan(_ sink: ScriptedSink) -> ConnectorPlan {
        var plan = ConnectorPlan.delivering(to: sink)
        plan.dedupe = DedupePlan(key: .header("ce_id"), window: .seconds(3600))
        return plan
    }

    private func send(_ rig: Rig, _ ids: [String]) async throws {
        for id in ids { try await rig.produce([id], headers: [Header("ce_id", id)]) }
    }

    @Test
    func duplicatesOfOneBatchAndOfAnotherAreDropped() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        try await rig.createInput()
        try await send(rig, ["a", "b", "a"])
        let running = try await rig.deliver(plan(sink))
        try await eventually("the first are committed") { rig.committed()?.offset == 3 }
        try await send(rig, ["b", "c"])
        try await eventually("all are committed") { rig.committed()?.offset == 5 }
        try await running.stop()
        #expect(sink.values.sorted() == ["a", "b", "c"])
        let settled = try Accounting(metadata: rig.committed()?.metadata).settled
        #expect(settled[.duplicate] == 2 && settled[.delivered] == 3)
    }

    enum Journal: String, CaseIterable {
        case kept, deleted, corrupt
    }

    @Test(arguments: Journal.allCases)
    func duplicatesAreKnownAfterARestartWhateverBecameOfTheJournal(journal: Journal) async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        try await rig.createInput()
        try await send(rig, (0..<20).map(String.init))
        let first = try await rig.deliver(plan(sink))
        try await eventually("the first are committed") { rig.committed()?.offset == 20 }
        await first.crash()
        let path = rig.directory + "/0/dedupe.sqlite"
        switch journal {
        case .kept:
            break
        case .deleted:
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
        case .corrupt:
            try Data(repeating: 0x5a, count: 5000).write(to: URL(fileURLWithPath: path))
        }
        try await send(rig, (10..<30).map(String.init))
        let second = try await rig.deliver(plan(sink))
        try await eventually("all are committed") { rig.committed()?.offset == 40 }
        try await second.stop()
        #expect(sink.delivered.count == 30 && sink.delivered.values.allSatisfy { $0 == 1 })
        #expect(Set(sink.values) == Set((0..<30).map(String.init)))
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled[.duplicate] == 10)
    }

    @Test
    func aRecordThatIsReadAgainIsNotItsOwnDuplicate() async throws {
        let rig = Rig()
        let hanging = ScriptedSink { records, _ in
            await Gate().pass()
            return records.map { _ in .retry(.timeout) }
        }
        try await rig.createInput()
        try await send(rig, ["a", "b"])
        let first = try await rig.deliver(plan(hanging))
        try await hanging.waitForCalls(2)
        await first.crash()
        let sink = ScriptedSink()
        let second = try await rig.deliver(plan(sink))
        try await sink.waitForDeliveries(2)
        try await second.stop()
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled[.delivered] == 2)
    }
}
