import JSON

extension Validation {
    /// Whether a value of a kind that is admitted obeys a node that needs no dynamic scope, when nothing is reported and no
    /// schema around asks what was evaluated.
    mutating func obeysPlain(_ node: UnsafePointer<SchemaNode>, _ number: Int32, _ value: JSONValue) -> Bool {
        guard enter(number) else { return false }
        defer { depth &-= 1 }
        let section = value.section
        if section > 0, unsafe !obeysAll(node, section, number, value) { return false }
        return unsafe obeysAll(node, 0, number, value)
    }

    /// Whether a value obeys one section of such a node.
    private mutating func obeysAll(
        _ node: UnsafePointer<SchemaNode>,
        _ section: Int,
        _ number: Int32,
        _ value: JSONValue
    ) -> Bool {
        var index = unsafe node.pointee.first[section]
        let end = unsafe node.pointee.first[section &+ 1]
        while index < end {
            let step = unsafe program.instructions.address(index)
            if unsafe !obeys(step, number, value) { return false }
            index &+= 1
        }
        return true
    }

    @inline(always)
    private mutating func obeys(_ step: UnsafePointer<Instruction>, _ number: Int32, _ value: JSONValue) -> Bool {
        switch unsafe step.pointee.operation {
        case .members:
            let plan = unsafe program.plans.address(step.pointee.a)
            if unsafe plan.pointee.isPlain { return unsafe obeysMembers(plan, number, value) }
        // No schemas for the first elements.
        case .items where unsafe step.pointee.b == 0: return unsafe obeysItems(step.pointee.a, number, value)
        case .anyOf: return unsafe obeysAny(step, value)
        case .oneOf: return unsafe obeysOne(step, value)
        case .reference: return unsafe apply(step.pointee.a, to: value, Self.unrecorded)
        default: break
        }
        return unsafe perform(step.pointee, number, value, Self.unrecorded)
    }

    // MARK: Alternatives

    private mutating func obeysAny(_ step: UnsafePointer<Instruction>, _ value: JSONValue) -> Bool {
        let (start, count) = unsafe (step.pointee.a, step.pointee.b)
        for offset in 0..<count where apply(program.lists[start &+ offset], to: value, Self.unrecorded) { return true }
        return false
    }

    private mutating func obeysOne(_ step: UnsafePointer<Instruction>, _ value: JSONValue) -> Bool {
        let (start, count) = unsafe (step.pointee.a, step.pointee.b)
        var isFound = false
        for offset in 0..<count where apply(program.lists[start &+ offset], to: value, Self.unrecorded) {
            if isFound { return false }
            isFound = true
        }
        return isFound
    }

    // MARK: Members and elements

    /// One walk over the members: each name is looked up once, most often at the place after the previous one.
    private mutating func obeysMembers(
        _ plan: UnsafePointer<MemberPlan>,
        _ number: Int32,
        _ value: JSONValue
    ) -> Bool {
        guard spend(value.count, at: number) else { return false }
        let properties = program.properties
        var guess = unsafe plan.pointee.firstProperty
        var seen = SeenNames()
        for (key, member) in value.members {
            let found = unsafe find(key, plan, guess)
            if found >= 0 {
                guess = found &+ 1
                let property = unsafe properties.address(found)
                let required = unsafe property.pointee.required
                if required >= 0 { seen.note(required) }
                if unsafe !obeys(property.pointee.entrance, member) { return false }
            } else if unsafe !obeys(plan.pointee.additional, member) {
                return false
            }
        }
        return unsafe seen.hasAll(plan.pointee.requiredCount)
    }

    private mutating func obeysItems(_ child: Int32, _ number: Int32, _ value: JSONValue) -> Bool {
        guard spend(value.count, at: number) else { return false }
        let entrance = program.nodes[child].entrance(child)
        for element in value.elements where !obeys(entrance, element) { return false }
        return true
    }

    /// Applies a schema whose step is counted already to a part of the instance. Most parts need no more than this.
    @inline(always)
    private mutating func obeys(_ schema: Entrance, _ value: JSONValue) -> Bool {
        guard schema.kinds.allows(value) else { return false }
        return schema.route == .kindOnly || obeysBeyondKind(schema, value)
    }

    @inline(never)
    private mutating func obeysBeyondKind(_ schema: Entrance, _ value: JSONValue) -> Bool {
        let node = unsafe program.nodes.address(schema.node)
        if schema.route == .leaf { return unsafe obeysLeaf(node, schema.node, value) }
        if schema.route == .plain { return unsafe obeysPlain(node, schema.node, value) }
        return apply(schema.node, to: value, Self.unrecorded)
    }
}
