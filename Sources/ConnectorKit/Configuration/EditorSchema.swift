/// Field specs as JSON Schema draft-07, which the YAML servers of editors read for completion and hover.
package enum EditorSchema {
    /// The schema of a mapping with `specs`, as indented JSON text.
    package static func text(title: String, _ specs: [FieldSpec]) -> String {
        let head: [(String, JSONText.Value)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text(title)),
        ]
        return JSONText.pretty(.object(head + object(specs))) + "\n"
    }

    private static func object(_ specs: [FieldSpec]) -> [(String, JSONText.Value)] {
        var members: [(String, JSONText.Value)] = [
            ("type", .text("object")),
            ("properties", .object(specs.map { ($0.name, property($0)) })),
        ]
        let required = specs.filter { $0.presence == .required }
        if !required.isEmpty { members.append(("required", .array(required.map { .text($0.name) }))) }
        members.append(("additionalProperties", .raw("false")))
        return members
    }

    private static func property(_ spec: FieldSpec) -> JSONText.Value {
        var members = schema(spec.type)
        members.append(("description", .text(spec.doc)))
        if spec.deprecated != nil { members.append(("deprecated", .raw("true"))) }
        return .object(members)
    }

    private static func schema(_ type: FieldType) -> [(String, JSONText.Value)] {
        switch type {
        case .int(let range):
            number(
                "integer",
                range.lowerBound == .min ? nil : "\(range.lowerBound)",
                range.upperBound == .max ? nil : "\(range.upperBound)"
            )
        case .double(let range): number("number", "\(range.lowerBound)", "\(range.upperBound)")
        case .bool: [("type", .text("boolean"))]
        case .duration: pattern("^[0-9]+(ms|s|m|h|d)$")
        case .size: pattern("^[0-9]+([KMG]i?)?B$")
        case .rate: pattern("^[0-9]+/[smh]$")
        case .percentage: pattern("^[0-9.]+%$")
        case .choice(let words): [("enum", .array(words.map { .text($0) }))]
        case .list(let element, let count):
            [
                ("type", .text("array")),
                ("items", .object(schema(element))),
                ("minItems", .raw("\(count.lowerBound)")),
                ("maxItems", .raw("\(count.upperBound)")),
            ]
        case .map(let value): [("type", .text("object")), ("additionalProperties", .object(schema(value)))]
        case .object(let specs): object(specs)
        case .union(let choices, let common):
            object(choices + common)
                + [("oneOf", .array(choices.map { .object([("required", .array([.text($0.name)]))]) }))]
        case .oneOf(let shapes): [("anyOf", .array(shapes.map { .object(schema($0)) }))]
        case .jq, .topic, .topicPattern, .subject, .url, .path, .secret: [("type", .text("string"))]
        // YAML numbers and booleans are text where a key takes text.
        case .string: [("type", .array(["string", "number", "boolean"].map { .text($0) }))]
        case .json: []
        }
    }

    private static func pattern(_ pattern: String) -> [(String, JSONText.Value)] {
        [("type", .text("string")), ("pattern", .text(pattern))]
    }

    private static func number(_ type: String, _ least: String?, _ most: String?) -> [(String, JSONText.Value)] {
        var members: [(String, JSONText.Value)] = [("type", .text(type))]
        if let least { members.append(("minimum", .raw(least))) }
        if let most { members.append(("maximum", .raw(most))) }
        return members
    }
}

extension ConnectorCatalogue {
    /// The JSON Schema of connector files with this catalogue's sources and sinks.
    package var editorSchema: String {
        EditorSchema.text(title: "busbar connector", connectorFields)
    }
}
