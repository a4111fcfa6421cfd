/// One connector file, decoded and checked.
package struct ConnectorDefinition: Sendable {
    /// The source under `from:`.
    package struct SourceUse: Sendable {
        package var type: SourceType
        package var fields: Fields
    }

    /// One sink under `to:`, with its condition.
    package struct Route: Sendable {
        /// `nil` takes every record that comes this far.
        package var when: Program?
        package var type: SinkType
        package var fields: Fields
    }

    /// A jq program and where it was written.
    package struct Program: Sendable, Hashable {
        package var text: String
        package var location: ConfigLocation
    }

    /// One entry of `steps:`.
    package enum Step: Sendable, Hashable {
        case filter(Program)
        case map(Program)

        package var program: Program {
            switch self {
            case .filter(let program), .map(let program): program
            }
        }
    }

    package let name: String
    package let description: String?
    package let owner: String
    package let runbook: String?
    package let source: SourceUse
    package let contract: SubjectReference?
    package let onViolation: ViolationPolicy
    package let dedupe: DedupeSettings?
    package let steps: [Step]
    /// Tried in order; at least one.
    package let routes: [Route]
    package let delivery: DeliverySettings
    package let objectives: ServiceObjectives
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
        onViolation = ViolationPolicy(rawValue: fields.string("on_violation")) ?? .deadLetter
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
