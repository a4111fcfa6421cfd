import JSON

/// Compares two schemas as Confluent's registry does: pair by pair from the roots down.
///
/// A pair that is met again while it is being compared counts as the same. That may let a pair pass that rests on one
/// that turns out to differ, so the whole is repeated with what was refused until nothing new is refused: the largest
/// set of pairs that can be allowed together.
final class StructuralComparison {
    struct Pair: Hashable {
        let old: Int
        let new: Int
    }

    let model: SchemaModel
    let isLenient: Bool
    let maxSteps: Int
    private(set) var steps = 0
    /// When to give up; nil for no such time.
    private let deadline: ContinuousClock.Instant?
    /// The step at which the clock is looked at next.
    private var nextLook = 0
    private var results: [Pair: PairResult] = [:]
    private var open: Set<Pair> = []
    private var refused: [Pair: PairResult] = [:]
    private var hasAssumed = false

    /// Pairs of schemas, names and edges looked at, over all passes.
    static let maxSteps = 2_000_000
    /// Pairs inside each other. Each takes a few stack frames.
    static let maxDepth = 200

    private static let stepsPerLook = 256

    init(
        _ model: SchemaModel,
        isLenient: Bool,
        maxSteps: Int = StructuralComparison.maxSteps,
        until deadline: ContinuousClock.Instant? = nil
    ) {
        self.model = model
        self.deadline = deadline
        self.isLenient = isLenient
        self.maxSteps = maxSteps
    }

    /// The findings for the roots.
    func run() throws(ComparisonObstacle) -> PairResult {
        let roots = Pair(old: try model.root(0), new: try model.root(1))
        while true {
            results = [:]
            hasAssumed = false
            let result = try compare(roots.old, roots.new)
            let nowRefused = results.filter { !$0.value.isAllowed }
            if !hasAssumed || (nowRefused.count == refused.count && nowRefused.keys.allSatisfy { refused[$0] != nil }) {
                return result
            }
            refused = nowRefused
        }
    }

    func step(_ count: Int = 1) throws(ComparisonObstacle) {
        steps += count
        guard steps <= maxSteps else { throw .work }
        guard let deadline, steps >= nextLook else { return }
        nextLook = steps + Self.stepsPerLook
        guard .now < deadline else { throw .time }
    }

    // MARK: Pairs

    /// The findings for two schemas, of which either may be absent.
    func compare(
        _ old: Int?,
        _ new: Int?,
        _ path: String,
        _ findings: inout Findings
    ) throws(ComparisonObstacle) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, .some(let new)): findings.add(.schemaAdded, path, old: nil, new: model.spot(new))
        case (.some(let old), nil): findings.add(.schemaRemoved, path, old: model.spot(old), new: nil)
        case (.some(let old), .some(let new)): findings.add(try compare(old, new), path)
        }
    }

    /// The findings for two schemas, with paths from there.
    func compare(_ old: Int, _ new: Int) throws(ComparisonObstacle) -> PairResult {
        try step()
        let pair = Pair(old: try model.resolved(old), new: try model.resolved(new))
        if let known = results[pair] { return known }
        guard open.insert(pair).inserted else {
            if let known = refused[pair] {
                // Flat, or each pass would put the results of the one before inside its own.
                let flat = known.flat(leniently: isLenient)
                refused[pair] = flat
                return flat
            }
            hasAssumed = true
            return .same
        }
        defer { open.remove(pair) }
        guard open.count <= Self.maxDepth else { throw .depth }
        var findings = Findings(isLenient: isLenient)
        try compareKinds(pair, &findings)
        let result = findings.result
        results[pair] = result
        return result
    }

    private func compareKinds(_ pair: Pair, _ findings: inout Findings) throws(ComparisonObstacle) {
        let (old, new) = (try model[pair.old], try model[pair.new])
        if try isOneOfMany(pair, old, new, &findings) { return }
        guard Self.isSameKind(old, new) else {
            let isAllowed = old.isNever || new.isEmpty || (old.connectType == "bytes" && new.connectType == "bytes")
            if !isAllowed { addTypeChange(pair, &findings) }
            return
        }
        compareAnnotations(pair, old, new, &findings)
        switch (old.kind, new.kind) {
        case (.string(let old), .string(let new)): compare(old, new, pair, &findings)
        case (.number(let old), .number(let new)): compare(old, new, pair, &findings)
        case (.array(let old), .array(let new)): try compare(old, new, pair, &findings)
        case (.object(let old), .object(let new)): try compare(old, new, pair, &findings)
        case (.values(let old), .values(let new)): compare(old, new, pair, &findings)
        case (.constant(let old), .constant(let new)):
            if old != new { add(.enumArrayChanged, "const", pair, &findings) }
        case (.not(let old), .not(let new)):
            // What must not match is compared the other way round.
            let result = try compare(new, old)
            add(result.isAllowed ? .notTypeNarrowed : .notTypeExtended, "not", pair, &findings)
        case (.combined(let oldCriterion, let old), .combined(let newCriterion, let new)):
            let (old, new) = (Combination(oldCriterion, old, pair.old), Combination(newCriterion, new, pair.new))
            try compare(old, new, &findings)
        default: break
        }
    }

    // MARK: Adding

    /// Adds a difference of the keyword that its path ends with.
    func add(_ rule: ConfluentRule, _ keyword: String, _ pair: Pair, _ findings: inout Findings) {
        findings.add(rule, keyword, old: model.spot(pair.old, [keyword]), new: model.spot(pair.new, [keyword]))
    }

    private func addTypeChange(_ pair: Pair, _ findings: inout Findings) {
        findings.add(.typeChanged, "", old: model.typeSpot(pair.old), new: model.typeSpot(pair.new))
    }

    private func compareAnnotations(
        _ pair: Pair,
        _ old: ModelSchema,
        _ new: ModelSchema,
        _ findings: inout Findings
    ) {
        let changes: [(Bool, ConfluentRule, String)] = [
            (Self.isChanged(old.id, new.id), .idChanged, "$id"),
            (Self.isChanged(old.title, new.title), .titleChanged, "title"),
            (Self.isChanged(old.summary, new.summary), .descriptionChanged, "description"),
            (old.defaultValue != new.defaultValue, .defaultChanged, "default"),
        ]
        for (isChanged, rule, keyword) in changes where isChanged {
            findings.add(rule, "", old: model.spot(pair.old, [keyword]), new: model.spot(pair.new, [keyword]))
        }
    }

    private static func isChanged(_ old: String?, _ new: String?) -> Bool {
        old.map { JSONName($0) } != new.map { JSONName($0) }
    }

    private static func isSameKind(_ old: ModelSchema, _ new: ModelSchema) -> Bool {
        switch (old.kind, new.kind) {
        case (.empty, .empty), (.always, .always), (.never, .never), (.null, .null), (.boolean, .boolean),
            (.string, .string), (.number, .number), (.array, .array), (.object, .object), (.values, .values),
            (.constant, .constant), (.combined, .combined), (.not, .not), (.conditional, .conditional):
            true
        default: false
        }
    }
}
