import JSON

extension Validation {
    /// Whether a value obeys a node none of whose instructions applies another schema, when nothing is reported.
    ///
    /// Most values of real documents meet such a node. It needs no level of depth, no scope and no record of what was
    /// evaluated; it still counts as a step, since a schema can have very many of them for one value.
    @inline(__always)
    mutating func obeysLeaf(_ node: SchemaNode, _ number: Int32, _ value: JSONValue) -> Bool {
        guard spend(1, at: number), node.kinds.allows(value) else { return false }
        let section = value.kind.section
        if section > 0, !holdAll(node.first[section]..<node.first[section + 1], number, value) { return false }
        return holdAll(node.first[0]..<node.first[1], number, value)
    }

    @inline(__always)
    private mutating func holdAll(_ range: Range<Int32>, _ number: Int32, _ value: JSONValue) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            if !asserts(program.instructions[index], number, value) { return false }
            index += 1
        }
        return true
    }

    // MARK: Cheap answers

    /// Whether a number obeys a bound that is a small integer, nil when that takes an exact comparison of decimals.
    @inline(__always)
    func holdsWhole(_ step: Instruction, _ value: JSONValue) -> Bool? {
        guard step.c == Instruction.isWhole, let number = value.number else { return nil }
        let bound = Int64(step.b)
        guard let whole = number.smallInteger else {
            return step.operation == .minimum && bound <= 0 && !number.hasMinusSign ? true : nil
        }
        switch step.operation {
        case .minimum: return whole >= bound
        case .maximum: return whole <= bound
        case .exclusiveMinimum: return whole > bound
        case .exclusiveMaximum: return whole < bound
        default: return nil
        }
    }

    /// Whether a string has at least so many scalars: one has 1 to 4 bytes of UTF-8, up to 12 when it is escaped.
    @inline(__always)
    func hasLength(atLeast least: Int32, _ value: JSONValue) -> Bool {
        let bytes = unsafe value.content.count
        if bytes < Int(least) { return false }
        if !value.isEscaped, (bytes + 3) / 4 >= Int(least) { return true }
        return value.scalarCount >= Int(least)
    }

    @inline(__always)
    func hasLength(atMost most: Int32, _ value: JSONValue) -> Bool {
        let bytes = unsafe value.content.count
        return bytes <= Int(most) || value.scalarCount <= Int(most)
    }

    /// Equality with a value of the schema; strings without escapes are compared as bytes.
    @inline(__always)
    func isEqual(_ value: JSONValue, toConstant index: Int32) -> Bool {
        let constant = program.constants[index]
        if value.kind == .string, constant.kind == .string, !value.isEscaped, !constant.isEscaped {
            return unsafe equalBytes(value.content, constant.content)
        }
        return value.isEqual(to: constant)
    }
}
