import JSON

extension SchemaReading {
    mutating func inPlaceApplicators() throws(SchemaEvaluator.Stop) {
        // What is wrong with one of `allOf` is said by that one.
        try alternatives("allOf", error: nil) { matches, count in matches == count }
        try alternatives("anyOf", error: "matches none of the alternatives") { matches, _ in matches > 0 }
        try alternatives("oneOf", error: "does not match exactly one of the alternatives") { matches, _ in matches == 1
        }
        if entry.json["not"] != nil {
            let applied = try apply("not", to: value)
            add("not", !applied.isValid, "is what the contract forbids")
        }
        if draft >= .draft7, entry.json["if"] != nil { try conditional() }
    }

    /// `holds` says whether so many matches of so many schemas are right.
    private mutating func alternatives(
        _ keyword: String,
        error: String?,
        _ holds: (_ matches: Int, _ count: Int) -> Bool
    ) throws(SchemaEvaluator.Stop) {
        guard let schemas = entry.json[keyword]?.elements else { return }
        var units: [OutputUnit] = []
        var matches = 0
        for index in schemas.indices {
            let applied = try apply(keyword, String(index), to: value)
            units.append(unit(applied, keyword, String(index)))
            matches += applied.isValid ? 1 : 0
            adopt(applied)
        }
        add(keyword, holds(matches, schemas.count), error, details: units)
    }

    private mutating func conditional() throws(SchemaEvaluator.Stop) {
        let condition = try apply("if", to: value)
        adopt(condition)
        // A condition that does not hold is no error.
        add("if", true, details: condition.isValid ? condition.units : [])
        let next = condition.isValid ? "then" : "else"
        guard entry.json[next] != nil else { return }
        let applied = try apply(next, to: value)
        adopt(applied)
        add(next, applied.isValid, details: applied.units)
    }

    // MARK: Arrays

    mutating func arrayApplicators() throws(SchemaEvaluator.Stop) {
        let isNew = draft == .draft202012
        let (listKeyword, restKeyword) = isNew ? ("prefixItems", "items") : ("items", "additionalItems")
        if let schemas = entry.json[listKeyword]?.elements {
            try elements(listKeyword, 0..<min(schemas.count, value.count), isList: true)
            if entry.json[restKeyword] != nil {
                try elements(restKeyword, min(schemas.count, value.count)..<value.count, isList: false)
            }
        } else if entry.json["items"] != nil {
            try elements("items", 0..<value.count, isList: false)
        }
        if draft >= .draft6, entry.json["contains"] != nil { try contains() }
    }

    private mutating func elements(_ keyword: String, _ range: Range<Int>, isList: Bool) throws(SchemaEvaluator.Stop) {
        var units: [OutputUnit] = []
        for (index, element) in value.elements.enumerated() where range.contains(index) {
            let step = String(index)
            let applied =
                isList
                ? try apply(keyword, step, to: element, at: step) : try apply(keyword, to: element, at: step)
            units.append(isList ? unit(applied, keyword, step, at: step) : unit(applied, keyword, at: step))
            result.marks[index] = true
        }
        add(keyword, units.allSatisfy(\.isValid), details: units)
    }

    private mutating func contains() throws(SchemaEvaluator.Stop) {
        let hasBounds = draft >= .draft201909 && dialect.allows(.validation)
        let least = hasBounds ? size("minContains") ?? 1 : 1
        let most = hasBounds ? size("maxContains") ?? Int.max : Int.max
        var units: [OutputUnit] = []
        for (index, element) in value.elements.enumerated() {
            let applied = try apply("contains", to: element, at: String(index))
            if applied.isValid { units.append(unit(applied, "contains", at: String(index))) }
            if applied.isValid, draft == .draft202012 { result.marks[index] = true }
        }
        let matches = units.count
        let keyword = matches > most ? "maxContains" : (least == 1 ? "contains" : "minContains")
        guard matches < least || matches > most else { return add("contains", true, details: units) }
        add(keyword, false, "has \(matches) elements of the kind of which \(least)\(Self.upTo(most)) must be there")
    }

    private static func upTo(_ most: Int) -> String { most == Int.max ? " or more" : " to \(most)" }

    // MARK: Objects

    mutating func objectApplicators() throws(SchemaEvaluator.Stop) {
        try members()
        if draft >= .draft6, entry.json["propertyNames"] != nil {
            var units: [OutputUnit] = []
            for (key, _) in value.members {
                let applied = try apply("propertyNames", to: key.value, at: key.string)
                units.append(unit(applied, "propertyNames", at: key.string))
            }
            add("propertyNames", units.allSatisfy(\.isValid), details: units)
        }
        if draft >= .draft201909 { try dependentSchemas("dependentSchemas") }
        try dependentSchemas("dependencies")
    }

    private mutating func dependentSchemas(_ keyword: String) throws(SchemaEvaluator.Stop) {
        guard let members = entry.json[keyword]?.members else { return }
        try evaluator.spend(members.count * value.count)
        var units: [OutputUnit] = []
        var missing: [String] = []
        for (name, needed) in members where value[name] != nil {
            if needed.isSchema {
                let applied = try apply(keyword, name, to: value)
                units.append(unit(applied, keyword, name))
                adopt(applied)
            } else {
                try evaluator.spend(Self.names(needed).count * value.count)
                missing += Self.names(needed).filter { value[$0] == nil }.map { "'\($0)'" }
            }
        }
        let error = missing.isEmpty ? nil : "lacks \(missing.joined(separator: ", ")), which other members ask for"
        add(keyword, missing.isEmpty && units.allSatisfy(\.isValid), error, details: units)
    }

    private mutating func members() throws(SchemaEvaluator.Stop) {
        let hasProperties = entry.json["properties"]?.members?.isEmpty == false
        let patterns = entry.json["patternProperties"]?.members ?? []
        let hasRest = entry.json["additionalProperties"] != nil
        var (named, matched, rest) = ([OutputUnit](), [OutputUnit](), [OutputUnit]())
        for (number, (key, member)) in value.members.enumerated() {
            let name = key.string
            var isKnown = false
            if hasProperties, hasSchema(at: "properties", name) {
                isKnown = true
                named.append(unit(try apply("properties", name, to: member, at: name), "properties", name, at: name))
            }
            for (pattern, _) in patterns where try evaluator.matches(pattern, Array(name.utf8)) {
                isKnown = true
                let applied = try apply("patternProperties", pattern, to: member, at: name)
                matched.append(unit(applied, "patternProperties", pattern, at: name))
            }
            if !isKnown, hasRest {
                isKnown = true
                let applied = try apply("additionalProperties", to: member, at: name)
                rest.append(unit(applied, "additionalProperties", at: name))
            }
            if isKnown { result.marks[number] = true }
        }
        if hasProperties { add("properties", named.allSatisfy(\.isValid), details: named) }
        if !patterns.isEmpty { add("patternProperties", matched.allSatisfy(\.isValid), details: matched) }
        if hasRest { add("additionalProperties", rest.allSatisfy(\.isValid), details: rest) }
    }

    // MARK: What no other keyword looked at

    mutating func unevaluated() throws(SchemaEvaluator.Stop) {
        if value.kind == .array, entry.json["unevaluatedItems"] != nil {
            var units: [OutputUnit] = []
            for (index, element) in value.elements.enumerated() where !result.marks[index] {
                let applied = try apply("unevaluatedItems", to: element, at: String(index))
                units.append(unit(applied, "unevaluatedItems", at: String(index)))
                result.marks[index] = true
            }
            add("unevaluatedItems", units.allSatisfy(\.isValid), details: units)
        }
        if value.kind == .object, entry.json["unevaluatedProperties"] != nil {
            var units: [OutputUnit] = []
            for (number, (key, member)) in value.members.enumerated() where !result.marks[number] {
                let applied = try apply("unevaluatedProperties", to: member, at: key.string)
                units.append(unit(applied, "unevaluatedProperties", at: key.string))
                result.marks[number] = true
            }
            add("unevaluatedProperties", units.allSatisfy(\.isValid), details: units)
        }
    }
}
