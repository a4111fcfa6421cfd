/// One connector file, decoded and checked.
package struct ConnectorDefinition: Sendable {
    /// The source under `from:`.
    package struct SourceUse: Sendable {
        /// What makes the source.
        package var type: SourceType
        /// Its settings; resolved when the definition is.
        package var fields: Fields
    }

    /// One sink under `to:`, with its condition.
    package struct Route: Sendable {
        /// `nil` takes every record that comes this far.
        package var when: Program?
        /// What makes the sink.
        package var type: SinkType
        /// Its settings; resolved when the definition is.
        package var fields: Fields
    }

    /// A jq program and where it was written.
    package struct Program: Sendable, Hashable {
        /// The program as written.
        package var text: String
        /// Where the program starts.
        package var location: ConfigLocation
    }

    /// One entry of `steps:`.
    package enum Step: Sendable, Hashable {
        case filter(Program)
        case map(Program)

        /// The program, whatever the step does with it.
        package var program: Program {
            switch self {
            case .filter(let program), .map(let program): program
            }
        }
    }

    /// 1 to 63 of `a-z`, `0-9` and `-`; unique in an installation.
    package let name: String
    /// A sentence for people.
    package let description: String?
    /// The team that answers for the connector.
    package let owner: String
    /// The path as written; ``LintEnvironment/locate(_:besides:)`` finds it.
    package let runbook: String?
    /// Where events come from.
    package let source: SourceUse
    /// `nil`: records are not checked.
    package let contract: SubjectReference?
    /// What happens to a record that breaks the contract.
    package let onViolation: ViolationPolicy
    /// `nil`: every record passes.
    package let dedupe: DedupeSettings?
    /// In order; none passes every record as it is.
    package let steps: [Step]
    /// Tried in order; at least one.
    package let routes: [Route]
    /// Order, retries and dead letters.
    package let delivery: DeliverySettings
    /// What the owner promises.
    package let objectives: ServiceObjectives
    /// What `busbar test` runs.
    package let tests: [ConnectorTest]
    /// The path that was read.
    package let file: String
    /// Every field of the file.
    package let fields: Fields

    /// The consumer group and the prefix of transactional ids.
    package var group: String { "busbar.\(name)" }
}

extension ConnectorDefinition {
    /// - Precondition: `fields` were decoded by `catalogue`'s ``ConnectorCatalogue/connectorFields`` without errors.
    init(_ fields: Fields, catalogue: ConnectorCatalogue, file: String) {
        self.file = file
        self.fields = fields
        name = fields.string("connector")
        description = fields.optionalString("description")
        owner = fields.string("owner")
        runbook = fields.optionalString("runbook")
        source = Self.source(fields, catalogue)
        contract = fields.optionalString("contract").flatMap { SubjectReference($0) }
        onViolation = fields.choice("on_violation")
        dedupe = fields.optionalObject("dedupe").map { dedupe in
            let key = dedupe.optionalString("key").flatMap { DedupeSettings.Key($0) }
            return DedupeSettings(key: key ?? .cloudEvent, window: dedupe.duration("window"))
        }
        steps = fields.objects("steps").map { step in
            step.program("filter").map { .filter($0) } ?? step.program("map").map { .map($0) } ?? Self.noStep
        }
        routes = Self.routes(fields, catalogue)
        delivery = DeliverySettings(fields.object("delivery"), connector: name)
        let slo = fields.optionalObject("slo")
        objectives = ServiceObjectives(
            success: slo?.optionalDouble("success"),
            latencyP95: slo?.optionalDuration("latency_p95")
        )
        tests = fields.objects("tests").map { ConnectorTest($0) }
    }

    /// The same connector with every reference outside its tests resolved, as a worker starts it.
    /// - Throws: ``ConfigurationError`` with everything that has no value.
    package func resolved(
        by resolver: SecretResolver,
        catalogue: ConnectorCatalogue
    ) throws(ConfigurationError) -> ConnectorDefinition {
        var running = fields
        running.values["tests"] = nil
        var resolved = try running.resolved(by: resolver)
        resolved.values["tests"] = fields.values["tests"]
        return ConnectorDefinition(resolved, catalogue: catalogue, file: file)
    }

    private static func source(_ fields: Fields, _ catalogue: ConnectorCatalogue) -> SourceUse {
        let (key, settings) = fields.chosen(of: "from")
        guard let type = catalogue.source(key) else { preconditionFailure("“\(key)” is decoded by another catalogue") }
        return SourceUse(type: type, fields: settings)
    }

    private static func routes(_ fields: Fields, _ catalogue: ConnectorCatalogue) -> [Route] {
        let entries = if case .object(let single)? = fields.value("to") { [single] } else { fields.objects("to") }
        return entries.map { entry in
            let (key, settings) = entry.chosen
            guard let type = catalogue.sink(key) else {
                preconditionFailure("“\(key)” is decoded by another catalogue")
            }
            let when = entry.specs.contains { $0.name == "when" } ? entry.program("when") : nil
            return Route(when: when, type: type, fields: settings)
        }
    }

    private static var noStep: Step { preconditionFailure("a step that was decoded is a filter or a map") }
}

extension Fields {
    fileprivate func program(_ name: String) -> ConnectorDefinition.Program? {
        optionalString(name).map { ConnectorDefinition.Program(text: $0, location: location(of: name)) }
    }
}
