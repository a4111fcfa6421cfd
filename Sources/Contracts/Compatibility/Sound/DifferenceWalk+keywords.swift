import JSON

extension DifferenceWalk {
    /// Keywords that assert nothing, with the name of their difference where it is worth a line.
    static let annotations: [String: String] = [
        "title": "TITLE_CHANGED", "description": "DESCRIPTION_CHANGED", "default": "DEFAULT_CHANGED",
        "$id": "ID_CHANGED", "id": "ID_CHANGED", "$comment": "", "examples": "", "deprecated": "", "readOnly": "",
        "writeOnly": "", "definitions": "", "$defs": "", "$anchor": "", "$dynamicAnchor": "",
        "$recursiveAnchor": "", "$vocabulary": "",
    ]

    private static let bounds = [
        "maxLength": "MAX_LENGTH", "minLength": "MIN_LENGTH", "maximum": "MAXIMUM", "minimum": "MINIMUM",
        "exclusiveMaximum": "EXCLUSIVE_MAXIMUM", "exclusiveMinimum": "EXCLUSIVE_MINIMUM", "maxItems": "MAX_ITEMS",
        "minItems": "MIN_ITEMS", "maxProperties": "MAX_PROPERTIES", "minProperties": "MIN_PROPERTIES",
        "maxContains": "MAX_CONTAINS", "minContains": "MIN_CONTAINS",
    ]

    /// Keywords whose difference is that they came, went or say something else.
    private static let simple = [
        "pattern": "PATTERN", "format": "FORMAT", "contentEncoding": "CONTENT_ENCODING",
        "contentMediaType": "CONTENT_MEDIA_TYPE", "uniqueItems": "UNIQUE_ITEMS", "if": "IF_THEN_ELSE",
        "contains": "CONTAINS", "$dynamicRef": "DYNAMIC_REFERENCE", "$recursiveRef": "DYNAMIC_REFERENCE",
    ]

    mutating func compare(keyword: String, _ pair: Pair) throws(ContractError) {
        let (before, after) = (old(pair).json[keyword], new(pair).json[keyword])
        if let rule = Self.annotations[keyword] {
            if !rule.isEmpty, before != after { report(rule, pair, steps: [keyword], condition: []) }
            return
        }
        if let stem = Self.bounds[keyword] { return try compareBound(stem, keyword, pair, before, after) }
        if let stem = Self.simple[keyword] { return try compareSimple(stem, keyword, pair, before, after) }
        switch keyword {
        case "$schema":
            guard old(pair).dialect.draft != new(pair).dialect.draft else { return }
            report("DRAFT_CHANGED", pair, steps: [keyword], condition: [])
        case "type": try compareTypes(pair, before, after)
        case "enum": try compareValues(pair)
        case "multipleOf": try compareUnits(pair, before, after)
        case "$ref": try compareReferences(pair, before, after)
        case "not", "anyOf", "oneOf", "allOf": try compareCombination(keyword, pair, before, after)
        case "items", "unevaluatedItems": try compareItems(keyword, pair)
        default: try compareMembers(keyword, pair, before, after)
        }
    }

    /// How a keyword came about: `_ADDED`, `_REMOVED` or something else that is there on both sides.
    static func suffix(_ before: JSON?, _ after: JSON?, otherwise: String = "_CHANGED") -> String {
        before == nil ? "_ADDED" : (after == nil ? "_REMOVED" : otherwise)
    }

    private mutating func compareBound(
        _ stem: String,
        _ keyword: String,
        _ pair: Pair,
        _ before: JSON?,
        _ after: JSON?
    ) throws(ContractError) {
        if before == after { return }
        var otherwise = "_CHANGED"
        if let before = before?.number, let after = after?.number {
            let isIncrease = before.withNumber { number in after.withNumber { number < $0 } }
            otherwise = isIncrease ? "_INCREASED" : "_DECREASED"
        }
        let rule = stem + Self.suffix(before, after, otherwise: otherwise)
        report(rule, pair, steps: [keyword], condition: try condition(pair, keyword), places: Self.partners(keyword))
    }

    /// Where a violation is reported that another keyword brings about.
    private static func partners(_ keyword: String) -> [String] {
        switch keyword {
        case "exclusiveMaximum": ["maximum"]
        case "exclusiveMinimum": ["minimum"]
        case "minContains", "maxContains": ["contains"]
        default: []
        }
    }

    private mutating func compareSimple(
        _ stem: String,
        _ keyword: String,
        _ pair: Pair,
        _ before: JSON?,
        _ after: JSON?
    ) throws(ContractError) {
        let parts = keyword == "if" ? ["if", "then", "else"] : [keyword]
        if parts.allSatisfy({ old(pair).json[$0] == new(pair).json[$0] }) {
            // The same text may refer to something that changed.
            var isSame = true
            for part in parts where isSame { isSame = try hasOneMeaning(part, pair) }
            if isSame { return }
            let condition = try condition(pair, keyword)
            return report(stem + "_CHANGED", pair, steps: [keyword], condition: condition, places: parts)
        }
        let rule = stem + Self.suffix(before, after)
        report(rule, pair, steps: [keyword], condition: try condition(pair, keyword), places: parts)
    }

    /// Whether the schemas under a keyword mean the same on both sides.
    private mutating func hasOneMeaning(_ keyword: String, _ pair: Pair) throws(ContractError) -> Bool {
        guard let before = child(0, pair.old, [keyword]), let after = child(1, pair.new, [keyword]) else { return true }
        let node = try builder.node(of: SetBuilder.Definition(side: 0, entry: before))
        return try node == builder.node(of: SetBuilder.Definition(side: 1, entry: after))
    }

    private mutating func compareTypes(_ pair: Pair, _ before: JSON?, _ after: JSON?) throws(ContractError) {
        let (was, becomes) = (kinds(before, old(pair)), kinds(after, new(pair)))
        if was == becomes { return }
        let rule =
            was.isSubset(of: becomes)
            ? "TYPE_EXTENDED" : (becomes.isSubset(of: was) ? "TYPE_NARROWED" : "TYPE_CHANGED")
        report(rule, pair, steps: ["type"], condition: try condition(pair, "type"))
    }

    private func kinds(_ type: JSON?, _ entry: SchemaLibrary.Entry) -> Kinds {
        guard let type else { return .all }
        return (type.elements ?? [type]).reduce(into: Kinds()) {
            $0.formUnion(Kinds(typeName: $1.string, draft: entry.dialect.draft) ?? [])
        }
    }

    /// `enum`, with `const` as a list of one.
    private mutating func compareValues(_ pair: Pair) throws(ContractError) {
        let (before, after) = (values(old(pair).json), values(new(pair).json))
        let keyword = new(pair).json["const"] == nil && old(pair).json["enum"] != nil ? "enum" : "const"
        let steps = [new(pair).json["enum"] == nil ? keyword : "enum"]
        let condition = try condition(pair, "enum", "const")
        guard let before, let after else {
            let suffix = before == nil ? "_ADDED" : "_REMOVED"
            if before != nil || after != nil {
                report("ENUM_ARRAY" + suffix, pair, steps: steps, condition: condition, places: ["const", "enum"])
            }
            return
        }
        let isExtended = before.allSatisfy(after.contains)
        let isNarrowed = after.allSatisfy(before.contains)
        if isExtended, isNarrowed { return }
        let rule =
            isExtended ? "ENUM_ARRAY_EXTENDED" : (isNarrowed ? "ENUM_ARRAY_NARROWED" : "ENUM_ARRAY_CHANGED")
        report(rule, pair, steps: steps, condition: condition, places: ["const", "enum"])
    }

    private func values(_ json: JSON) -> [JSON]? { json["enum"]?.elements ?? json["const"].map { [$0] } }

    private mutating func compareUnits(_ pair: Pair, _ before: JSON?, _ after: JSON?) throws(ContractError) {
        if before == after { return }
        var otherwise = "_CHANGED"
        if let before = before?.number, let after = after?.number {
            let isExpanded = after.withNumber { number in before.withNumber { number.isMultiple(of: $0) } }
            let isReduced = before.withNumber { number in after.withNumber { number.isMultiple(of: $0) } }
            otherwise = isExpanded ? "_EXPANDED" : (isReduced ? "_REDUCED" : "_CHANGED")
        }
        let rule = "MULTIPLE_OF" + Self.suffix(before, after, otherwise: otherwise)
        report(rule, pair, steps: ["multipleOf"], condition: try condition(pair, "multipleOf"))
    }

    /// A reference beside other keywords, from 2019-09 on.
    private mutating func compareReferences(_ pair: Pair, _ before: JSON?, _ after: JSON?) throws(ContractError) {
        guard let first = before?.string, let second = after?.string else {
            let rule = "REFERENCE" + Self.suffix(before, after)
            return report(rule, pair, steps: ["$ref"], condition: try condition(pair, "$ref"))
        }
        let (oldEntry, newEntry) = (old(pair), new(pair))
        let target = try builder.documents[0].library.resolve(first, from: oldEntry, keyword: "$ref").entry
        let other = try builder.documents[1].library.resolve(second, from: newEntry, keyword: "$ref").entry
        try compare(Pair(old: target, new: other, path: pair.path + "/$ref", depth: pair.depth + 1))
    }
}
