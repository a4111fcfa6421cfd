internal import ConnectorKit
internal import Contracts
internal import Delivery
internal import Expressions
internal import JSON
internal import Log

/// What the pipeline made of a record.
enum Passage: Sendable {
    /// The record goes to the target of this route, as the steps left it.
    case deliver(Record, route: Int)
    case filtered
    case deadLetter(DeadLetterCause)
}

/// Takes one record at a time through contract, steps and routing: pure computation over the payload's bytes.
///
/// Confined to the task that owns it. A tombstone has no document: the contract does not apply to it, filters and route
/// conditions see `null`, and maps leave it alone.
final class RecordPipeline {
    private let connector: String
    private let opener: RecordOpener
    private let contract: Contract?
    private let scratch = ValidationScratch()
    private let steps: [Step]
    private let conditions: [Evaluator?]
    private let encodings: [PlannedEncoding?]
    private let needs: BindingNeeds
    /// One per document that is open at the same time: the payload and what each map makes of it.
    private let parsers: [JSONParser]
    private let isTransparent: Bool

    private enum Step {
        case filter(Evaluator)
        case map(Evaluator)
    }

    /// - Throws: ``ExpressionError`` for a program that does not compile.
    init(_ plan: ConnectorPlan) throws {
        connector = plan.name
        opener = RecordOpener(plan)
        contract = plan.contract
        steps = try plan.steps.map { step in
            switch step {
            case .filter(let program): .filter(try Evaluator(program))
            case .map(let program): .map(try Evaluator(program))
            }
        }
        conditions = try plan.routes.map { try $0.condition.map { try Evaluator($0) } }
        encodings = plan.routes.map(\.encoding)
        needs = BindingNeeds(plan.steps.map(\.program) + plan.routes.compactMap(\.condition))
        parsers = (0...steps.count).map { _ in JSONParser() }
        isTransparent = steps.isEmpty && conditions.first.map { $0 == nil } == true && encodings[0] == nil
    }

    /// Takes a message's record out of the form in which it lies in the log.
    func open(_ message: MessageView) -> Opening { opener.open(message) }

    /// Takes `record`, which did not come from a topic, through.
    func process(_ record: Record) -> Passage {
        process(OpenedRecord(record: record, contract: contract, label: nil))
    }

    /// Takes what lay in a message through.
    func process(_ opened: OpenedMessage) -> Passage {
        switch opened {
        case .record(let record): process(record)
        case .refused(let cause): .deadLetter(cause)
        }
    }

    /// Takes an opened record through.
    func process(_ opened: OpenedRecord) -> Passage {
        let (record, contract) = (opened.record, opened.contract)
        if isTransparent && contract == nil { return .deliver(record, route: 0) }
        let bindings = needs.bindings(of: record, in: connector)
        return record.value.withBytes { bytes in
            guard let bytes else { return tombstone(record, bindings) }
            do {
                return try parsers[0].withDocument(bytes) { root in
                    if let violation = contract?.validate(root, using: scratch) {
                        return .deadLetter(Self.cause(violation, version: opened.label))
                    }
                    return try run(from: 0, on: root, record, bindings)
                }
            } catch {
                return .deadLetter(Self.cause(error, stage: .contract))
            }
        }
    }

    private func tombstone(_ record: Record, _ bindings: Bindings) -> Passage {
        do {
            return try parsers[0].withDocument("null") { null in
                for case .filter(let evaluator) in steps where try !evaluator.filter(null, bindings: bindings) {
                    return .filtered
                }
                return try route(record, null, bindings)
            }
        } catch {
            return .deadLetter(Self.cause(error, stage: .step))
        }
    }

    /// Runs the steps from `index` on; a map opens the document that the rest works on.
    private func run(from index: Int, on value: JSONValue, _ record: Record, _ bindings: Bindings) throws -> Passage {
        var index = index
        while index < steps.count {
            switch steps[index] {
            case .filter(let evaluator):
                do {
                    guard try evaluator.filter(value, bindings: bindings) else { return .filtered }
                } catch {
                    return .deadLetter(Self.cause(error, stage: .step, number: index))
                }
            case .map(let evaluator):
                var output: [UInt8] = []
                do {
                    try evaluator.map(value, bindings: bindings, into: &output)
                } catch {
                    return .deadLetter(Self.cause(error, stage: .step, number: index))
                }
                var mapped = record
                mapped.value = .owned(output)
                return try parsers[index + 1].withDocument(output) { document in
                    try run(from: index + 1, on: document, mapped, bindings)
                }
            }
            index += 1
        }
        return try route(record, value, bindings)
    }

    private func route(_ record: Record, _ value: JSONValue, _ bindings: Bindings) throws -> Passage {
        for (index, condition) in conditions.enumerated() {
            guard let condition else { return deliver(record, value, to: index) }
            do {
                if try condition.filter(value, bindings: bindings) { return deliver(record, value, to: index) }
            } catch {
                return .deadLetter(Self.cause(error, stage: .route, number: index))
            }
        }
        return .deadLetter(
            DeadLetterCause(
                .policy,
                detail: "no entry of `to` takes the record; add one without `when` as the last, or filter it in a step",
                stage: .route
            )
        )
    }

    /// Sends the record on, in the form in which its route writes it.
    private func deliver(_ record: Record, _ value: JSONValue, to route: Int) -> Passage {
        guard let encoding = encodings[route] else { return .deliver(record, route: route) }
        let isTombstone = record.value.withBytes { $0 == nil }
        if !isTombstone, let violation = encoding.contract.validate(value, using: scratch) {
            return .deadLetter(Self.cause(violation, of: "to[\(route)]: ", version: encoding.label))
        }
        return .deliver(encoding.encoded(record), route: route)
    }

    private static func cause(_ violation: Violation, of place: String = "", version: String?) -> DeadLetterCause {
        DeadLetterCause(
            .schema,
            detail: place + "\(violation.message) (contract \(violation.keyword))",
            pointer: "\(violation.instance)",
            stage: .contract,
            version: version
        )
    }

    private static func cause(_ error: any Error, stage: DeadLetterCause.Stage, number: Int? = nil) -> DeadLetterCause {
        let place = number.map { stage == .route ? "to[\($0)].when: " : "steps[\($0)]: " } ?? ""
        return switch error {
        case let error as JSONError:
            DeadLetterCause(.decode, detail: place + "\(error)", stage: stage)
        case let error as ExpressionError:
            DeadLetterCause(.expression, detail: place + "\(error)", stage: stage)
        default:
            DeadLetterCause(.unknown, detail: place + "\(error)", stage: stage)
        }
    }
}
