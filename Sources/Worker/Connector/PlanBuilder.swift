package import ConnectorKit
package import Contracts
internal import Delivery
internal import Expressions
internal import Log
package import Logging

/// Turns a connector file into what a driver runs: contracts looked up, programs compiled, sources and sinks made.
package struct PlanBuilder: Sendable {
    /// A contract and the `subject@vN` it is known by.
    package typealias FoundContract = (contract: Contract, label: String)

    private let contract: @Sendable (SubjectReference) throws -> FoundContract
    private let secrets: SecretResolver
    private let directory: String
    private let logger: Logger

    /// - Parameters:
    ///   - contract: finds contracts.
    ///   - secrets: where references get their values.
    ///   - directory: where relative paths of connector files are looked up.
    ///   - logger: handed to connectors, with their name.
    package init(
        contract: @escaping @Sendable (SubjectReference) throws -> FoundContract,
        secrets: SecretResolver,
        directory: String,
        logger: Logger
    ) {
        self.contract = contract
        self.secrets = secrets
        self.directory = directory
        self.logger = logger
    }

    /// A connector that is ready to run.
    package struct Built: Sendable {
        package var plan: ConnectorPlan
        package var source: SourceType.Instance
        package var kind: SourceType.Kind
    }

    /// Builds the connector of `definition`, whose references are resolved.
    package func build(_ definition: ConnectorDefinition) throws -> Built {
        let context = context(for: definition.name)
        let found = try definition.contract.map(contract)
        let routes = try definition.routes.map { route in
            PlannedRoute(
                condition: try route.when.map { try Program($0.text) },
                target: try route.type.make(route.fields, context)
            )
        }
        let plan = ConnectorPlan(
            name: definition.name,
            contract: found?.contract,
            contractVersion: found?.label ?? "",
            violations: definition.onViolation,
            dedupe: try definition.dedupe.map(dedupe),
            steps: try definition.steps.map(step),
            routes: routes,
            delivery: try delivery(definition.delivery, routes)
        )
        let source = try definition.source.type.make(definition.source.fields, context)
        return Built(plan: plan, source: source, kind: definition.source.type.kind)
    }

    private func context(for connector: String) -> ConnectorContext {
        var logger = logger
        logger[metadataKey: "busbar.connector"] = "\(connector)"
        return ConnectorContext(
            connector: connector,
            logger: logger,
            secrets: secrets,
            directory: directory,
            compile: { program in
                let expression = try SharedExpression(program, connector: connector)
                return { record in try expression.outputs(for: record) }
            }
        )
    }

    private func step(_ step: ConnectorDefinition.Step) throws -> PlannedStep {
        switch step {
        case .filter(let program): .filter(try Program(program.text))
        case .map(let program): .map(try Program(program.text))
        }
    }

    private func dedupe(_ settings: DedupeSettings) throws -> DedupePlan {
        let key: DedupePlan.Key =
            switch settings.key {
            case .cloudEvent: .cloudEvent
            case .header(let name): .header(name)
            case .key: .key
            case .expression(let program): .program(try Program(program))
            }
        return DedupePlan(key: key, window: settings.window)
    }

    private func delivery(_ settings: DeliverySettings, _ routes: [PlannedRoute]) throws -> DeliveryPolicy {
        let batch = routes.compactMap { route -> Int? in
            if case .external(let sink) = route.target { sink.batching?.max } else { nil }
        }
        return DeliveryPolicy(
            order: Order(settings.order),
            // Two full batches may be under way, whatever the file says of single records.
            inFlight: max(settings.inFlight, 2 * (batch.max() ?? 0)),
            retry: try RetrySchedule(
                attempts: settings.retry.attempts,
                initial: settings.retry.initial,
                max: settings.retry.max,
                jitter: settings.retry.hasJitter ? .full : .none,
                within: settings.retry.within
            ),
            timeout: settings.timeout,
            limiter: try settings.rateLimit.map { rate in
                try RateLimiter(rate: rate.count, per: rate.interval, burst: max(1, batch.max() ?? 1))
            },
            deadLetter: settings.deadLetter
        )
    }
}

extension Order {
    fileprivate init(_ order: DeliveryOrder) {
        switch order {
        case .partition: self = .partition
        case .key: self = .key
        case .none: self = .none
        }
    }
}
