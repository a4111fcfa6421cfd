import ConnectorKit
import Contracts
import Delivery
import Expressions
import Log
import Logging
import Synchronization
import TestKit
import Testing

@testable import Worker

@Suite(.timeLimit(.minutes(1)))
struct PlanBuilderTests {
    private static let sink = ScriptedSink(batching: BatchPolicy(max: 50, within: .milliseconds(5)))

    private static let catalogue = ConnectorCatalogue(
        sources: [
            SourceType(
                name: "kafka",
                kind: .log,
                doc: "Reads a topic.",
                fields: [FieldSpec("topic", .string, .required, doc: "Which.")],
                make: { fields, _ in .log(LogSourceSettings(topics: [TopicName(fields.string("topic"))])) }
            )
        ],
        sinks: [
            SinkType(
                name: "http",
                doc: "Sends.",
                fields: [FieldSpec("url", .string, .required, doc: "Where to.")],
                make: { _, _ in .external(sink) }
            ),
            SinkType(
                name: "kafka",
                doc: "Writes.",
                fields: [FieldSpec("topic", .string, .required, doc: "Where to.")],
                make: { fields, _ in .log(CopySink(topic: TopicName(fields.string("topic")))) }
            ),
        ]
    )

    private func build(_ text: String) async throws -> PlanBuilder.Built {
        let file = ConnectorFile(
            text,
            file: "c.yaml",
            catalogue: Self.catalogue,
            environment: LintEnvironment(fileExists: { _ in true })
        )
        let builder = PlanBuilder(
            contract: { reference in (try numberContract(), "\(reference.subject)@v2") },
            secrets: SecretResolver(environment: { _ in nil }, file: { _ in nil }),
            directory: ".",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await builder.build(try file.usableDefinition())
    }

    private let text = """
        connector: tickets
        description: Opens tickets.
        owner: team
        from: { kafka: { topic: in } }
        contract: numbers
        dedupe: { key: header.ce_id, window: 1d }
        steps:
          - filter: '.n > 1'
          - map: '{n: (.n + 1)}'
        to:
          - { when: '.n > 100', kafka: { topic: large } }
          - { http: { url: "http://localhost/" } }
        delivery:
          order: partition
          in_flight: 4
          retry: { attempts: 3, initial: 1ms, max: 2ms, jitter: none, within: 1m }
          timeout: 3s
          rate_limit: 50/s
          dead_letter: letters
        """

    @Test
    func everySettingOfTheFileReachesThePlan() async throws {
        let built = try await build(text)
        let plan = built.plan
        #expect(plan.group == "busbar.tickets")
        #expect(plan.contractVersion == "numbers@v2")
        #expect(plan.dedupe?.window == .seconds(86_400))
        #expect(plan.steps.count == 2 && plan.routes.count == 2)
        #expect(!plan.isExactlyOnce)
        #expect(plan.delivery.order == .partition)
        #expect(plan.delivery.inFlight == 100, "two batches of the target may be under way")
        #expect(plan.delivery.retry.attempts == 3 && plan.delivery.retry.jitter == .none)
        #expect(plan.delivery.timeout == .seconds(3))
        #expect(plan.delivery.limiter?.burst == 50)
        #expect(plan.delivery.deadLetter == "letters")
        guard case .log(let settings) = built.source else {
            Issue.record("\(built.source)")
            return
        }
        #expect(settings.topics == ["in"])
    }

    @Test
    func aConnectorBuiltFromItsFileRuns() async throws {
        let rig = Rig()
        try await rig.createInput()
        try await rig.produce(["{\"n\":1}", "{\"n\":2}", "{\"n\":500}", "{}"])
        let running = try await rig.deliver(build(text).plan)
        try await eventually("all is committed") { rig.committed()?.offset == 4 }
        try await running.stop()
        #expect(Self.sink.values == ["{\"n\":3}"])
        #expect(rig.log.records(in: "large").map(\.text) == ["{\"n\":501}"])
        let letter = try #require(rig.log.records(in: "letters").first)
        #expect(letter.text == "{}" && letter.header("busbar-dlq-version") == "numbers@v2")
    }

    @Test
    func onePartitionKeepsItsOrderOverItsRoutes() async throws {
        let rig = Rig()
        let random = SharedRandom(seed: 3)
        let order = OrderLog()
        let sinks = (0..<2).map { _ in
            ScriptedSink(batching: BatchPolicy(max: 8, within: .milliseconds(1))) { records, _ in
                // A whole batch fails or succeeds, as the order within it is the target's.
                let result: SinkResult = random.chance(0.3) ? .retry(.target5xx) : .delivered
                let results = records.map { _ in result }
                if result == .delivered { order.append(records.map(\.id)) }
                return results
            }
        }
        var plan = ConnectorPlan.delivering(to: sinks[0], order: .partition, retry: .fast(attempts: 1000))
        plan.routes = [
            PlannedRoute(condition: try Program(". % 3 != 0"), target: .external(sinks[0])),
            PlannedRoute(target: .external(sinks[1])),
        ]
        try await rig.createInput()
        try await rig.produce((0..<200).map(String.init))
        let running = try await rig.deliver(plan)
        try await eventually("all is committed, seed 3") { rig.committed()?.offset == 200 }
        try await running.stop()
        #expect(order.ids == (0..<200).map { "in/0/\($0)" }, "seed 3")
    }
}

/// Record ids in the order in which targets took them.
private final class OrderLog: Sendable {
    private let log = Mutex<[String]>([])

    var ids: [String] { log.withLock { $0 } }

    func append(_ ids: [String]) {
        log.withLock { $0 += ids }
    }
}
