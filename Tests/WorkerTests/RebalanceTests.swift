import ConnectorKit
import Delivery
import Log
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(3)))
struct RebalanceTests {
    @Test(arguments: 0..<3 as Range<UInt64>)
    func membersComeAndGoWithoutLossAndKeysKeepTheirOrder(seed: UInt64) async throws {
        let random = SharedRandom(seed: seed)
        let rig = Rig()
        let sink = ScriptedSink { records, _ in
            for _ in 0..<random.number(in: 0..<10) { await Task.yield() }
            return records.map { _ in random.chance(0.1) ? .retry(.target5xx) : .delivered }
        }
        let plan = ConnectorPlan.delivering(to: sink, retry: .fast(attempts: 1000))
        try await rig.createInput(partitions: 6)
        let first = try await rig.deliver(plan, state: "first", maxBatch: 20) { $0.waiting = 50 }
        var produced = 0
        for round in 0..<8 {
            for partition in 0..<6 as Range<Int32> {
                var batch = ProduceBatch()
                for number in produced..<(produced + 40) {
                    batch.append(
                        topic: "in",
                        partition: PartitionID(rawValue: partition),
                        key: [UInt8(number % 4)],
                        value: Array("\(number)".utf8)
                    )
                }
                try await rig.produce(batch)
            }
            produced += 40
            let second = try await rig.deliver(plan, state: "second", maxBatch: 20) { $0.waiting = 50 }
            let goal = min(sink.delivered.count + random.number(in: 20..<150), produced * 6 - 20)
            try await sink.waitForDeliveries(max(goal, 1))
            switch round % 3 {
            case 0: try await second.stop()
            case 1: await second.crash()
            default:
                rig.log.expel(memberOf: "busbar.tickets")
                try await sink.waitForDeliveries(min(goal + 10, produced * 6 - 10))
                try await second.stop()
            }
        }
        try await sink.waitForDeliveries(produced * 6)
        try await eventually("all is committed, seed \(seed)") {
            (0..<6).allSatisfy { rig.committed(PartitionID(rawValue: $0))?.offset == Offset(Int64(produced)) }
        }
        for partition in 0..<6 as Range<Int32> {
            let metadata = rig.committed(PartitionID(rawValue: partition))?.metadata
            #expect(try Accounting(metadata: metadata).settled.total == Int64(produced), "seed \(seed)")
        }
        #expect(rig.accounting.isBalanced, "seed \(seed)")
        expectOrderOfFirstDeliveries(sink, seed)
        #expect(await first.driver.attempts.isEmpty, "seed \(seed)")
        #expect(await first.driver.lanes.count == 0, "seed \(seed)")
        #expect(await first.driver.started.isEmpty, "seed \(seed)")
        try await first.stop()
    }

    /// Whoever has a partition begins behind records that were delivered, so that of each key the deliveries up to any
    /// moment, repetitions aside, are its first records.
    private func expectOrderOfFirstDeliveries(_ sink: ScriptedSink, _ seed: UInt64) {
        var last: [String: Int] = [:]
        var seen: Set<String> = []
        for call in sink.calls {
            for index in call.ids.indices where call.results[index] == .delivered {
                guard seen.insert(call.ids[index]).inserted, let number = Int(call.values[index]) else { continue }
                let key = "\(call.ids[index].prefix(4)) \(number % 4)"
                #expect(last[key].map { $0 < number } ?? true, "key \(key), seed \(seed)")
                last[key] = number
            }
        }
    }

    @Test
    func resultsOfARevokedAssignmentAreNotCommitted() async throws {
        let gate = Gate()
        let rig = Rig()
        let slow = ScriptedSink { records, _ in
            await gate.pass()
            return records.map { _ in .delivered }
        }
        try await rig.createInput()
        try await rig.produce(["a", "b"])
        let running = try await rig.deliver(.delivering(to: slow))
        try await slow.waitForCalls(2)
        // The session is over: the partition is lost, and comes back as a new assignment.
        rig.log.expel(memberOf: "busbar.tickets")
        try await slow.waitForCalls(4)
        #expect(rig.committed() == nil)
        gate.open()
        try await eventually("all is committed") { rig.committed()?.offset == 2 }
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled[.delivered] == 2, "counted once")
        #expect(rig.accounting.isBalanced)
        try await running.stop()
        #expect(slow.delivered == ["in/0/0": 2, "in/0/1": 2], "what was under way may be delivered twice")
        #expect(await running.driver.lanes.count == 0)
        #expect(await running.driver.attempts.isEmpty)
    }

    @Test
    func aRevokeWaitsForWhatIsStartedAndCommitsIt() async throws {
        let gate = Gate()
        let rig = Rig()
        let slow = ScriptedSink { records, _ in
            await gate.pass()
            return records.map { _ in .delivered }
        }
        try await rig.createInput(partitions: 2)
        try await rig.produce(["a"], partition: 0)
        try await rig.produce(["b"], partition: 1)
        let first = try await rig.deliver(.delivering(to: slow), state: "first")
        try await slow.waitForCalls(2)
        let other = ScriptedSink()
        let second = try await rig.deliver(.delivering(to: other), state: "second")
        try await eventually("both are members") { rig.log.memberCount(of: "busbar.tickets") == 2 }
        gate.open()
        while await second.driver.assignedPartitions == 0 { await Task.yield() }
        try await first.stop()
        try await second.stop()
        #expect(slow.delivered.count == 2)
        #expect(other.delivered.isEmpty, "the new owner begins behind what was finished")
    }

    @Test
    func transactionsKeepTheirPromiseOverRebalances() async throws {
        let rig = Rig()
        let random = SharedRandom(seed: 5)
        try await rig.createInput(partitions: 4)
        try await rig.log.createTopics([TopicSpecification("out", partitions: 4)])
        let first = try await rig.transact(.copying(), state: "first", id: "first", maxBatch: 10)
        var produced = 0
        for round in 0..<6 {
            for partition in 0..<4 as Range<Int32> {
                try await rig.produce(
                    (produced..<(produced + 50)).map(String.init),
                    partition: PartitionID(rawValue: partition)
                )
            }
            produced += 50
            let second = try await rig.transact(.copying(), state: "second", id: "second", maxBatch: 10)
            let goal = min(rig.log.records(in: "out").count + random.number(in: 10..<120), produced * 4)
            _ = try await rig.waitForRecords(goal, in: "out")
            if round % 2 == 0 { await second.crash() } else { try await second.stop() }
        }
        _ = try await rig.waitForRecords(produced * 4, in: "out")
        try await first.stop()
        for partition in 0..<4 as Range<Int32> {
            let records = rig.log.records(in: TopicPartition("out", PartitionID(rawValue: partition)))
            #expect(records.map(\.text) == (0..<produced).map(String.init), "partition \(partition)")
        }
    }
}

extension DeliveryDriver {
    fileprivate var assignedPartitions: Int { input.states.count }
}
