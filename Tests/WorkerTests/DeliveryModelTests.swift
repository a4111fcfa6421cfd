import ConnectorKit
import Delivery
import Expressions
import Log
import LogTesting
import TestKit
import Testing

@testable import Worker

/// Random sinks, random faults, random ends: what must hold whatever happens.
@Suite(.timeLimit(.minutes(4)))
struct DeliveryModelTests {
    private func outcome(_ random: SharedRandom) -> SinkResult {
        switch random.number(in: 0..<20) {
        case 0, 1: .retry(.target5xx)
        case 2: .retry(.rateLimit, after: .milliseconds(1))
        case 3: .reject(.target4xx, detail: "422")
        default: .delivered
        }
    }

    /// Checks every moment that can be seen: what is published, and what is committed.
    private func check(_ rig: Rig, _ sink: ScriptedSink, _ seed: UInt64) {
        #expect(rig.accounting.isBalanced, "seed \(seed)")
        // What is committed was settled before: the commits are looked at first.
        let commits = rig.log.committedOffsets(of: "busbar.tickets")
        let settledIDs = settled(rig, sink)
        for (partition, committed) in commits {
            let settled: Int64
            do {
                settled = try Accounting(metadata: committed.metadata).settled.total
            } catch {
                Issue.record("seed \(seed): \(error)")
                continue
            }
            #expect(settled == committed.offset.rawValue, "one count for each offset, seed \(seed)")
            for offset in 0..<committed.offset.rawValue where !settledIDs.contains("\(partition)/\(offset)") {
                Issue.record("seed \(seed): \(partition) is committed at \(committed.offset), \(offset) has no outcome")
            }
        }
    }

    private func settled(_ rig: Rig, _ sink: ScriptedSink) -> Set<String> {
        let letters = rig.log.records(in: "tickets.dlq").compactMap { letter -> String? in
            guard let partition = letter.header("busbar-orig-partition"),
                let offset = letter.header("busbar-orig-offset")
            else { return nil }
            return "in/\(partition)/\(offset)"
        }
        return Set(sink.delivered.keys).union(letters)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func nothingIsLostAndNothingIsCommittedWithoutAnOutcome(seed: UInt64) async throws {
        let random = SharedRandom(seed: seed)
        let log = InMemoryLog()
        let faults = FaultyLog(log) { _, operation in
            [.commit, .send].contains(operation) && random.chance(0.02) ? .transient : nil
        }
        let rig = Rig(log: log, faults: faults)
        let sink = ScriptedSink { records, _ in
            for _ in 0..<random.number(in: 0..<20) { await Task.yield() }
            return records.map { _ in outcome(random) }
        }
        try await rig.createInput(partitions: 2)
        let count = 1000
        for partition in 0..<2 as Range<Int32> {
            var batch = ProduceBatch()
            for number in 0..<count {
                batch.append(
                    topic: "in",
                    partition: PartitionID(rawValue: partition),
                    key: random.chance(0.1) ? nil : [UInt8(random.number(in: 0..<30))],
                    value: Array("\(number)".utf8)
                )
            }
            try await rig.produce(batch)
        }
        let order = Order.allCases[Int(seed) % 3]
        let plan = ConnectorPlan.delivering(to: sink, order: order, retry: .fast(attempts: 6))
        for _ in 0..<6 {
            let running = try await rig.deliver(plan, maxBatch: 50) { limits in
                limits.window = 100
                limits.waiting = 40
            }
            // One record in twenty is refused and never counts as delivered.
            try await sink.waitForDeliveries(min(1500, sink.delivered.count + random.number(in: 100..<500)))
            check(rig, sink, seed)
            if random.chance(0.5) { await running.crash() } else { try await running.stop() }
            check(rig, sink, seed)
        }
        let last = try await rig.deliver(plan)
        try await eventually("all is committed, seed \(seed)") {
            rig.committed(0)?.offset == Offset(Int64(count)) && rig.committed(1)?.offset == Offset(Int64(count))
        }
        try await last.stop()
        check(rig, sink, seed)
        #expect(await last.driver.attempts.isEmpty)
        #expect(await last.driver.lanes.count == 0)
        #expect(await last.driver.shelves.isEmpty)
    }

    @Test
    func aSlowTargetIsMetWithBoundedMemoryAndNoLoss() async throws {
        let gate = Gate()
        let rig = Rig()
        let sink = ScriptedSink { records, _ in
            await gate.pass()
            return records.map { _ in .delivered }
        }
        try await rig.createInput(partitions: 4)
        for partition in 0..<4 as Range<Int32> {
            try await rig.produce((0..<500).map(String.init), partition: PartitionID(rawValue: partition))
        }
        let running = try await rig.deliver(.delivering(to: sink, order: .none), maxBatch: 50) { limits in
            limits.waiting = 60
            limits.window = 200
        }
        try await sink.waitForCalls(8)
        while await running.driver.shelves.count < 4 { await Task.yield() }
        #expect(await running.driver.lanes.count == 60)
        #expect(rig.accounting.consumed == 60)
        gate.open()
        try await sink.waitForDeliveries(2000)
        try await running.stop()
        #expect(sink.delivered.values.allSatisfy { $0 == 1 })
    }

    @Test
    func aPartitionThatIsStuckDoesNotHoldUpTheOthers() async throws {
        let gate = Gate()
        let rig = Rig()
        let sink = ScriptedSink { records, _ in
            if records.contains(where: { $0.id == "in/0/0" }) { await gate.pass() }
            return records.map { _ in .delivered }
        }
        try await rig.createInput(partitions: 2)
        for partition in 0..<2 as Range<Int32> {
            try await rig.produce((0..<300).map(String.init), partition: PartitionID(rawValue: partition))
        }
        // The window of partition 0 is full long before its end.
        let running = try await rig.deliver(.delivering(to: sink, order: .none), maxBatch: 50) { $0.window = 100 }
        try await eventually("partition 1 is done") { rig.committed(1)?.offset == 300 }
        #expect(rig.committed(0) == nil)
        gate.open()
        try await eventually("partition 0 is done") { rig.committed(0)?.offset == 300 }
        try await running.stop()
        #expect(sink.delivered.values.allSatisfy { $0 == 1 })
    }

    @Test
    func stoppingEndsAtTheDeadlineWhenTheTargetHangsAndTheRecordComesAgain() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let hanging = ScriptedSink { records, _ in
            await Gate().pass()
            return records.map { _ in .retry(.timeout) }
        }
        try await rig.createInput()
        try await rig.produce(["a"])
        var plan = ConnectorPlan.delivering(to: hanging)
        plan.delivery.timeout = .seconds(3600)
        let first = try await rig.deliver(plan)
        try await hanging.waitForCalls(1)
        await first.driver.stop()
        try await advance(clock, until: "the driver has ended") { first.hasEnded }
        try await first.task.value
        #expect(clock.now.sinceStart >= DriverLimits().drainDeadline)
        #expect(rig.committed() == nil)
        let sink = ScriptedSink()
        let second = try await rig.deliver(.delivering(to: sink))
        try await sink.waitForDeliveries(1)
        try await second.stop()
        #expect(rig.committed()?.offset == 1)
    }

    @Test
    func batchesAreGatheredAndPoisonIsIsolated() async throws {
        let rig = Rig()
        let sink = ScriptedSink(batching: BatchPolicy(max: 16, within: .milliseconds(200))) { records, _ in
            let isPoisoned = records.contains { $0.id == "in/0/37" }
            return records.map { _ in isPoisoned ? .reject(.target4xx, detail: "400") : .delivered }
        }
        try await rig.createInput()
        try await rig.produce((0..<64).map(String.init))
        let running = try await rig.deliver(.delivering(to: sink, order: .partition, inFlight: 32))
        try await eventually("all is committed") { rig.committed()?.offset == 64 }
        try await running.stop()
        #expect(rig.log.records(in: "tickets.dlq").map { $0.header("busbar-orig-offset") } == ["37"])
        #expect(sink.delivered.count == 63 && sink.delivered.values.allSatisfy { $0 == 1 })
        let numbers = sink.values.compactMap { Int($0) }
        #expect(numbers == (0..<64).filter { $0 != 37 })
        #expect(sink.calls.contains { $0.ids.count == 16 })
        #expect(sink.calls.count <= 4 + 2 * 4 + 2, "16 is halved four times")
    }

    @Test
    func partialResultsOfABatchAreTakenOneByOne() async throws {
        let rig = Rig()
        let sink = ScriptedSink(batching: BatchPolicy(max: 8, within: .milliseconds(50))) { records, call in
            records.enumerated().map { index, _ in
                call > 1 ? .delivered : index % 2 == 0 ? .delivered : .retry(.target5xx)
            }
        }
        try await rig.createInput()
        try await rig.produce((0..<8).map(String.init))
        let running = try await rig.deliver(.delivering(to: sink, order: .none, inFlight: 8))
        try await eventually("all is committed") { rig.committed()?.offset == 8 }
        try await running.stop()
        #expect(sink.delivered.count == 8 && sink.delivered.values.allSatisfy { $0 == 1 })
    }
}
