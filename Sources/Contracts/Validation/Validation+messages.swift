import JSON

/// The sentences. They name places, kinds and what the contract says; values of the instance stay out.
extension Validation {
    private var place: String {
        guard let pointer = collector?.pointer, !pointer.isEmpty else { return "the document" }
        return pointer
    }

    private func add(_ number: Int32, _ keyword: String, _ message: String) {
        guard let collector else { return }
        let location = compiled.locations[Int(number)]
        collector.append(
            Violation(
                instance: collector.pointer,
                keyword: keyword.isEmpty ? location : location + "/" + keyword,
                message: message
            )
        )
    }

    func reportKind(_ kinds: KindSet, _ number: Int32, _ value: JSONValue) {
        let isFraction = value.kind == .number && kinds.contains(.integer)
        let actual = isFraction ? "a number with a fraction" : value.kind.phrase
        add(number, "type", "\(place) is \(actual), the contract asks for \(kinds.phrase)")
    }

    func reportMissing(_ property: Property, _ number: Int32) {
        let bytes = unsafe program.names.pointer(from: property.nameStart, count: property.key.count)
        let name = unsafe String(decoding: bytes, as: UTF8.self)
        add(number, "required", "\(place) lacks the member '\(name)', which the contract requires")
    }

    func reportContains(_ least: Int, _ most: Int, _ matches: Int, _ number: Int32) {
        if matches < least {
            let keyword = least == 1 ? "contains" : "minContains"
            add(
                number,
                keyword,
                "\(place) has \(matches) elements of the kind of which at least \(least) must be there"
            )
        } else {
            add(number, "maxContains", "\(place) has more than \(most) elements of a kind that may be there so often")
        }
    }

    func report(_ step: Instruction, _ number: Int32, _ value: JSONValue) {
        guard collector != nil else { return }
        let (keyword, message) = sentence(step, number, value)
        add(number, keyword, "\(place) \(message)")
    }

    private func sentence(_ step: Instruction, _ number: Int32, _ value: JSONValue) -> (String, String) {
        switch step.operation {
        case .never: return ("", refusal(number))
        case .enumeration: return ("enum", "is none of the values that the contract allows: \(values(step))")
        case .constant:
            return ("const", "is not the value that the contract fixes: \(shown(program.constants[step.a]))")
        case .oneOf: return ("oneOf", "matches more than one of \(step.b) alternatives that exclude each other")
        case .not: return ("not", "is what the contract forbids")
        case .minLength: return ("minLength", "has \(value.scalarCount) characters, fewer than \(step.a)")
        case .maxLength: return ("maxLength", "has \(value.scalarCount) characters, more than \(step.a)")
        case .pattern: return ("pattern", "does not match the pattern \(compiled.patterns[Int(step.a)].source)")
        case .format: return ("format", formatSentence(step))
        case .minItems: return ("minItems", "has \(value.count) elements, fewer than \(step.a)")
        case .maxItems: return ("maxItems", "has \(value.count) elements, more than \(step.a)")
        case .uniqueItems: return ("uniqueItems", "has an element twice, all must differ")
        case .minProperties: return ("minProperties", "has \(value.count) members, fewer than \(step.a)")
        case .maxProperties: return ("maxProperties", "has \(value.count) members, more than \(step.a)")
        case .dependentRequired: return dependency(step, value)
        default: return bound(step)
        }
    }

    private func bound(_ step: Instruction) -> (String, String) {
        let bound = shown(program.constants[step.a])
        switch step.operation {
        case .minimum: return ("minimum", "is less than \(bound)")
        case .maximum: return ("maximum", "is greater than \(bound)")
        case .exclusiveMinimum: return ("exclusiveMinimum", "is not greater than \(bound)")
        case .exclusiveMaximum: return ("exclusiveMaximum", "is not less than \(bound)")
        default: return ("multipleOf", "is not a multiple of \(bound)")
        }
    }

    private func dependency(_ step: Instruction, _ value: JSONValue) -> (String, String) {
        let keyword = step.b == 1 ? "dependencies" : "dependentRequired"
        guard let (present, missing) = missingDependency(step, value) else { return (keyword, "lacks a member") }
        return (keyword, "has the member '\(present.string)' and so must have '\(missing.string ?? "")'")
    }

    private func refusal(_ number: Int32) -> String {
        let keyword = compiled.locations[Int(number)].split(separator: "/").last
        let isClosed = keyword == "additionalProperties" || keyword == "unevaluatedProperties"
        return isClosed ? "is not a member that the contract knows" : "is not allowed by the contract"
    }

    // MARK: Alternatives

    /// Says that no alternative holds, and what the nearest one misses: the one whose first fault lies deepest.
    mutating func reportAlternatives(_ step: Instruction, _ number: Int32, _ value: JSONValue) {
        guard let reporting = collector, abort == nil else { return }
        defer { collector = reporting }
        var nearest: (depth: Int, message: String)?
        for offset in 0..<min(step.b, 20) {
            let trial = ViolationCollector(limit: 1, path: reporting.path)
            collector = trial
            _ = apply(program.lists[step.a + offset], to: value, Self.unrecorded)
            guard abort == nil, let first = trial.violations.first else { continue }
            let depth = first.instance.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) }
            if depth > nearest?.depth ?? -1 { nearest = (depth, first.message) }
        }
        collector = reporting
        let keyword = step.operation == .oneOf ? "oneOf" : "anyOf"
        let hint = nearest.map { "; the nearest: \($0.message)" } ?? ""
        add(number, keyword, "\(place) matches none of \(step.b) alternatives\(hint)")
    }

    func abortion(_ reason: Abort, at number: Int32) -> Violation {
        let why =
            switch reason {
            case .depth: "is nested deeper than \(ValidationLimits.depth) schemas inside each other"
            case .steps: "needs too many steps of checking"
            case .pattern: "has a text for which a pattern of the contract needs too many steps"
            }
        return Violation(
            instance: collector?.pointer ?? "",
            keyword: compiled.locations[Int(number)],
            message: "\(place) \(why), so it counts as invalid"
        )
    }

    // MARK: What the contract says

    private func values(_ step: Instruction) -> String {
        let few = (0..<min(step.b, 10)).map { shown(program.constants[step.a + $0]) }
        return few.joined(separator: ", ") + (step.b > 10 ? " and \(step.b - 10) more" : "")
    }

    private func shown(_ constant: JSONValue) -> String {
        let text = unsafe String(decoding: constant.rawBytes.prefix(80), as: UTF8.self)
        return unsafe constant.rawBytes.count > 80 ? text + "…" : text
    }
}

extension JSONValue.Kind {
    var phrase: String {
        switch self {
        case .null: "null"
        case .boolean: "a Boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension KindSet {
    var phrase: String {
        var names: [String] = []
        if contains(.object) { names.append("an object") }
        if contains(.array) { names.append("an array") }
        if contains(.string) { names.append("a string") }
        if contains(.number) { names.append("a number") } else if contains(.integer) { names.append("an integer") }
        if contains(.boolean) { names.append("a Boolean") }
        if contains(.null) { names.append("null") }
        guard let last = names.last, names.count > 1 else { return names.first ?? "nothing" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
