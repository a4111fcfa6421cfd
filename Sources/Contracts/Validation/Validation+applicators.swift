import JSON

extension Validation {
    mutating func allOf(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = true
        for offset in 0..<step.b where !apply(program.lists[step.a + offset], to: value, region) {
            guard let collector, !collector.isFull else { return false }
            isValid = false
        }
        return isValid
    }

    /// Stops at the first branch that holds, unless what the others evaluate is asked for.
    mutating func anyOf(_ step: Instruction, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = false
        for offset in 0..<step.b where branch(program.lists[step.a + offset], value, region) {
            isValid = true
            if region < 0 { return true }
        }
        if !isValid { reportAlternatives(step, number, value) }
        return isValid
    }

    mutating func oneOf(_ step: Instruction, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        var matches = 0
        for offset in 0..<step.b where branch(program.lists[step.a + offset], value, region) {
            matches += 1
            if matches == 2 { break }
        }
        if matches == 0 { reportAlternatives(step, number, value) }
        if matches == 2, collector != nil { report(step, number, value) }
        return matches == 1
    }

    mutating func not(_ step: Instruction, _ number: Int32, _ value: JSONValue) -> Bool {
        if !branch(step.a, value, Self.unrecorded), abort == nil { return true }
        if collector != nil { report(step, number, value) }
        return false
    }

    mutating func conditional(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        let next = branch(step.a, value, region) ? step.b : step.c
        guard abort == nil else { return false }
        return next < 0 || apply(next, to: value, region)
    }

    /// Tries a schema: reports nothing, and what it evaluates counts only if it holds.
    mutating func branch(_ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        let reporting = collector
        collector = nil
        defer { collector = reporting }
        guard region >= 0 else { return apply(number, to: value, Self.unrecorded) }
        let own = openRegion(for: value)
        let isValid = apply(number, to: value, own)
        closeRegion(own, into: isValid ? region : Self.unrecorded)
        return isValid
    }

    /// 2020-12 core, section 8.2.3.2: the outermost schema resource of the dynamic scope that has the anchor.
    func dynamicTarget(_ step: Instruction) -> Int32 {
        let start = program.lists[step.b]
        let count = program.lists[step.b + 1]
        for resource in scratch.scope {
            for offset in 0..<count where program.lists[start + offset * 2] == resource {
                return program.lists[start + offset * 2 + 1]
            }
        }
        return step.a
    }

    // MARK: Arrays

    mutating func items(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = true
        var index = 0
        for element in value.elements {
            let node = index < step.b ? program.lists[step.c + Int32(index)] : step.a
            if node < 0 { break }
            if !applyToElement(node, index, element) {
                guard let collector, !collector.isFull, abort == nil else { return false }
                isValid = false
            }
            mark(index, region)
            index += 1
        }
        return isValid
    }

    mutating func contains(_ step: Instruction, _ number: Int32, _ value: JSONValue, _ region: Int) -> Bool {
        let least = Int(program.lists[step.b])
        let most = Int(program.lists[step.b + 1])
        let marks = program.lists[step.b + 2] == 1
        var matches = 0
        for (index, element) in value.elements.enumerated() where branch(step.a, element, Self.unrecorded) {
            matches += 1
            if marks { mark(index, region) }
            if most >= 0, matches > most { break }
            if region < 0, most < 0, matches >= least { return true }
        }
        let isValid = matches >= least && (most < 0 || matches <= most) && abort == nil
        if !isValid, collector != nil { reportContains(least, most, matches, number) }
        return isValid
    }

    mutating func unevaluatedItems(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        guard value.kind == .array else { return true }
        var isValid = true
        for (index, element) in value.elements.enumerated() where scratch.evaluated[region + index] == 0 {
            if !applyToElement(step.a, index, element) {
                guard let collector, !collector.isFull, abort == nil else { return false }
                isValid = false
            }
            mark(index, region)
        }
        return isValid
    }

    // MARK: Objects

    mutating func unevaluatedProperties(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        guard value.kind == .object else { return true }
        var isValid = true
        var ordinal = 0
        for (key, member) in value.members {
            if scratch.evaluated[region + ordinal] == 0 {
                if !applyToMember(step.a, key, member) {
                    guard let collector, !collector.isFull, abort == nil else { return false }
                    isValid = false
                }
                mark(ordinal, region)
            }
            ordinal += 1
        }
        return isValid
    }

    mutating func propertyNames(_ step: Instruction, _ value: JSONValue) -> Bool {
        var isValid = true
        for (key, _) in value.members where !applyToMember(step.a, key, key.value) {
            guard let collector, !collector.isFull, abort == nil else { return false }
            isValid = false
        }
        return isValid
    }

    mutating func dependentSchemas(_ step: Instruction, _ value: JSONValue, _ region: Int) -> Bool {
        var isValid = true
        var offset: Int32 = 0
        for name in program.constants[step.a].elements {
            if value.member(named: name) != nil, !apply(program.lists[step.b + offset], to: value, region) {
                guard let collector, !collector.isFull, abort == nil else { return false }
                isValid = false
            }
            offset += 1
        }
        return isValid
    }
}
