import JSON

extension SetBuilder {
    /// The conditions of the keywords for arrays; nil for other keywords.
    mutating func arrays(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int]? {
        switch keyword {
        case "items", "additionalItems", "prefixItems": return try items(entry, keyword)
        case "contains", "minContains", "maxContains": return try contains(entry)
        default: return nil
        }
    }

    /// Before 2020-12 `items` is one schema for all or a list for the first ones, and `additionalItems` follows
    /// such a list only; since then the list is `prefixItems` and `items` is the rest.
    private mutating func items(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int] {
        let isNew = entry.dialect.draft == .draft202012
        let list = isNew ? "prefixItems" : "items"
        let first = entry.json[list]?.elements
        if keyword == list, first != nil {
            return try children(entry, list).enumerated().compactMap { index, node in
                node == sets.everything ? nil : sets.atom(.item(index, node: node))
            }
        }
        guard keyword == "items" || !isNew && keyword == "additionalItems" && first != nil else { return [] }
        let rest = try child(entry, keyword)
        return rest == sets.everything ? [] : [sets.atom(.itemsFrom(first?.count ?? 0, node: rest))]
    }

    private mutating func contains(_ entry: SchemaLibrary.Entry) throws(ContractError) -> [Int] {
        guard entry.dialect.draft >= .draft6, entry.json["contains"] != nil else { return [] }
        let node = try child(entry, "contains")
        let hasBounds = entry.dialect.draft >= .draft201909 && entry.dialect.allows(.validation)
        let least = hasBounds ? size(entry.json["minContains"]) ?? 1 : 1
        var atoms = least == 0 ? [] : [sets.atom(.containsAtLeast(least, node: node))]
        if hasBounds, let most = size(entry.json["maxContains"]) {
            atoms.append(sets.atom(.containsAtMost(most, node: node)))
        }
        return atoms
    }

    /// The conditions of the keywords for objects; none for a keyword that is no such.
    mutating func objects(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int] {
        switch keyword {
        case "properties":
            return try map(entry, keyword).compactMap { name, node in
                node == sets.everything ? nil : sets.atom(.property(name, node: node))
            }
        case "patternProperties":
            return try map(entry, keyword).compactMap { name, node in
                node == sets.everything ? nil : sets.atom(.patternProperty(name, node: node))
            }
        case "additionalProperties":
            let node = try child(entry, keyword)
            return additional(node, names(entry, "properties"), names(entry, "patternProperties"))
        case "propertyNames":
            return entry.dialect.draft >= .draft6 ? [sets.atom(.propertyNames(node: try child(entry, keyword)))] : []
        case "dependentSchemas":
            return entry.dialect.draft >= .draft201909 ? try dependents(entry, keyword) : []
        case "dependencies":
            let lists = (entry.json[keyword]?.members ?? []).filter { !$0.1.isSchema }
            return dependencies(.object(lists)) + (try dependents(entry, keyword))
        default: return []
        }
    }

    private mutating func dependents(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int] {
        try map(entry, keyword).map { name, node in sets.atom(.dependent(name, node: node)) }
    }

    /// The schemas of a map of schemas.
    private mutating func map(
        _ entry: SchemaLibrary.Entry,
        _ keyword: String
    ) throws(ContractError) -> [(JSONName, Int)] {
        var found: [(JSONName, Int)] = []
        for (name, value) in entry.json[keyword]?.members ?? [] where value.isSchema {
            found.append((JSONName(name), try child(entry, keyword, name)))
        }
        return found
    }

    private func names(_ entry: SchemaLibrary.Entry, _ keyword: String) -> Set<JSONName> {
        Set((entry.json[keyword]?.members ?? []).map { JSONName($0.0) })
    }

    private mutating func additional(_ node: Int, _ names: Set<JSONName>, _ patterns: Set<JSONName>) -> [Int] {
        if node == sets.everything { return [] }
        return [sets.atom(.additional(names: names.inOrder, patterns: patterns.inOrder, node: node))]
    }
}

extension Set<JSONName> {
    var inOrder: [JSONName] { sorted() }
}

// MARK: Unevaluated

extension SetBuilder {
    /// What a schema evaluates in every instance that it accepts.
    private struct Evaluated {
        var names: Set<JSONName> = []
        var patterns: Set<JSONName> = []
        /// Elements from the start.
        var items = 0
        /// Whether all members, or all elements, are evaluated.
        var hasAll = false
        /// Whether it depends on the instance.
        var isConditional = false
    }

    /// Where what is evaluated is the same for every instance, `unevaluated*` is another `additional*`.
    mutating func unevaluated(_ entry: SchemaLibrary.Entry, _ keyword: String) throws(ContractError) -> [Int] {
        let isObject = keyword == "unevaluatedProperties"
        let node = try child(entry, keyword)
        if node == sets.everything { return [] }
        var evaluated = Evaluated()
        try collect(entry, isObject, isRoot: true, &evaluated, depth: 0)
        if evaluated.hasAll { return [] }
        if evaluated.isConditional {
            return [sets.opaqueAtom("what '\(keyword)' applies to depends on the other keywords' verdicts")]
        }
        if isObject { return additional(node, evaluated.names, evaluated.patterns) }
        return [sets.atom(.itemsFrom(evaluated.items, node: node))]
    }

    private mutating func collect(
        _ entry: SchemaLibrary.Entry,
        _ isObject: Bool,
        isRoot: Bool,
        _ evaluated: inout Evaluated,
        depth: Int
    ) throws(ContractError) {
        guard depth < 64 else {
            evaluated.isConditional = true
            return
        }
        let json = entry.json
        for (keyword, value) in json.members ?? [] {
            switch keyword {
            case "anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$dynamicRef", "$recursiveRef":
                evaluated.isConditional = true
            case "contains": if entry.dialect.draft == .draft202012, !isObject { evaluated.isConditional = true }
            case "allOf":
                for index in (value.elements ?? []).indices {
                    let pointer = appending(String(index), to: appending(keyword, to: entry.pointer))
                    let place = SchemaLibrary.Place(document: entry.document, pointer: pointer)
                    guard let number = documents[side].library.places[place] else { continue }
                    let next = documents[side].library.entries[number]
                    try collect(next, isObject, isRoot: false, &evaluated, depth: depth + 1)
                }
            case "$ref":
                guard let text = value.string else { continue }
                let target = try documents[side].library.resolve(text, from: entry, keyword: keyword)
                let next = documents[side].library.entries[target.entry]
                try collect(next, isObject, isRoot: false, &evaluated, depth: depth + 1)
            default: collectOwn(entry, keyword, value, isObject, isRoot, &evaluated)
            }
        }
    }

    private func collectOwn(
        _ entry: SchemaLibrary.Entry,
        _ keyword: String,
        _ value: JSON,
        _ isObject: Bool,
        _ isRoot: Bool,
        _ evaluated: inout Evaluated
    ) {
        let isNew = entry.dialect.draft == .draft202012
        switch (keyword, isObject) {
        case ("properties", true): evaluated.names.formUnion((value.members ?? []).map { JSONName($0.0) })
        case ("patternProperties", true): evaluated.patterns.formUnion((value.members ?? []).map { JSONName($0.0) })
        case ("additionalProperties", true): evaluated.hasAll = true
        case ("unevaluatedProperties", true), ("unevaluatedItems", false): if !isRoot { evaluated.hasAll = true }
        case ("prefixItems", false): if isNew { evaluated.items = max(evaluated.items, value.elements?.count ?? 0) }
        case ("items", false):
            if !isNew, let count = value.elements?.count {
                evaluated.items = max(evaluated.items, count)
            } else {
                evaluated.hasAll = true
            }
        case ("additionalItems", false): if !isNew, entry.json["items"]?.elements != nil { evaluated.hasAll = true }
        default: break
        }
    }
}
