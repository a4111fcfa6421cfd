import ConnectorKit
import Delivery
import Log
import Synchronization
import TestKit
import Testing

@testable import Worker

/// A source that hands over `count` records, one by one, from its stored position on; then it ends, or waits.
private struct CountingSource: Source {
    let count: Int
    var keepsPosition = true

    func run(into intake: any Intake) async throws {
        let stored = try await intake.position(of: "counter").map { String(decoding: $0, as: UTF8.self) }
        var next = Int(stored ?? "0") ?? 0
        intake.ready("counting")
        while next < count {
            try Task.checkCancellation()
            let record = Record(id: "n\(next)", value: .owned(Array("{\"n\":\(next)}".utf8)))
            let position = SourcePosition(partition: "counter", value: Array("\(next + 1)".utf8))
            do throws(IntakeError) {
                _ = try await intake.accept([record], position: keepsPosition ? position : nil)
                next += 1
            } catch {
                await Task.yield()  // and again
            }
        }
    }
}

/// A source that does nothing by itself: the test calls the driver as a webhook would.
private struct IdleSource: Source {
    func run(into intake: any Intake) async throws {
        intake.ready("listening")
        await Gate().pass()
        try Task.checkCancellation()
    }
}

@Suite(.timeLimit(.minutes(2)))
struct IngestDriverTests {
    private let plan: ConnectorPlan

    init() throws {
        var plan = ConnectorPlan.copying()
        plan.contract = try numberContract()
        self.plan = plan
    }

    private func ingest(
        _ rig: Rig,
        _ source: any Source,
        _ plan: ConnectorPlan,
        transactional: Bool,
        _ change: (inout DriverLimits) -> Void = { _ in }
    ) async throws -> RunningDriver<IngestDriver> {
        let id = transactional ? "busbar.tickets.worker.0" : nil
        return RunningDriver(
            try IngestDriver(
                plan: plan,
                source: source,
                producer: try await rig.access.producer(ProducerConfiguration(transactionalID: id)),
                positions: try await PositionStore.load(connector: rig.name, from: rig.access),
                environment: rig.environment(change)
            )
        )
    }

    private func record(_ text: String) -> Record {
        Record(id: text, value: .owned(Array(text.utf8)))
    }

    @Test
    func aSenderIsAnsweredOnlyWhenItsRecordIsAcknowledged() async throws {
        let rig = Rig()
        let running = try await ingest(rig, IdleSource(), plan, transactional: false)
        rig.log.holdAcknowledgements()
        let isAnswered = Flag()
        let answer = Task {
            defer { isAnswered.set() }
            return try await running.driver.accept([record("{\"n\":1}")], position: nil)
        }
        try await eventually("the record is on its way") { rig.log.unacknowledgedRecords == 1 }
        #expect(!isAnswered.isSet)
        #expect(rig.accounting.inFlight == 1 && rig.accounting.isBalanced)
        rig.log.releaseAcknowledgements()
        #expect(try await answer.value == [.delivered])
        #expect(rig.accounting.settled[.delivered] == 1 && rig.accounting.inFlight == 0)
        await running.crash()
    }

    @Test
    func whatCannotBeProducedIsNotAcceptedAndTheBooksAreRestored() async throws {
        let rig = Rig()
        let running = try await ingest(rig, IdleSource(), plan, transactional: false)
        rig.log.failNext(.send, with: .transient)
        await #expect(throws: IntakeError.unavailable(detail: "No broker answers. [_TRANSPORT]")) {
            try await running.driver.accept([record("{\"n\":1}")], position: nil)
        }
        #expect(rig.accounting == Accounting())
        #expect(try await running.driver.accept([record("{\"n\":1}")], position: nil) == [.delivered])
        #expect(!running.hasEnded)
        await running.crash()
    }

    @Test
    func aProducerThatIsBeyondHelpEndsTheDriver() async throws {
        let rig = Rig()
        let running = try await ingest(rig, IdleSource(), plan, transactional: false)
        rig.log.failNext(.send, with: .fatal)
        await #expect(throws: IntakeError.self) {
            try await running.driver.accept([record("{\"n\":1}")], position: nil)
        }
        await #expect(throws: LogError.fatal) { try await running.task.value }
        #expect(rig.accounting == Accounting())
    }

    @Test
    func tooManyAtOnceAreToldToComeBack() async throws {
        let rig = Rig()
        let running = try await ingest(rig, IdleSource(), plan, transactional: false) { $0.window = 2 }
        rig.log.holdAcknowledgements()
        let first = Task {
            try await running.driver.accept([record("{\"n\":1}"), record("{\"n\":2}")], position: nil)
        }
        try await eventually("two are on their way") { rig.log.unacknowledgedRecords == 2 }
        await #expect(throws: IntakeError.overloaded(retryAfter: .seconds(1))) {
            try await running.driver.accept([record("{\"n\":3}")], position: nil)
        }
        rig.log.releaseAcknowledgements()
        _ = try await first.value
        #expect(try await running.driver.accept([record("{\"n\":3}")], position: nil) == [.delivered])
        // More than the window by itself is taken when nothing else is under way.
        let many = (4..<9).map { record("{\"n\":\($0)}") }
        #expect(try await running.driver.accept(many, position: nil).count == 5)
        await running.driver.stop()
        await #expect(throws: IntakeError.stopping) { try await running.driver.accept(many, position: nil) }
        await running.crash()
    }

    @Test
    func whatBreaksTheContractIsDeadLetteredOrRefusedAsTheConnectorSays() async throws {
        let rig = Rig()
        let lenient = try await ingest(rig, IdleSource(), plan, transactional: false)
        #expect(try await lenient.driver.accept([record("{\"n\":\"x\"}")], position: nil) == [.deadLettered(.schema)])
        #expect(rig.log.records(in: "tickets.dlq").map(\.text) == ["{\"n\":\"x\"}"])
        await lenient.crash()
        var strict = plan
        strict.violations = .reject
        let running = try await ingest(rig, IdleSource(), strict, transactional: false)
        let before = rig.accounting
        let answers = try await running.driver.accept(
            [record("{\"n\":\"x\"}"), record("{"), record("{\"n\":1}")],
            position: nil
        )
        guard case .rejected(.schema, _) = answers[0], case .rejected(.decode, _) = answers[1] else {
            Issue.record("\(answers)")
            return
        }
        #expect(answers[2] == .delivered)
        #expect(rig.accounting.consumed == before.consumed + 1, "what is refused is not consumed")
        #expect(rig.log.records(in: "tickets.dlq").count == 1)
        await running.crash()
    }

    @Test(arguments: [LogError.transient, .abortable, .fatal])
    func aPullSourceContinuesExactlyWhicheverCallFails(error: LogError) async throws {
        for failing in 1... {
            let log = InMemoryLog()
            let faults = FaultyLog(log) { number, _ in number == failing ? error : nil }
            let rig = Rig(log: log, faults: faults)
            try await log.createTopics([TopicSpecification(PositionStore.topic, partitions: 1)])
            var starts = 0
            while log.records(in: "out").count < 10 {
                starts += 1
                guard starts < 10 else { throw TimeoutFailure("ten records, call \(failing)") }
                do {
                    let running = try await ingest(rig, CountingSource(count: 10), plan, transactional: true)
                    try await running.task.value
                } catch {
                    // as the runtime does: once more
                }
            }
            #expect(log.records(in: "out").map(\.text) == (0..<10).map { "{\"n\":\($0)}" }, "call \(failing)")
            #expect(rig.accounting.settled[.delivered] == 10 && rig.accounting.isBalanced, "call \(failing)")
            let stored = try await PositionStore.load(connector: "tickets", from: log)
            #expect(stored.position(of: "counter") == Array("10".utf8), "call \(failing)")
            #expect(stored.ledger[.delivered] == 10, "call \(failing)")
            if faults.calls < failing { break }
        }
    }

    @Test
    func aRecordThatIsTooLargeIsDeadLetteredInTheTransactionOfItsPosition() async throws {
        let rig = Rig()
        try await rig.log.createTopics([
            TopicSpecification(PositionStore.topic, partitions: 1),
            TopicSpecification("out", partitions: 1, settings: ["max.message.bytes": "100"]),
        ])
        let large = "{\"n\":1,\"text\":\"\(String(repeating: "x", count: 200))\"}"
        let running = try await ingest(rig, IdleSource(), plan, transactional: true)
        let answers = try await running.driver.accept(
            [record("{\"n\":0}"), record(large), record("{\"n\":2}")],
            position: SourcePosition(partition: "counter", value: Array("3".utf8))
        )
        #expect(answers == [.delivered, .deadLettered(.tooLarge), .delivered])
        #expect(rig.log.records(in: "out").map(\.text) == ["{\"n\":0}", "{\"n\":2}"])
        let letters = rig.log.records(in: "tickets.dlq")
        #expect(letters.map(\.text) == [large] && letters[0].header("busbar-dlq-reason") == "too_large")
        let stored = try await PositionStore.load(connector: rig.name, from: rig.log)
        #expect(stored.position(of: "counter") == Array("3".utf8))
        #expect(stored.ledger[.delivered] == 2 && stored.ledger[.deadLettered(.tooLarge)] == 1)
        await running.crash()
    }

    @Test
    func aDeadLetterThatIsTooLargeForItsTopicTakesNothingAndStoresNoPosition() async throws {
        let rig = Rig()
        try await rig.log.createTopics([
            TopicSpecification(PositionStore.topic, partitions: 1),
            TopicSpecification("out", partitions: 1, settings: ["max.message.bytes": "100"]),
            TopicSpecification("tickets.dlq", partitions: 1, settings: ["max.message.bytes": "100"]),
        ])
        let large = "{\"n\":1,\"text\":\"\(String(repeating: "x", count: 200))\"}"
        let running = try await ingest(rig, IdleSource(), plan, transactional: true)
        await #expect(throws: IntakeError.self) {
            _ = try await running.driver.accept(
                [record("{\"n\":0}"), record(large)],
                position: SourcePosition(partition: "counter", value: Array("2".utf8))
            )
        }
        #expect(rig.log.records(in: "out").isEmpty && rig.log.records(in: "tickets.dlq").isEmpty)
        #expect(try await PositionStore.load(connector: rig.name, from: rig.log).position(of: "counter") == nil)
        #expect(rig.accounting.consumed == 0)
        await running.crash()
    }

    @Test
    func countsOfAPullSourceSurviveTheProcess() async throws {
        let first = Rig()
        try await first.log.createTopics([TopicSpecification(PositionStore.topic, partitions: 1)])
        try await ingest(first, CountingSource(count: 5), plan, transactional: true).task.value
        let second = Rig(log: first.log)
        try await ingest(second, CountingSource(count: 8), plan, transactional: true).task.value
        #expect(second.accounting.settled[.delivered] == 8 && second.accounting.isBalanced)
        #expect(first.log.records(in: "out").count == 8)
    }

    @Test
    func aTargetOutsideTheLogIsRetriedInOrder() async throws {
        let rig = Rig()
        try await rig.log.createTopics([TopicSpecification(PositionStore.topic, partitions: 1)])
        let sink = ScriptedSink { records, call in
            records.map { record in
                if record.id == "n3" { return .reject(.target4xx, detail: "422") }
                return call % 3 == 0 ? .retry(.target5xx) : .delivered
            }
        }
        let plan = ConnectorPlan.delivering(to: sink, retry: .fast)
        try await ingest(rig, CountingSource(count: 9), plan, transactional: true).task.value
        #expect(sink.values == (0..<9).filter { $0 != 3 }.map { "{\"n\":\($0)}" })
        #expect(rig.log.records(in: "tickets.dlq").map(\.text) == ["{\"n\":3}"])
        #expect(rig.accounting.settled[.delivered] == 8 && rig.accounting.isBalanced)
        #expect(sink.isClosed)
    }
}
