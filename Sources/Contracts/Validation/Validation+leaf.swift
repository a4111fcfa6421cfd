import JSON

extension Validation {
    /// Whether a value of a kind that is admitted obeys a node none of whose instructions applies another schema, when
    /// nothing is reported.
    ///
    /// It needs no level of depth, no scope and no record of what was evaluated. The caller counts it as a step, since a
    /// schema can have very many of them for one value.
    @inline(always)
    mutating func obeysLeaf(_ node: UnsafePointer<SchemaNode>, _ number: Int32, _ value: JSONValue) -> Bool {
        let section = value.section
        if section > 0, unsafe !holdAll(node, section, number, value) { return false }
        return unsafe holdAll(node, 0, number, value)
    }

    /// Whether a value obeys one section of a node that has assertions only.
    @inline(always)
    private mutating func holdAll(
        _ node: UnsafePointer<SchemaNode>,
        _ section: Int,
        _ number: Int32,
        _ value: JSONValue
    ) -> Bool {
        var index = unsafe node.pointee.first[section]
        let end = unsafe node.pointee.first[section &+ 1]
        while index < end {
            if unsafe !holds(program.instructions.address(index), number, value) { return false }
            index &+= 1
        }
        return true
    }

    /// The assertions that most contracts have are decided here, the others by a call.
    @inline(always)
    private mutating func holds(_ step: UnsafePointer<Instruction>, _ number: Int32, _ value: JSONValue) -> Bool {
        switch unsafe step.pointee.operation {
        case .minLength: return unsafe value.hasLength(atLeast: step.pointee.a)
        case .maxLength: return unsafe value.hasLength(atMost: step.pointee.a)
        case .minimum: if let holds = unsafe step.pointee.holdsWhole(of: value) { return holds }
        default: break
        }
        return unsafe asserts(step.pointee, number, value)
    }
}

// MARK: Cheap answers

extension Instruction {
    /// Whether a number obeys a bound that is a small integer, nil when that takes an exact comparison of decimals.
    @inline(always)
    func holdsWhole(of value: JSONValue) -> Bool? {
        guard c == Instruction.isWhole, let number = value.number else { return nil }
        let bound = Int64(b)
        if operation == .minimum, bound <= 0, !number.hasMinusSign { return true }
        guard let whole = number.smallInteger else { return nil }
        switch operation {
        case .minimum: return whole >= bound
        case .maximum: return whole <= bound
        case .exclusiveMinimum: return whole > bound
        case .exclusiveMaximum: return whole < bound
        default: return nil
        }
    }
}

extension JSONValue {
    /// Whether a string has at least so many scalars: one has 1 to 4 bytes of UTF-8, up to 12 when it is escaped.
    @inline(always)
    func hasLength(atLeast least: Int32) -> Bool {
        let bytes = unsafe content.count
        if bytes < Int(least) { return false }
        if !isEscaped, (bytes + 3) / 4 >= Int(least) { return true }
        return scalarCount >= Int(least)
    }

    @inline(always)
    func hasLength(atMost most: Int32) -> Bool {
        let bytes = unsafe content.count
        return bytes <= Int(most) || scalarCount <= Int(most)
    }
}
