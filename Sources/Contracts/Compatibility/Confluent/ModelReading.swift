import JSON

/// Reads one schema of a document into the model.
struct ModelReading {
    let model: SchemaModel
    let origin: SchemaModel.Origin
    let entry: SchemaLibrary.Entry

    init(model: SchemaModel, origin: SchemaModel.Origin) {
        self.model = model
        self.origin = origin
        entry = model.entry(origin)
    }

    var draft: SchemaDraft { entry.dialect.draft }
    var json: JSON { entry.json }

    func schema() throws(ComparisonObstacle) -> ModelSchema {
        if let flag = json.boolValue { return ModelSchema(kind: flag ? .always : .never) }
        let parts = try self.parts()
        let kind: ModelSchema.Kind
        switch parts.count {
        case 0: kind = .empty
        case 1: kind = parts[0]
        default: kind = .combined(.allOf, try numbers(of: parts))
        }
        var schema = ModelSchema(kind: kind)
        // The registry's reader of the newer drafts keeps no identifier.
        if draft <= .draft7 { schema.id = json[entry.dialect.idKeyword]?.string }
        schema.title = json["title"]?.string
        schema.summary = json["description"]?.string
        // In the newer drafts a default of null is none to the registry.
        if draft <= .draft7 || json["default"] != .null { schema.defaultValue = json["default"] }
        schema.connectType = json["connect.type"]?.string
        return schema
    }

    private func numbers(of kinds: [ModelSchema.Kind]) throws(ComparisonObstacle) -> [Int] {
        var numbers: [Int] = []
        for kind in kinds { numbers.append(try model.add(kind, at: origin)) }
        return numbers
    }

    /// What the keywords of the schema make it, each group for itself.
    private func parts() throws(ComparisonObstacle) -> [ModelSchema.Kind] {
        if let reference = json["$ref"]?.string {
            let target = try model.target(of: reference, keyword: "$ref", origin)
            if entry.dialect.referenceStandsAlone { return [.reference(target)] }
            return [.reference(target)] + (try assertions())
        }
        return try assertions()
    }

    private func assertions() throws(ComparisonObstacle) -> [ModelSchema.Kind] {
        var parts: [ModelSchema.Kind] = []
        for keyword in ["$dynamicRef", "$recursiveRef"] where draft >= .draft201909 {
            guard let reference = json[keyword]?.string else { continue }
            parts.append(.reference(try model.target(of: reference, keyword: keyword, origin)))
        }
        if let values = json["enum"]?.elements { parts.append(.values(Set(values.map(ModelValue.key)))) }
        for criterion in [ModelSchema.Criterion.allOf, .anyOf, .oneOf] {
            guard let list = json[criterion.rawValue]?.elements else { continue }
            parts.append(.combined(criterion, try children(list.count, of: criterion.rawValue)))
        }
        if json["not"] != nil { parts.append(.not(try child("not"))) }
        if draft > .draft4, let value = json["const"] { parts.append(.constant(ModelValue.key(value))) }
        parts += try types()
        if isConditional { parts.append(.conditional) }
        return parts
    }

    private var isConditional: Bool {
        switch draft {
        case .draft4, .draft6: false
        case .draft7: ["if", "then", "else"].contains { json[$0] != nil }
        case .draft201909, .draft202012: json["if"] != nil
        }
    }

    // MARK: Types

    /// The types that `type` names, each with its keywords, then a part for each type that has keywords without being
    /// named.
    private func types() throws(ComparisonObstacle) -> [ModelSchema.Kind] {
        var named: [ModelSchema.Kind] = []
        var isList = false
        var seen: Set<JSONValue.Kind> = []
        switch json["type"] {
        case .string(let name): named.append(try type(name, &seen))
        case .array(let names):
            isList = true
            for name in names { named.append(try type(name.string ?? "", &seen)) }
        default: break
        }
        var parts = isList ? [ModelSchema.Kind.combined(.anyOf, try numbers(of: named))] : named
        if !seen.contains(.array), hasAny(arrayKeywords) { parts.append(.array(try array())) }
        if !seen.contains(.object), hasAny(objectKeywords) { parts.append(.object(try object())) }
        if !seen.contains(.number), hasAny(Self.numberKeywords) { parts.append(.number(number())) }
        if !seen.contains(.string), hasAny(stringKeywords) { parts.append(.string(string())) }
        return parts
    }

    private func type(
        _ name: String,
        _ seen: inout Set<JSONValue.Kind>
    ) throws(ComparisonObstacle) -> ModelSchema.Kind {
        switch name {
        case "null": return .null
        case "boolean": return .boolean
        case "string":
            seen.insert(.string)
            return .string(string())
        case "array":
            seen.insert(.array)
            return .array(try array())
        case "object":
            seen.insert(.object)
            return .object(try object())
        default:
            seen.insert(.number)
            var number = number()
            number.requiresInteger = name == "integer"
            return .number(number)
        }
    }

    /// To the registry's reader of the newer drafts an empty list of properties is no keyword.
    private func hasAny(_ keywords: [String]) -> Bool {
        keywords.contains { keyword in
            guard let value = json[keyword] else { return false }
            let isList = keyword == "properties" || keyword == "patternProperties"
            return draft <= .draft7 || !isList || value.members?.isEmpty != true
        }
    }

    private static let numberKeywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]

    /// Up to draft-07 `format` alone makes the registry take a schema for one of strings.
    private var stringKeywords: [String] {
        ["minLength", "maxLength", "pattern"] + (draft <= .draft7 ? ["format"] : [])
    }

    private var arrayKeywords: [String] {
        let keywords = ["items", "minItems", "maxItems", "uniqueItems"]
        switch draft {
        case .draft4: return keywords + ["additionalItems"]
        case .draft6, .draft7: return keywords + ["additionalItems", "contains"]
        case .draft201909: return keywords + ["additionalItems", "contains", "unevaluatedItems"]
        case .draft202012: return keywords + ["prefixItems", "contains", "unevaluatedItems"]
        }
    }

    private var objectKeywords: [String] {
        let keywords = [
            "properties", "required", "minProperties", "maxProperties", "dependencies", "patternProperties",
            "additionalProperties",
        ]
        switch draft {
        case .draft4: return keywords
        case .draft6, .draft7: return keywords + ["propertyNames"]
        case .draft201909, .draft202012:
            return keywords + ["propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties"]
        }
    }

    private func string() -> ModelString {
        ModelString(
            minLength: json["minLength"]?.number,
            maxLength: json["maxLength"]?.number,
            pattern: json["pattern"]?.string
        )
    }

    private func number() -> ModelNumber {
        ModelNumber(
            minimum: json["minimum"]?.number,
            maximum: json["maximum"]?.number,
            exclusiveMinimum: json["exclusiveMinimum"]?.number,
            exclusiveMaximum: json["exclusiveMaximum"]?.number,
            multipleOf: json["multipleOf"]?.number
        )
    }
}

extension ModelReading {
    func child(_ steps: String...) throws(ComparisonObstacle) -> Int { try model.child(of: origin, steps) }

    func children(_ count: Int, of keyword: String) throws(ComparisonObstacle) -> [Int] {
        var children: [Int] = []
        for index in 0..<count { children.append(try child(keyword, String(index))) }
        return children
    }
}
