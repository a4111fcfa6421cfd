package import ConnectorKit
package import Contracts
package import Delivery
package import Expressions
package import Log
package import RegistryClient

/// A connector, compiled: everything a driver needs to handle records, and nothing that touches the network yet.
package struct ConnectorPlan: Sendable {
    /// `[a-z0-9-]{1,63}`.
    package var name: String
    /// What every payload must satisfy.
    package var contract: Contract?
    /// `subject@vN` of the contract; empty without one.
    package var contractVersion: String
    /// How payloads lie in the topics that it reads.
    package var format: PayloadFormat
    /// Finds the schemas that records name by their ids; `nil` where there is no registry.
    package var schemas: ContractCache?
    /// What a source whose sender waits for an answer says about a payload that breaks the contract.
    package var violations: ViolationPolicy
    package var dedupe: DedupePlan?
    /// In order.
    package var steps: [PlannedStep]
    /// Tried in order; the first whose condition holds takes the record.
    package var routes: [PlannedRoute]
    package var delivery: DeliveryPolicy

    package init(
        name: String,
        contract: Contract? = nil,
        contractVersion: String = "",
        format: PayloadFormat = .json,
        schemas: ContractCache? = nil,
        violations: ViolationPolicy = .deadLetter,
        dedupe: DedupePlan? = nil,
        steps: [PlannedStep] = [],
        routes: [PlannedRoute],
        delivery: DeliveryPolicy
    ) {
        self.name = name
        self.contract = contract
        self.contractVersion = contractVersion
        self.format = format
        self.schemas = schemas
        self.violations = violations
        self.dedupe = dedupe
        self.steps = steps
        self.routes = routes
        self.delivery = delivery
    }

    /// The consumer group of a connector that reads topics.
    package var group: String { "busbar.\(name)" }
}

/// One entry of `steps:`.
package enum PlannedStep: Sendable {
    /// Records for which the program answers `false`, `null` or nothing go no further.
    case filter(Program)
    /// The program's output becomes the payload.
    case map(Program)

    var program: Program {
        switch self {
        case .filter(let program), .map(let program): program
        }
    }
}

/// One entry of `to:`.
package struct PlannedRoute: Sendable {
    /// `nil` takes every record.
    package var condition: Program?
    package var target: SinkType.Instance
    /// With which schema the records are written; `nil` writes payloads as they are.
    package var encoding: PlannedEncoding?

    package init(condition: Program? = nil, target: SinkType.Instance, encoding: PlannedEncoding? = nil) {
        self.condition = condition
        self.target = target
        self.encoding = encoding
    }
}

/// What makes two records the same event, and for how long.
package struct DedupePlan: Sendable {
    /// Where the identity is found; a record without it is never a duplicate.
    package enum Key: Sendable {
        /// `ce_source` and `ce_id` together: CloudEvents' own rule.
        case cloudEvent
        case header(String)
        /// The record's key.
        case key
        /// The output of a program over the payload.
        case program(Program)
    }

    package var key: Key
    package var window: Duration

    package init(key: Key, window: Duration) {
        self.key = key
        self.window = window
    }
}

/// `delivery:` of a connector.
package struct DeliveryPolicy: Sendable {
    package var order: Order
    /// Deliveries under way at one time.
    package var inFlight: Int
    package var retry: RetrySchedule
    /// Of one attempt.
    package var timeout: Duration
    package var limiter: RateLimiter?
    /// `nil` only where the connector says `none`: then a record that cannot be delivered stops its partition.
    package var deadLetter: TopicName?

    package init(
        order: Order = .key,
        inFlight: Int = 64,
        retry: RetrySchedule = .standard,
        timeout: Duration = .seconds(10),
        limiter: RateLimiter? = nil,
        deadLetter: TopicName?
    ) {
        self.order = order
        self.inFlight = inFlight
        self.retry = retry
        self.timeout = timeout
        self.limiter = limiter
        self.deadLetter = deadLetter
    }
}
