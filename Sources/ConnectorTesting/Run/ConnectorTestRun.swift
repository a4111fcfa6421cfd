internal import ConnectorKit
internal import Delivery
internal import FoundationEssentials
internal import JSON
internal import Log
internal import Logging
internal import Synchronization
internal import Worker

/// Runs one test: the connector's real pipeline and drivers over a log in memory, until every record has its outcome.
struct ConnectorTestRun: Sendable {
    private let test: ConnectorTest
    private let definition: ConnectorDefinition
    private let catalogue: ConnectorCatalogue
    private let contract: @Sendable (SubjectReference) throws -> PlanBuilder.FoundContract
    private let environment: LintEnvironment
    private let scene: TestScene

    init(
        _ test: ConnectorTest,
        of definition: ConnectorDefinition,
        catalogue: ConnectorCatalogue,
        contract: @escaping @Sendable (SubjectReference) throws -> PlanBuilder.FoundContract,
        environment: LintEnvironment
    ) {
        self.test = test
        self.definition = definition
        self.catalogue = catalogue
        self.contract = contract
        self.environment = environment
        scene = TestScene(test)
    }

    /// Runs the connector until every record has its outcome.
    /// - Throws: what keeps it from that, as text for people.
    func observe() async throws -> TestObservation {
        let folder = FileManager.default.temporaryDirectory.appending(path: "busbar-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let result: Result<TestObservation, any Error>
        do {
            result = .success(try await observe(in: folder.path))
        } catch {
            result = .failure(error)
        }
        try FileManager.default.removeItem(at: folder)
        return try result.get()
    }

    private func observe(in folder: String) async throws -> TestObservation {
        let input = try TestInput(of: test, definition, environment, received: scene.clock.timestamp)
        let stage = Stage()
        let resolved = try definition.resolved(by: PlaceholderValues.resolver, catalogue: staged(input, on: stage))
        let builder = PlanBuilder(
            contract: contract,
            secrets: PlaceholderValues.resolver,
            directory: folder,
            logger: SceneDriver.silent
        )
        let topic = try await prepare(builder.build(resolved), input)
        let driver = SceneDriver(definition.name, scene, folder: folder) { try await builder.build(resolved) }
        try await driver.run { hasEnded in
            if hasEnded { return true }
            guard let topic else { return false }
            let committed = scene.log.committedOffsets(of: definition.group)
            return committed[TopicPartition(topic, 0)]?.offset == Offset(Int64(input.count))
        }
        let answers = stage.source?.result ?? ScriptedSource.Answers()
        if let refusal = answers.refusal { throw TestFailure("a record was not accepted: \(refusal)") }
        let outcomes = TestOutcomes(driver.status, rejected: answers.rejected)
        return TestObservation(scene, outcomes, definition, input: topic)
    }

    /// The catalogue with the test in place of the world.
    private func staged(_ input: TestInput, on stage: Stage) -> ConnectorCatalogue {
        let clock = scene.clock
        return catalogue.staged(in: scene, timeout: definition.delivery.timeout) { type, fields, context in
            var records = input.records(keyedBy: try Self.key(of: fields, context))
            if type.keepsPlaces { Self.place(&records) }
            let source = ScriptedSource(records, keepsPosition: type.kind == .pull, clock: clock)
            stage.source = source
            return source
        }
    }

    /// Says of each record where it lies in the other cluster.
    private static func place(_ records: inout [Record]) {
        for index in records.indices {
            records[index].origin = Record.Origin(TopicPartition("test.input", 0), Offset(Int64(index)))
        }
    }

    /// Sets the log up for a connector, which is built to be looked at.
    /// - Returns: the topic that it reads, with the input in it; `nil` for a source outside the log.
    private func prepare(_ built: PlanBuilder.Built, _ input: TestInput) async throws -> TopicName? {
        let sinks = built.plan.routes.compactMap { route -> (any Sink)? in
            if case .external(let sink) = route.target { sink } else { nil }
        }
        for sink in sinks { await sink.close() }
        let topic: TopicName?
        if case .log(let settings) = built.source {
            topic = settings.topics[0]
            // One partition, so that the order of the input is the order of the log.
            try await scene.log.createTopics([TopicSpecification(settings.topics[0], partitions: 1)])
            try await input.produce(to: settings.topics[0], of: scene.log)
        } else {
            topic = nil
        }
        // Where every target is the log, it is the log that fails.
        if sinks.isEmpty {
            for fault in test.faults { scene.log.failNext(.send, with: fault.logError, times: fault.times) }
        }
        return topic
    }

    /// What the source's own `key` program makes of a record.
    private static func key(of fields: Fields, _ context: ConnectorContext) throws -> @Sendable (Record) -> [UInt8]? {
        guard fields.known("key") else { return { _ in nil } }
        let program = try context.compile(fields.string("key"))
        return { record in
            do {
                guard let output = try program(record).first else { return nil }
                let value = try JSON(parsing: output)
                return value == .null ? nil : value.string.map { Array($0.utf8) } ?? output
            } catch {
                return nil  // As at the real source: the contract says what is wrong with the payload.
            }
        }
    }
}

/// The stand-in for the source, as it was made last.
private final class Stage: Sendable {
    private let current = Mutex<ScriptedSource?>(nil)

    var source: ScriptedSource? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}

/// Why a test came to no verdict.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
