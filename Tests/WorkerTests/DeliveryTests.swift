import ConnectorKit
import Delivery
import Expressions
import Log
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(2)))
struct DeliveryDriverTests {
    @Test
    func everyRecordIsDeliveredOnceAndCommitted() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        try await rig.createInput(partitions: 3)
        for partition in 0..<3 {
            try await rig.produce(
                (0..<100).map { "\(partition)-\($0)" },
                partition: PartitionID(rawValue: Int32(partition))
            )
        }
        let running = try await rig.deliver(.delivering(to: sink))
        try await sink.waitForDeliveries(300)
        try await running.stop()
        #expect(sink.delivered.values.allSatisfy { $0 == 1 })
        for partition in 0..<3 {
            let committed = try #require(rig.committed(PartitionID(rawValue: Int32(partition))))
            #expect(committed.offset == 100)
            #expect(try Accounting(metadata: committed.metadata).settled[.delivered] == 100)
        }
        #expect(rig.log.memberCount(of: "busbar.tickets") == 0)
        #expect(sink.isClosed)
    }

    @Test(arguments: Order.allCases)
    func recordsOfOneKeyOrPartitionKeepTheirOrderOverRetries(order: Order) async throws {
        let rig = Rig()
        let random = SharedRandom(seed: 7)
        // One attempt in four fails, so that followers would overtake if they could.
        let sink = ScriptedSink { records, _ in
            records.map { _ in random.chance(0.25) ? .retry(.target5xx) : .delivered }
        }
        try await rig.createInput()
        var batch = ProduceBatch()
        for number in 0..<300 {
            batch.append(topic: "in", partition: 0, key: [UInt8(number % 5)], value: Array("\(number)".utf8))
        }
        try await rig.produce(batch)
        let running = try await rig.deliver(
            .delivering(to: sink, order: order, retry: .fast(attempts: 1000), deadLetter: nil)
        )
        try await sink.waitForDeliveries(300)
        try await running.stop()
        let numbers = sink.values.compactMap { Int($0) }
        #expect(Set(numbers) == Set(0..<300), "seed \(random.seed)")
        switch order {
        case .partition:
            #expect(numbers == Array(0..<300), "seed \(random.seed)")
        case .key:
            for key in 0..<5 {
                let ofKey = numbers.filter { $0 % 5 == key }
                #expect(ofKey == ofKey.sorted(), "key \(key), seed \(random.seed)")
            }
            #expect(numbers != Array(0..<300), "keys go on independently, seed \(random.seed)")
        case .none:
            #expect(numbers != Array(0..<300), "seed \(random.seed)")
        }
    }

    @Test
    func aRecordThatFailsIsTriedAgainAndDeliveredOnce() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, call in records.map { _ in call < 4 ? .retry(.timeout) : .delivered } }
        try await rig.createInput()
        try await rig.produce(["a"])
        let running = try await rig.deliver(.delivering(to: sink))
        try await sink.waitForDeliveries(1)
        try await running.stop()
        #expect(sink.calls.count == 4)
        #expect(rig.committed()?.offset == 1)
        #expect(rig.log.records(in: "tickets.dlq").isEmpty)
        #expect(await running.driver.attempts.isEmpty)
    }

    @Test
    func filteredRecordsNeverReachTheTarget() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        var plan = ConnectorPlan.delivering(to: sink)
        plan.steps = [.filter(try Program(".n > 1")), .map(try Program("{m: .n}"))]
        try await rig.createInput()
        try await rig.produce(["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
        let running = try await rig.deliver(plan)
        try await sink.waitForDeliveries(2)
        try await running.stop()
        #expect(Set(sink.values) == ["{\"m\":2}", "{\"m\":3}"])
        let settled = try Accounting(metadata: rig.committed()?.metadata).settled
        #expect(settled[.filtered] == 1 && settled[.delivered] == 2)
    }

    @Test
    func aSinkThatIsBrokenStopsTheDriverAndKeepsTheRecord() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in
            records.map { $0.id.hasSuffix("/3") ? .fatal(detail: "disk gone") : .delivered }
        }
        try await rig.createInput()
        try await rig.produce((0..<6).map(String.init))
        let running = try await rig.deliver(.delivering(to: sink, order: .partition))
        await #expect(throws: DriverError.self) { try await running.task.value }
        // What was delivered before is committed, so that the restart does not repeat it.
        #expect(rig.committed()?.offset == 3)
        #expect(rig.log.memberCount(of: "busbar.tickets") == 0)
    }

    @Test
    func recordsDeliveredByADriverThatWasStoppedAreNotDeliveredAgain() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        try await rig.createInput()
        for round in 0..<5 {
            try await rig.produce(["\(round)a", "\(round)b"])
            let running = try await rig.deliver(.delivering(to: sink))
            try await sink.waitForDeliveries(2 * (round + 1))
            try await running.stop()
        }
        #expect(sink.delivered.count == 10)
        #expect(sink.delivered.values.allSatisfy { $0 == 1 })
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled.total == 10)
    }

    @Test
    func aConnectorThatStartsAtTheEndKeepsItsPlaceOverARestartBeforeTheFirstCommit() async throws {
        let rig = Rig()
        let hanging = ScriptedSink { records, _ in
            await Gate().pass()
            return records.map { _ in .retry(.timeout) }
        }
        try await rig.createInput()
        try await rig.produce(["old"])
        let first = try await rig.deliver(.delivering(to: hanging), start: .latest)
        try await eventually("the partition is assigned") { rig.committed()?.offset == 1 }
        try await rig.produce(["new"])
        try await hanging.waitForCalls(1)
        await first.crash()
        let sink = ScriptedSink()
        let second = try await rig.deliver(.delivering(to: sink), start: .latest)
        try await sink.waitForDeliveries(1)
        try await second.stop()
        #expect(sink.values == ["new"])
    }
}
