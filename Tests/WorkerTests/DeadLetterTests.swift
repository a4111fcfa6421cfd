import ConnectorKit
import Delivery
import Expressions
import Log
import LogTesting
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(2)))
struct DeadLetterTests {
    @Test
    func usedUpAttemptsEndInADeadLetterWithEveryHeader() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in records.map { _ in .retry(.target5xx, detail: "503") } }
        var plan = ConnectorPlan.delivering(to: sink, retry: .fast(attempts: 3))
        plan.contractVersion = "github.issues@v2"
        try await rig.createInput()
        let original: [UInt8] = [0, 255, 10, 13]
        var batch = ProduceBatch()
        batch.append(
            topic: "in",
            partition: 0,
            key: [9, 0, 9],
            value: original,
            headers: [Header("ce_id", "a1"), Header("twice", "1"), Header("twice", "2"), Header("null", nil)]
        )
        try await rig.produce(batch)
        let running = try await rig.deliver(plan)
        let letter = try #require(try await rig.waitForRecords(1, in: "tickets.dlq").first)
        try await running.stop()
        #expect(sink.calls.count == 3)
        #expect(letter.key == [9, 0, 9])
        #expect(letter.value == original)
        #expect(
            Array(letter.headers.prefix(4))
                == [Header("ce_id", "a1"), Header("twice", "1"), Header("twice", "2"), Header("null", nil)]
        )
        let time = try #require(letter.header("busbar-dlq-first-at"))
        let expected: [(String, String)] = [
            ("__connect.errors.topic", "in"), ("__connect.errors.partition", "0"), ("__connect.errors.offset", "0"),
            ("busbar-orig-topic", "in"), ("busbar-orig-partition", "0"), ("busbar-orig-offset", "0"),
            ("busbar-orig-ts", "1767225600000"), ("__connect.errors.connector.name", "tickets"),
            ("__connect.errors.task.id", "0"), ("__connect.errors.stage", "TASK_PUT"),
            ("__connect.errors.exception.class.name", "busbar.target_5xx"),
            ("__connect.errors.exception.message", "given up after 3 attempts; last failure target_5xx: 503"),
            ("busbar-dlq-reason", "target_5xx"), ("busbar-dlq-pointer", ""), ("busbar-dlq-attempts", "3"),
            ("busbar-dlq-first-at", time), ("busbar-dlq-last-at", time), ("busbar-dlq-version", "github.issues@v2"),
            (
                "busbar-dlq-fingerprint",
                DeadLetter.fingerprint(
                    DeadLetterCause(
                        .target5xx,
                        detail: "given up after 8 attempts; last failure target_5xx: 999",
                        stage: .delivery
                    )
                )
            ),
        ]
        #expect(letter.headers.dropFirst(4).map { $0.name } == expected.map { $0.0 })
        for (name, value) in expected { #expect(letter.header(name) == value, "\(name)") }
        #expect(rig.committed()?.offset == 1)
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled[.deadLettered(.target5xx)] == 1)
    }

    @Test
    func whatATargetRefusesIsDeadLetteredAtOnce() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in records.map { _ in .reject(.target4xx, detail: "422") } }
        try await rig.createInput()
        try await rig.produce(["a"])
        let running = try await rig.deliver(.delivering(to: sink))
        let letter = try #require(try await rig.waitForRecords(1, in: "tickets.dlq").first)
        try await running.stop()
        #expect(sink.calls.count == 1)
        #expect(letter.header("busbar-dlq-reason") == "target_4xx")
        #expect(letter.header("busbar-dlq-attempts") == "1")
    }

    @Test
    func everyStageDeadLettersWithItsReasonAndPlace() async throws {
        let rig = Rig()
        let sink = ScriptedSink()
        var plan = ConnectorPlan.delivering(to: sink, order: .partition)
        plan.contract = try numberContract()
        plan.steps = [.map(try Program("if .n == 2 then error(\"two\") else . end"))]
        plan.routes[0].condition = try Program("if .n == 3 then error(\"three\") else .n != 4 end")
        try await rig.createInput()
        try await rig.produce(["{\"n\":\"x\"}", "{\"n\":", "{\"n\":2}", "{\"n\":3}", "{\"n\":4}", "{\"n\":5}", ""])
        let running = try await rig.deliver(plan)
        let letters = try await rig.waitForRecords(6, in: "tickets.dlq")
        try await sink.waitForDeliveries(1)
        try await running.stop()
        #expect(sink.values == ["{\"n\":5}"])
        #expect(
            letters.map { $0.header("busbar-dlq-reason") }
                == ["schema", "decode", "expression", "expression", "policy", "decode"]
        )
        #expect(
            letters.map { $0.header("__connect.errors.stage") } == [
                "VALUE_CONVERTER", "VALUE_CONVERTER", "TRANSFORMATION", "ROUTING", "ROUTING", "VALUE_CONVERTER",
            ]
        )
        #expect(letters[0].header("busbar-dlq-pointer") == "/n")
        #expect(letters.allSatisfy { $0.header("busbar-dlq-attempts") == "0" })
        #expect(letters[2].text == "{\"n\":2}", "what was read, not what the steps made of it")
        #expect(rig.committed()?.offset == 7)
        #expect(try Accounting(metadata: rig.committed()?.metadata).settled.deadLettered == 6)
    }

    @Test
    func tombstonesNullKeysAndEmptyValuesStayApart() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in records.map { _ in .reject(.policy, detail: "no") } }
        try await rig.createInput()
        var batch = ProduceBatch()
        batch.append(topic: "in", partition: 0, key: [1], value: nil)
        batch.append(topic: "in", partition: 0, key: [2], value: [])
        batch.append(topic: "in", partition: 0, key: nil, value: [7])
        batch.append(topic: "in", partition: 0, key: [], value: nil)
        try await rig.produce(batch)
        let running = try await rig.deliver(.delivering(to: sink, order: .partition))
        let letters = try await rig.waitForRecords(4, in: "tickets.dlq")
        try await running.stop()
        #expect(letters.map(\.key) == [[1], [2], nil, []])
        #expect(letters.map(\.value) == [nil, [], [7], nil])
    }

    @Test
    func headersDoNotGrowOverSeveralPasses() throws {
        let letter = DeadLetter(connector: "tickets", task: 0, version: "s@v1")
        var record = Record(
            id: "in/0/5",
            value: .owned([]),
            headers: [Header("ce_id", "1")],
            timestamp: Timestamp(milliseconds: 1_767_225_600_000),
            origin: Record.Origin(TopicPartition("in", 0), 5)
        )
        let cause = DeadLetterCause(.schema, detail: "wrong", pointer: "/a", stage: .contract)
        var sizes: Set<Int> = []
        var names: Set<[String]> = []
        for pass in 0..<5 {
            let time = Timestamp(milliseconds: 1_767_225_600_000 + Int64(pass) * 60_000)
            record.headers = letter.headers(of: record, cause: cause, at: time)
            names.insert(record.headers.map(\.name))
            sizes.insert(record.headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) })
        }
        #expect(sizes.count == 1 && names.count == 1)
        #expect(record.header("busbar-dlq-first-at") == "2026-01-01T00:00:00.000Z")
        #expect(record.header("busbar-dlq-last-at") == "2026-01-01T00:04:00.000Z")
    }

    @Test
    func longDetailsAreCutBetweenCharacters() throws {
        let letter = DeadLetter(connector: "tickets", task: 0, version: "")
        let cause = DeadLetterCause(.unknown, detail: String(repeating: "é", count: 5000), stage: .step)
        let headers = letter.headers(
            of: Record(id: "1", value: .null),
            cause: cause,
            at: Timestamp(milliseconds: 0)
        )
        let message = try #require(headers.first { $0.name == "__connect.errors.exception.message" }?.value)
        #expect(message.count <= DeadLetter.maxDetail)
        #expect(String(validating: message, as: UTF8.self)?.last == "…")
    }

    @Test
    func fingerprintsGroupByCauseAndNotByNumbers() {
        let of = { (reason: DeadLetterReason, detail: String, stage: DeadLetterCause.Stage) in
            DeadLetter.fingerprint(DeadLetterCause(reason, detail: detail, stage: stage))
        }
        #expect(of(.decode, "line 3, column 17", .contract) == of(.decode, "line 2048, column 1", .contract))
        #expect(of(.decode, "line 3", .contract) != of(.schema, "line 3", .contract))
        #expect(of(.decode, "line 3", .contract) != of(.decode, "line 3", .step))
        #expect(of(.decode, "line", .contract) != of(.decode, "column", .contract))
        // FNV-1a of "decode|VALUE_CONVERTER|x", computed elsewhere: dashboards group by it over releases.
        #expect(of(.decode, "x", .contract) == "9331895c9701c40d")
        #expect(of(.unknown, "", .route).utf8.count == 16)
    }

    @Test
    func aDeadLetterTopicThatFailsHoldsTheOffsetAndRecovers() async throws {
        let clock = ManualClock()
        let rig = Rig(clock: RuntimeClock(clock) { clock.timestamp })
        let sink = ScriptedSink { records, _ in
            records.map { $0.id.hasSuffix("/1") ? .reject(.target4xx, detail: "422") : .delivered }
        }
        rig.log.failSends(to: "tickets.dlq", with: .transient)
        try await rig.createInput()
        try await rig.produce(["a", "b", "c"])
        let running = try await rig.deliver(.delivering(to: sink)) { $0.commitInterval = .zero }
        try await eventually("the board shows the reason") { rig.state == .paused([.deadLetters]) }
        try await sink.waitForDeliveries(2)
        try await eventually("the offset before the record is committed") { rig.committed()?.offset == 1 }
        #expect(rig.accounting.inFlight == 1 && rig.accounting.isBalanced)
        rig.log.failSends(to: "tickets.dlq", with: .transient, times: 0)
        try await advance(clock, until: "the dead letter is written") {
            !rig.log.records(in: "tickets.dlq").isEmpty && rig.state == .running
        }
        try await eventually("the rest is committed") { rig.committed()?.offset == 3 }
        try await running.stop()
        #expect(rig.log.records(in: "tickets.dlq").map(\.text) == ["b"])
        #expect(rig.accounting.isBalanced)
    }

    @Test
    func withoutADeadLetterTopicTheConnectorStopsAndSaysWhatToDo() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in
            records.map { $0.id.hasSuffix("/1") ? .reject(.target4xx, detail: "422") : .delivered }
        }
        try await rig.createInput()
        try await rig.produce(["a", "b"])
        let running = try await rig.deliver(.delivering(to: sink, order: .partition, deadLetter: nil))
        do {
            try await running.task.value
            Issue.record("the driver goes on")
        } catch let error as DriverError {
            #expect(
                error.description
                    == "record in/0/1 was refused (target_4xx: 422) and the connector says `dead_letter: none`; "
                    + "name a dead-letter topic or repair the cause, then restart"
            )
        }
        #expect(rig.committed()?.offset == 1)
    }

    @Test
    func aDeadLetterThatIsTooLargeStopsItsPartitionAndSaysWhatToDo() async throws {
        let rig = Rig()
        let sink = ScriptedSink { records, _ in records.map { _ in .reject(.target4xx, detail: "422") } }
        try await rig.createInput()
        try await rig.createSmallTopic("tickets.dlq")
        try await rig.produce([String(repeating: "x", count: 200), "b"])
        let running = try await rig.deliver(.delivering(to: sink, order: .partition))
        try await eventually("the connector is paused") { rig.state == .paused([.deadLetters]) }
        let detail = rig.board.detail(of: rig.name)
        #expect(detail.hasPrefix("the dead letter of record in/0/0 is too large for its topic ("))
        #expect(detail.hasSuffix("; \(DriverError.roomForDeadLetters)"))
        #expect(detail.contains("raise `max.message.bytes` of the dead-letter topic"))
        #expect(rig.committed()?.offset ?? 0 == 0)
        await running.crash()
    }

    @Test
    func aDeadLetterThatIsTooLargeForItsTransactionSaysWhatToDo() async throws {
        let rig = Rig()
        try await rig.createInput()
        try await rig.createSmallTopic("out")
        try await rig.createSmallTopic("tickets.dlq")
        try await rig.produce([String(repeating: "x", count: 200)])
        let running = try await rig.transact(.copying())
        do {
            try await running.task.value
            Issue.record("the driver goes on")
        } catch let error as DriverError {
            #expect(error.description.hasPrefix("the dead letter of record in/0/0 is too large for its topic ("))
            #expect(error.description.hasSuffix("; \(DriverError.roomForDeadLetters)"))
        }
        #expect(rig.committed() == nil)
        #expect(rig.log.records(in: "out").isEmpty)
    }
}

extension Rig {
    /// A topic that takes records of up to 100 bytes.
    fileprivate func createSmallTopic(_ name: TopicName) async throws {
        try await log.createTopics([TopicSpecification(name, partitions: 1, settings: ["max.message.bytes": "100"])])
    }
}
