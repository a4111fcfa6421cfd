import ConnectorKit
import Delivery
import Expressions
import Log
import LogTesting
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(3)))
struct TransactionDriverTests {
    /// Starts drivers one after another until `isDone`, as the runtime does after failures; says how many it took.
    private func drive(
        _ rig: Rig,
        _ plan: ConnectorPlan,
        maxBatch: Int = 7,
        crashing random: SharedRandom? = nil,
        until isDone: () -> Bool
    ) async throws -> Int {
        var starts = 0
        while !isDone() {
            starts += 1
            guard starts < 200 else { throw TimeoutFailure("done after \(starts) starts") }
            let running: RunningDriver<TransactionDriver>
            do {
                running = try await rig.transact(plan, maxBatch: maxBatch)
            } catch is LogError {
                continue  // a client could not be opened
            }
            let target = random.map { rig.log.records(in: "out").count + $0.number(in: 1..<20) }
            try await eventually("progress") {
                isDone() || running.hasEnded || target.map { rig.log.records(in: "out").count >= $0 } == true
            }
            if isDone() {
                do {
                    try await running.stop()
                } catch is LogError {
                    // A fault after the end of the work.
                }
            } else {
                await running.crash()
            }
        }
        return starts
    }

    @Test func whatIsCopiedIsTheSameByteForByte() async throws {
        let rig = Rig()
        var plan = ConnectorPlan.copying()
        plan.steps = [.filter(try Program("$headers.ce_id != \"drop\" and $key != \"no\""))]
        let headers = [Header("ce_id", "a1"), Header("twice", "1"), Header("null", nil), Header("twice", "2")]
        try await rig.createInput()
        var batch = ProduceBatch()
        batch.append(topic: "in", partition: 0, key: [0, 255], value: Array("{ }".utf8), headers: headers)
        batch.append(topic: "in", partition: 0, key: [1], value: [0x31], headers: [Header("ce_id", "drop")])
        batch.append(topic: "in", partition: 0, key: Array("no".utf8), value: [0x31])
        batch.append(topic: "in", partition: 0, key: [UInt8]?.none, value: nil, headers: headers)
        batch.append(topic: "in", partition: 0, key: [], value: Array("{".utf8), headers: headers)
        try await rig.produce(batch)
        let running = try await rig.transact(plan)
        let letter = try #require(try await rig.waitForRecords(1, in: "tickets.dlq").first)
        let copies = try await rig.waitForRecords(2, in: "out")
        try await running.stop()
        #expect(copies.map(\.key) == [[0, 255], nil])
        #expect(copies.map(\.value) == [Array("{ }".utf8), nil])
        #expect(copies.allSatisfy { $0.headers == headers })
        #expect(letter.key == [] && letter.text == "{")
        #expect(Array(letter.headers.prefix(4)) == headers)
        #expect(rig.committed()?.offset == 5)
    }

    private func check(_ rig: Rig, _ count: Int, _ comment: Comment) throws {
        #expect(rig.log.records(in: "out").map(\.text) == (0..<count).map(String.init), comment)
        let committed = try #require(rig.committed(), comment)
        #expect(committed.offset == Offset(Int64(count)), comment)
        #expect(try Accounting(metadata: committed.metadata).settled[.delivered] == Int64(count), comment)
        #expect(rig.accounting.isBalanced, comment)
    }

    @Test(arguments: [LogError.transient, .abortable, .fatal])
    func everyRecordIsWrittenOnceWhicheverCallFails(error: LogError) async throws {
        for failing in 1... {
            let log = InMemoryLog()
            let faults = FaultyLog(log) { number, _ in number == failing ? error : nil }
            let rig = Rig(log: log, faults: faults)
            try await rig.createInput()
            try await rig.produce((0..<20).map(String.init))
            _ = try await drive(rig, .copying()) { rig.committed()?.offset == 20 }
            try check(rig, 20, "call \(failing)")
            if faults.calls < failing { break }
        }
    }

    @Test
    func nothingIsLostOrDoubledOverCrashesAndFaults() async throws {
        try await withSeeds(0..<6) { seeded in
            let random = SharedRandom(seed: seeded.seed)
            let log = InMemoryLog()
            let faults = FaultyLog(log) { _, operation in
                guard operation != .openReader, random.chance(0.05) else { return nil }
                return random.chance(0.7) ? .transient : .abortable
            }
            let rig = Rig(log: log, faults: faults)
            try await rig.createInput()
            try await rig.produce((0..<400).map(String.init))
            let starts = try await drive(rig, .copying(), maxBatch: 5, crashing: random) {
                rig.committed()?.offset == 400
            }
            #expect(starts > 3)
            try check(rig, 400, "seed \(random.seed)")
        }
    }

    @Test
    func aNewIncarnationFencesTheOldOne() async throws {
        let rig = Rig()
        try await rig.createInput()
        let old = try await rig.transact(.copying())
        try await eventually("the old one is there") { rig.log.memberCount(of: "busbar.tickets") == 1 }
        try await rig.produce(["0"])
        _ = try await rig.waitForRecords(1, in: "out")
        let new = try await rig.transact(.copying())
        try await rig.produce((1..<50).map(String.init))
        _ = try await rig.waitForRecords(50, in: "out")
        await old.driver.stop()
        _ = await old.task.result
        try await new.stop()
        try check(rig, 50, "fenced")
    }

    @Test
    func aStaleGenerationIsReadAgainWithoutARestart() async throws {
        let rig = Rig()
        try await rig.createInput()
        let stale = LogError(.staleGeneration, name: "ILLEGAL_GENERATION", message: "stale")
        rig.log.failNext(.sendOffsets, with: stale, times: 3)
        try await rig.produce((0..<30).map(String.init))
        var plan = ConnectorPlan.copying()
        plan.dedupe = DedupePlan(key: .program(try Program(".")), window: .seconds(3600))
        let running = try await rig.transact(plan, maxBatch: 10)
        try await eventually("all is committed") { rig.committed()?.offset == 30 }
        try await running.stop()
        try check(rig, 30, "keys of dropped records are taken back")
    }

    @Test
    func aRecordThatIsTooLargeIsDeadLetteredWithTheRestOfItsTransaction() async throws {
        let rig = Rig()
        try await rig.createInput()
        try await rig.log.createTopics([
            TopicSpecification("out", partitions: 1, settings: ["max.message.bytes": "100"])
        ])
        let large = String(repeating: "x", count: 200)
        try await rig.produce(["a", large, "b"])
        let running = try await rig.transact(.copying())
        try await eventually("all is committed") { rig.committed()?.offset == 3 }
        try await running.stop()
        #expect(rig.log.records(in: "out").map(\.text) == ["a", "b"])
        let letter = try #require(rig.log.records(in: "tickets.dlq").first)
        #expect(letter.text == large && letter.header("busbar-dlq-reason") == "too_large")
        let settled = try Accounting(metadata: rig.committed()?.metadata).settled
        #expect(settled[.delivered] == 2 && settled[.deadLettered(.tooLarge)] == 1)
    }

    @Test
    func duplicatesAreDroppedAlthoughTransactionsAreAborted() async throws {
        let random = SharedRandom(seed: 11)
        let log = InMemoryLog()
        let faults = FaultyLog(log) { _, operation in
            [.send, .sendOffsets, .commitTransaction].contains(operation) && random.chance(0.2) ? .abortable : nil
        }
        let rig = Rig(log: log, faults: faults)
        var plan = ConnectorPlan.copying()
        plan.dedupe = DedupePlan(key: .program(try Program(".")), window: .seconds(3600))
        try await rig.createInput()
        try await rig.produce((0..<300).map { String($0 % 60) })
        _ = try await drive(rig, plan, maxBatch: 9, crashing: random) { rig.committed()?.offset == 300 }
        #expect(log.records(in: "out").map(\.text) == (0..<60).map(String.init), "seed \(random.seed)")
        let settled = try Accounting(metadata: rig.committed()?.metadata).settled
        #expect(settled[.delivered] == 60 && settled[.duplicate] == 240, "seed \(random.seed)")
    }
}
