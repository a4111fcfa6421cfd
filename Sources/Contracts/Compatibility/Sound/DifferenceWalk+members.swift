import JSON

extension DifferenceWalk {
    /// What an object schema says of members that it does not declare.
    private enum ContentModel {
        case open, partiallyOpen, closed

        init(_ schema: JSON) {
            let rest = [schema["additionalProperties"], schema["unevaluatedProperties"]].compactMap { $0 }
            if rest.contains(where: { $0.boolValue == false }) {
                self = schema["patternProperties"] == nil ? .closed : .partiallyOpen
            } else {
                let isPartial = schema["patternProperties"] != nil || rest.contains { $0.members?.isEmpty == false }
                self = isPartial ? .partiallyOpen : .open
            }
        }
    }

    /// The keywords for objects; others are no difference.
    mutating func compareMembers(
        _ keyword: String,
        _ pair: Pair,
        _ before: JSON?,
        _ after: JSON?
    ) throws(ContractError) {
        switch keyword {
        case "required": try compareRequired(pair)
        case "properties": try compareProperties(pair)
        case "patternProperties": try compareMap("PATTERN_PROPERTIES", keyword, pair)
        case "dependentSchemas": try compareMap("DEPENDENCY_SCHEMA", keyword, pair)
        case "dependentRequired": try compareDependencies(keyword, pair)
        case "dependencies":
            try compareDependencies(keyword, pair)
            try compareMap("DEPENDENCY_SCHEMA", keyword, pair)
        case "additionalProperties": try compareRest("ADDITIONAL_PROPERTIES", keyword, pair, before, after)
        case "unevaluatedProperties": try compareRest("UNEVALUATED_PROPERTIES", keyword, pair, before, after)
        case "propertyNames":
            if before != nil, after != nil { return try descend(pair, old: [keyword], new: [keyword]) }
            let rule = "PROPERTY_NAMES" + Self.suffix(before, after)
            report(rule, pair, steps: [keyword], condition: try condition(pair, keyword))
        default: break
        }
    }

    private func names(_ json: JSON, _ keyword: String) -> [JSONName] {
        var seen: Set<JSONName> = []
        let found =
            json[keyword]?.members?.map { JSONName($0.0) }
            ?? json[keyword]?.elements?.compactMap(\.string).map { JSONName($0) }
        return (found ?? []).filter { seen.insert($0).inserted }
    }

    // MARK: Required

    private mutating func compareRequired(_ pair: Pair) throws(ContractError) {
        let (before, after) = (names(old(pair).json, "required"), names(new(pair).json, "required"))
        let declaredBefore = Set(names(old(pair).json, "properties"))
        let declared = Set(names(new(pair).json, "properties"))
        for name in after where !before.contains(name) {
            // A property that is new altogether is reported with the properties.
            if declared.contains(name), !declaredBefore.contains(name) { continue }
            let hasDefault = new(pair).json["properties"]?[name.text]?["default"] != nil
            let rule =
                declared.contains(name)
                ? (hasDefault ? "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED" : "REQUIRED_ATTRIBUTE_ADDED")
                : "UNDECLARED_REQUIRED_ADDED"
            let atoms = [builder.sets.atom(.required(name))]
            report(rule, pair, steps: ["required", name.text], condition: atoms, places: ["required"], member: name)
        }
        for name in before where !after.contains(name) {
            if declaredBefore.contains(name), !declared.contains(name) { continue }
            let rule = declared.contains(name) ? "REQUIRED_ATTRIBUTE_REMOVED" : "UNDECLARED_REQUIRED_REMOVED"
            report(rule, pair, steps: ["required", name.text], condition: [])
        }
    }

    // MARK: Properties

    private mutating func compareProperties(_ pair: Pair) throws(ContractError) {
        let (before, after) = (names(old(pair).json, "properties"), names(new(pair).json, "properties"))
        let (declaredBefore, declared) = (Set(before), Set(after))
        for name in after {
            if declaredBefore.contains(name) {
                let steps = ["properties", name.text]
                try descend(pair, old: steps, new: steps)
            } else {
                try reportAdded(name, pair)
            }
        }
        for name in before where !declared.contains(name) { try reportRemoved(name, pair) }
    }

    private mutating func reportAdded(_ name: JSONName, _ pair: Pair) throws(ContractError) {
        let schema = new(pair).json["properties"]?[name.text]
        let isRequired = names(new(pair).json, "required").contains(name)
        let model = ContentModel(old(pair).json) == .open ? "OPEN" : "UNOPEN"
        let isEmpty = schema?.boolValue == true || schema?.members?.isEmpty == true
        let kind =
            isRequired
            ? (schema?["default"] == nil ? "REQUIRED_PROPERTY" : "REQUIRED_PROPERTY_WITH_DEFAULT")
            : (isEmpty && model == "OPEN" ? "PROPERTY_WITH_EMPTY_SCHEMA" : "OPTIONAL_PROPERTY")
        var atoms = try condition(pair, "properties").filter { atom in
            if case .property(name, _) = builder.sets.atoms[atom] { true } else { false }
        }
        if isRequired { atoms.append(builder.sets.atom(.required(name))) }
        report(
            "\(kind)_ADDED_TO_\(model)_CONTENT_MODEL",
            pair,
            steps: ["properties", name.text],
            condition: atoms,
            places: isRequired ? ["required"] : [],
            member: isRequired ? name : nil
        )
    }

    private mutating func reportRemoved(_ name: JSONName, _ pair: Pair) throws(ContractError) {
        let rest = ["additionalProperties", "unevaluatedProperties", "patternProperties"]
        let atoms = try condition(pair, rest[0], rest[1], rest[2])
        let isFalse = old(pair).json["properties"]?[name.text]?.boolValue == false
        let steps = ["properties", name.text]
        let rule: String
        let model = ContentModel(new(pair).json)
        switch model {
        case .open: rule = "PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL"
        case .closed:
            rule = "PROPERTY_\(isFalse ? "WITH_FALSE_" : "")REMOVED_FROM_CLOSED_CONTENT_MODEL"
        case .partiallyOpen: rule = "PROPERTY_REMOVED_FROM_PARTIALLY_OPEN_CONTENT_MODEL"
        }
        report(rule, pair, steps: steps, condition: atoms, places: rest, member: name)
        if model == .partiallyOpen { renameLast("PROPERTY_REMOVED", "_BY_PARTIALLY_OPEN_CONTENT_MODEL") }
    }

    // MARK: Maps and the rest

    private mutating func compareMap(_ stem: String, _ keyword: String, _ pair: Pair) throws(ContractError) {
        let (before, after) = (schemas(old(pair).json, keyword), schemas(new(pair).json, keyword))
        for name in after {
            let steps = [keyword, name.text]
            if before.contains(name) {
                try descend(pair, old: steps, new: steps)
            } else {
                let atoms = try condition(pair, keyword).filter { concerns($0, name) }
                report(stem + "_ADDED", pair, steps: steps, condition: atoms)
            }
        }
        for name in before where !after.contains(name) {
            let rest = keyword == "patternProperties" ? ["additionalProperties", "unevaluatedProperties"] : []
            let atoms = rest.isEmpty ? [] : try condition(pair, rest[0], rest[1])
            report(stem + "_REMOVED", pair, steps: [keyword, name.text], condition: atoms, places: rest)
        }
    }

    private func schemas(_ json: JSON, _ keyword: String) -> [JSONName] {
        names(json, keyword).filter { json[keyword]?[$0.text]?.isSchema == true }
    }

    private func concerns(_ atom: Int, _ name: JSONName) -> Bool {
        switch builder.sets.atoms[atom] {
        case .patternProperty(let known, _), .dependent(let known, _): known == name
        default: false
        }
    }

    private mutating func compareDependencies(_ keyword: String, _ pair: Pair) throws(ContractError) {
        let (before, after) = (lists(old(pair).json[keyword]), lists(new(pair).json[keyword]))
        let names = Array(Set(before.keys).union(after.keys)).sorted()
        for name in names where before[name] != after[name] {
            let rule: String
            switch (before[name], after[name]) {
            case (nil, _): rule = "DEPENDENCY_ARRAY_ADDED"
            case (_, nil): rule = "DEPENDENCY_ARRAY_REMOVED"
            case (let was?, let becomes?):
                let suffix =
                    was.isSubset(of: becomes) ? "EXTENDED" : (becomes.isSubset(of: was) ? "NARROWED" : "CHANGED")
                rule = "DEPENDENCY_ARRAY_" + suffix
            }
            let atoms = try condition(pair, keyword).filter { concerns($0, name) }
            report(rule, pair, steps: [keyword, name.text], condition: atoms)
        }
    }

    private func lists(_ json: JSON?) -> [JSONName: Set<JSONName>] {
        var found: [JSONName: Set<JSONName>] = [:]
        for (name, value) in json?.members ?? [] where !value.isSchema {
            found[JSONName(name)] = Set((value.elements ?? [value]).compactMap(\.string).map { JSONName($0) })
        }
        return found
    }

    /// What is left over: `additionalProperties`, `unevaluatedItems` and their like.
    mutating func compareRest(
        _ stem: String,
        _ keyword: String,
        _ pair: Pair,
        _ before: JSON?,
        _ after: JSON?
    ) throws(ContractError) {
        let (was, becomes) = (before ?? true, after ?? true)
        if was.members != nil, becomes.members != nil {
            return try descend(pair, old: [keyword], new: [keyword])
        }
        if was == becomes { return }
        let suffix: String
        switch (was.boolValue, becomes.boolValue) {
        case (false, _): suffix = "_ADDED"
        case (_, false): suffix = "_REMOVED"
        case (_, true): suffix = "_EXTENDED"
        default: suffix = "_NARROWED"
        }
        report(stem + suffix, pair, steps: [keyword], condition: try condition(pair, keyword))
    }
}
