import JSON

extension Validation {
    /// Whether a value obeys a node that beside assertions only applies schemas to all elements, or to members by their
    /// names, when nothing is reported and no schema around asks what was evaluated.
    mutating func obeysPlain(_ node: UnsafePointer<SchemaNode>, _ number: Int32, _ value: JSONValue) -> Bool {
        guard unsafe node.pointee.kinds.allows(value), enter(number) else { return false }
        defer { depth &-= 1 }
        let section = value.kind.section
        if section > 0 {
            var index = unsafe node.pointee.first[section]
            let end = unsafe node.pointee.first[section &+ 1]
            while index < end {
                let step = unsafe program.instructions.address(index)
                let isObeyed =
                    switch unsafe step.pointee.operation {
                    case .members: unsafe obeysMembers(program.plans.address(step.pointee.a), number, value)
                    case .items: unsafe obeysItems(step.pointee.a, number, value)
                    default: unsafe asserts(step.pointee, number, value)
                    }
                if !isObeyed { return false }
                index &+= 1
            }
        }
        return unsafe holdAll(node, 0, number, value)
    }

    /// One walk over the members: each name is looked up once, most often at the place after the previous one.
    private mutating func obeysMembers(
        _ plan: UnsafePointer<MemberPlan>,
        _ number: Int32,
        _ value: JSONValue
    ) -> Bool {
        guard spend(value.count, at: number) else { return false }
        let additional = unsafe plan.pointee.additional
        var guess = unsafe plan.pointee.firstProperty
        var seen = SeenNames()
        for (key, member) in value.members {
            let found = unsafe find(key.value, plan, guess)
            var child = additional
            if found >= 0 {
                guess = found &+ 1
                let property = unsafe program.properties.address(found)
                let required = unsafe property.pointee.required
                if required >= 0 { seen.note(required) }
                let node = unsafe property.pointee.node
                if node >= 0 { child = node }
            }
            if child >= 0, !obeys(child, member) { return false }
        }
        return unsafe seen.hasAll(plan.pointee.requiredCount)
    }

    private mutating func obeysItems(_ child: Int32, _ number: Int32, _ value: JSONValue) -> Bool {
        guard spend(value.count, at: number) else { return false }
        for element in value.elements where !obeys(child, element) { return false }
        return true
    }

    /// Applies a schema whose step is counted already to a part of the instance.
    @inline(always)
    private mutating func obeys(_ number: Int32, _ value: JSONValue) -> Bool {
        let node = unsafe program.nodes.address(number)
        switch unsafe node.pointee.route {
        case .kindOnly: return unsafe node.pointee.kinds.allows(value)
        case .leaf: return unsafe obeysLeaf(node, number, value)
        case .plain: return unsafe obeysPlain(node, number, value)
        case .general: return apply(number, to: value, Self.unrecorded)
        }
    }
}
