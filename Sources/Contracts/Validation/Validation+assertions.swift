import JSON

extension Validation {
    /// Whether an assertion that applies no schema holds.
    mutating func asserts(_ step: Instruction, _ number: Int32, _ value: JSONValue) -> Bool {
        switch step.operation {
        case .never: return false
        case .constant: return spend(1, at: number) && program.isConstant(value, from: step.a, count: 1)
        case .enumeration:
            return spend(Int(step.b), at: number) && program.isConstant(value, from: step.a, count: step.b)
        case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf:
            if let holds = step.holdsWhole(of: value) { return holds }
            guard let number = value.number, let bound = program.constants[step.a].number else { return true }
            return holds(step.operation, number, bound)
        case .minLength: return value.hasLength(atLeast: step.a)
        case .maxLength: return value.hasLength(atMost: step.a)
        case .pattern: return matches(step.a, value, number)
        case .format: return hasFormat(step, value)
        case .minItems, .minProperties: return value.count >= Int(step.a)
        case .maxItems, .maxProperties: return value.count <= Int(step.a)
        case .uniqueItems: return hasUniqueItems(value, number)
        case .dependentRequired: return missingDependency(step, value) == nil
        default: return true
        }
    }

    private func holds(_ operation: Operation, _ number: JSONNumber, _ bound: JSONNumber) -> Bool {
        switch operation {
        case .minimum: number >= bound
        case .maximum: number <= bound
        case .exclusiveMinimum: number > bound
        case .exclusiveMaximum: number < bound
        default: number.isMultiple(of: bound)
        }
    }

    /// Few elements are compared with each other; many go through a table by their hash.
    private mutating func hasUniqueItems(_ value: JSONValue, _ number: Int32) -> Bool {
        guard value.count > 1, spend(value.count, at: number) else { return value.count <= 1 }
        if value.count > 16 { return hasUniqueHashes(value, number) }
        var index = 0
        for element in value.elements {
            var earlier = value.elements
            for _ in 0..<index {
                if let other = earlier.next(), other.isEqual(to: element) { return false }
            }
            index += 1
        }
        return true
    }

    private mutating func hasUniqueHashes(_ value: JSONValue, _ number: Int32) -> Bool {
        var buckets = [Int: [JSONValue]](minimumCapacity: value.count)
        for element in value.elements {
            let hash = element.structuralHash
            let earlier = buckets[hash] ?? []
            guard spend(earlier.count, at: number) else { return false }
            if earlier.contains(where: { $0.isEqual(to: element) }) { return false }
            buckets[hash, default: []].append(element)
        }
        return true
    }

    /// The first pair of a member that is there and one that must then be there and is not.
    func missingDependency(_ step: Instruction, _ value: JSONValue) -> (present: JSONKey, missing: JSONValue)? {
        for (key, names) in program.constants[step.a].members where value.member(named: key.value) != nil {
            for name in names.elements where value.member(named: name) == nil { return (key, name) }
        }
        return nil
    }
}
