package import ConnectorKit
internal import Delivery
internal import Expressions
internal import Log
package import Logging

/// Turns a connector file into what a driver runs: contracts looked up, programs compiled, sources and sinks made.
package struct PlanBuilder: Sendable {
    /// A contract and the `subject@vN` it is known by.
    package typealias FoundContract = ContractSupply.Found

    private let contract: @Sendable (SubjectReference) async throws -> FoundContract
    private let supply: ContractSupply?
    private let secrets: SecretResolver
    private let directory: String
    private let logger: Logger

    /// A builder for a worker.
    /// - Parameters:
    ///   - contracts: where contracts come from.
    ///   - secrets: where references get their values.
    ///   - directory: where relative paths of connector files are looked up.
    ///   - logger: handed to connectors, with their name.
    package init(contracts: ContractSupply, secrets: SecretResolver, directory: String, logger: Logger) {
        contract = contracts.contract
        supply = contracts
        self.secrets = secrets
        self.directory = directory
        self.logger = logger
    }

    /// A builder for tests of connectors: what says which schema a payload has is neither read nor written, whatever the
    /// connector's `format` is.
    /// - Parameters:
    ///   - contract: finds contracts.
    ///   - secrets: where references get their values.
    ///   - directory: where relative paths of connector files are looked up.
    ///   - logger: handed to connectors, with their name.
    package init(
        contract: @escaping @Sendable (SubjectReference) async throws -> FoundContract,
        secrets: SecretResolver,
        directory: String,
        logger: Logger
    ) {
        self.contract = contract
        supply = nil
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
    /// - Throws: what is wrong with it, and where contracts cannot be had now.
    package func build(_ definition: ConnectorDefinition) async throws -> Built {
        let context = context(for: definition.name)
        var found: FoundContract?
        if let reference = definition.contract { found = try await contract(reference) }
        let source = try definition.source.type.make(definition.source.fields, context)
        let format = try format(of: source, in: definition)
        let routes = try await routes(of: definition, context)
        let plan = ConnectorPlan(
            name: definition.name,
            contract: found?.contract,
            contractVersion: found?.label ?? "",
            format: format,
            schemas: supply?.cache,
            violations: definition.onViolation,
            dedupe: try definition.dedupe.map(dedupe),
            steps: try definition.steps.map(step),
            routes: routes,
            delivery: try delivery(definition.delivery, routes)
        )
        return Built(plan: plan, source: source, kind: definition.source.type.kind)
    }

    private func routes(
        of definition: ConnectorDefinition,
        _ context: ConnectorContext
    ) async throws -> [PlannedRoute] {
        var routes: [PlannedRoute] = []
        do {
            for route in definition.routes {
                let condition = try route.when.map { try Program($0.text) }
                let target = try route.type.make(route.fields, context)
                routes.append(PlannedRoute(condition: condition, target: target))
                if let supply, case .log(let sink) = target, let encoding = sink.encoding {
                    routes[routes.count - 1].encoding = try await supply.encoding(encoding, in: definition.name)
                }
            }
        } catch {
            for case .external(let sink) in routes.map(\.target) { await sink.close() }
            throw error
        }
        return routes
    }

    /// How payloads lie in the topics of a source.
    private func format(of source: SourceType.Instance, in definition: ConnectorDefinition) throws -> PayloadFormat {
        guard let supply, case .log(let settings) = source else { return .json }
        if settings.format == .confluentJSON, definition.contract == nil, supply.cache == nil {
            throw ContractSupply.noRegistry(definition.name)
        }
        return settings.format
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
