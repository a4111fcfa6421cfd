import JSON

/// One run of a program over one instance.
///
/// Without a collector it stops at the first failure and allocates nothing; with one it goes on and reports.
/// Recursion follows the schemas that are applied inside each other, up to `ValidationLimits.depth`.
///
/// It counts no references to the program and the scratch memory: the caller holds them for the run.
@safe
struct Validation {
    /// Why a run was given up. The instance then counts as invalid.
    enum Abort {
        case depth, steps, pattern
    }

    let program: ProgramTables
    private unowned(unsafe) let lentProgram: Program
    private unowned(unsafe) let lentScratch: ValidationScratch
    var collector: ViolationCollector?
    private(set) var abort: Abort?
    var depth = 0
    private var stepsLeft = ValidationLimits.steps

    /// The region of an instance whose evaluation nobody records.
    static let unrecorded = -1

    init(_ compiled: Program, _ scratch: ValidationScratch, collector: ViolationCollector? = nil) {
        program = compiled.tables
        unsafe lentProgram = compiled
        unsafe lentScratch = scratch
        self.collector = collector
    }

    /// What messages are made of.
    var compiled: Program { unsafe lentProgram }
    var scratch: ValidationScratch { unsafe lentScratch }

    mutating func run(on value: JSONValue) -> Bool {
        stepsLeft = ValidationLimits.steps + value.totalCount * ValidationLimits.stepsPerValue
        return apply(program.root, to: value, Self.unrecorded) && abort == nil
    }

    /// Applies a schema to a value.
    /// - Parameters:
    ///   - number: The node of the schema.
    ///   - value: The instance or a part of it.
    ///   - region: Where in `scratch.evaluated` to mark the members or elements of `value` that were evaluated,
    ///     `unrecorded` when no schema around asks.
    /// - Returns: Whether the value obeys the schema; false also once the run is given up.
    mutating func apply(_ number: Int32, to value: JSONValue, _ region: Int) -> Bool {
        if collector == nil {
            let node = unsafe program.nodes.address(number)
            guard unsafe node.pointee.admitted.allows(value) else { return false }
            switch unsafe node.pointee.route {
            case .kindOnly: return true
            case .leaf: return unsafe spend(1, at: number) && obeysLeaf(node, number, value)
            case .plain where region < 0: return unsafe obeysPlain(node, number, value)
            default: break
            }
        }
        return applyInGeneral(number, to: value, region)
    }

    /// The same by the route that all schemas can take.
    private mutating func applyInGeneral(_ number: Int32, to value: JSONValue, _ region: Int) -> Bool {
        let node = program.nodes[number]
        guard enter(number) else { return false }
        defer { depth -= 1 }
        let isScope = program.isDynamic && scratch.scope.last != node.resource
        if isScope { scratch.scope.append(node.resource) }
        defer { if isScope { scratch.scope.removeLast() } }
        guard node.tracksEvaluation else { return check(node, number, value, region) }
        let own = openRegion(for: value)
        let isValid = check(node, number, value, own)
        closeRegion(own, into: isValid ? region : Self.unrecorded)
        return isValid
    }

    mutating func enter(_ number: Int32) -> Bool {
        guard abort == nil else { return false }
        stepsLeft -= 1
        if depth >= ValidationLimits.depth || stepsLeft < 0 {
            give(up: depth >= ValidationLimits.depth ? .depth : .steps, at: number)
            return false
        }
        depth += 1
        return true
    }

    /// Adds work that is not the application of a schema.
    @inline(always)
    mutating func spend(_ amount: Int, at number: Int32) -> Bool {
        stepsLeft -= amount
        if stepsLeft < 0 { give(up: .steps, at: number) }
        return abort == nil
    }

    @inline(never)
    mutating func give(up reason: Abort, at number: Int32) {
        guard abort == nil else { return }
        abort = reason
        collector?.append(abortion(reason, at: number))
    }

    private mutating func check(_ node: SchemaNode, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = true
        if node.kinds != .all, !node.kinds.allows(value) {
            guard collector != nil else { return false }
            reportKind(node.kinds, number, value)
            isValid = false
        }
        let section = value.section
        if section > 0, !perform(node.first[section]..<node.first[section + 1], number, value, region) {
            guard collector != nil else { return false }
            isValid = false
        }
        if !perform(node.first[0]..<node.first[1], number, value, region) {
            guard collector != nil else { return false }
            isValid = false
        }
        return perform(node.first[5]..<node.first[6], number, value, region) && isValid
    }

    @inline(always)
    private mutating func perform(_ range: Range<Int32>, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = true
        var index = range.lowerBound
        while index < range.upperBound {
            if !perform(program.instructions[index], number, value, region) {
                guard let collector, !collector.isFull, abort == nil else { return false }
                isValid = false
            }
            index += 1
        }
        return isValid
    }

    mutating func perform(
        _ step: Instruction,
        _ number: Int32,
        _ value: JSONValue,
        _ region: Int
    ) -> Bool {
        switch step.operation {
        case .allOf: return allOf(step, value, region)
        case .anyOf: return anyOf(step, number, value, region)
        case .oneOf: return oneOf(step, number, value, region)
        case .not: return not(step, number, value)
        case .conditional: return conditional(step, value, region)
        case .reference: return apply(step.a, to: value, region)
        case .dynamicReference: return apply(dynamicTarget(step), to: value, region)
        case .items: return items(step, value, region)
        case .contains: return contains(step, number, value, region)
        case .members: return members(step.a, number, value, region)
        case .propertyNames: return propertyNames(step, value)
        case .dependentSchemas: return dependentSchemas(step, value, region)
        case .unevaluatedItems: return unevaluatedItems(step, value, region)
        case .unevaluatedProperties: return unevaluatedProperties(step, value, region)
        default:
            if asserts(step, number, value) { return true }
            if abort == nil { report(step, number, value) }
            return false
        }
    }

    // MARK: Records of what was evaluated

    mutating func openRegion(for value: JSONValue) -> Int {
        let start = scratch.evaluated.count
        for _ in 0..<value.count { scratch.evaluated.append(0) }
        return start
    }

    /// Drops the newest region, after adding its marks to the one below unless that is `unrecorded`.
    mutating func closeRegion(_ start: Int, into region: Int) {
        let count = scratch.evaluated.count - start
        if region >= 0 {
            for offset in 0..<count where scratch.evaluated[start + offset] != 0 {
                scratch.evaluated[region + offset] = 1
            }
        }
        scratch.evaluated.removeLast(count)
    }

    mutating func mark(_ ordinal: Int, _ region: Int) {
        if region >= 0 { scratch.evaluated[region + ordinal] = 1 }
    }

    // MARK: Going into the instance

    mutating func applyToMember(_ number: Int32, _ key: JSONKey, _ value: JSONValue) -> Bool {
        guard let collector else { return apply(number, to: value, Self.unrecorded) }
        collector.path.append(.member(key))
        defer { collector.path.removeLast() }
        return apply(number, to: value, Self.unrecorded)
    }

    mutating func applyToElement(_ number: Int32, _ index: Int, _ value: JSONValue) -> Bool {
        guard let collector else { return apply(number, to: value, Self.unrecorded) }
        collector.path.append(.element(index))
        defer { collector.path.removeLast() }
        return apply(number, to: value, Self.unrecorded)
    }
}

extension JSONValue {
    /// The run of a node's instructions that looks at values of this kind only, 0 when there is none: 1 for numbers, 2 for
    /// strings, 3 for arrays, 4 for objects.
    @inline(always)
    var section: Int { max(2, Int(kindNumber)) &- 2 }
}

extension KindSet {
    @inline(always)
    func allows(_ value: JSONValue) -> Bool {
        if rawValue >> value.kindNumber & 1 == 1 { return true }
        guard contains(.integer), value.kind == .number else { return false }
        return !value.hasFraction || value.number?.isInteger == true
    }
}
