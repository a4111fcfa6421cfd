import Contracts
import JSON

/// Turns bytes into a schema and an instance, so that most get as far as validation: of random bytes, or of a fuzzer.
///
/// Every byte is a decision; where they end, the first choice is taken, which is the smallest.
struct SchemaGrammar {
    private var decisions: ArraySlice<UInt8>

    init(_ decisions: ArraySlice<UInt8>) {
        self.decisions = decisions
    }

    private mutating func pick(_ count: Int) -> Int {
        guard let byte = decisions.popFirst() else { return 0 }
        return Int(byte) % count
    }

    private mutating func pick<T>(from choices: [T]) -> T { choices[pick(choices.count)] }

    /// A schema of some draft with named subschemas to refer to.
    mutating func contract() -> JSON {
        let draft = SchemaDraft.allCases[pick(SchemaDraft.allCases.count)]
        var members: [(String, JSON)] = [("$schema", .string(draft.metaschemaURI))]
        let definitions = draft >= .draft201909 ? "$defs" : "definitions"
        members.append((definitions, .object([("a", schema(2)), ("b", schema(2))])))
        if pick(3) == 1 { members.append(("$dynamicAnchor", "n")) }
        if pick(3) == 1 { members.append(("$recursiveAnchor", true)) }
        return .object(members + keywords(4))
    }

    private mutating func schema(_ depth: Int) -> JSON {
        guard depth > 0, pick(6) > 0 else { return pick(4) == 1 ? .bool(false) : .object([]) }
        return .object(keywords(depth))
    }

    private mutating func keywords(_ depth: Int) -> [(String, JSON)] {
        (0...pick(4)).map { _ in keyword(depth - 1) }
    }

    private mutating func keyword(_ depth: Int) -> (String, JSON) {
        let name = pick(from: Self.names)
        switch name {
        case "$ref":
            return (name, .string(pick(from: ["#/$defs/a", "#/definitions/a", "#/$defs/b", "#/definitions/b", "#"])))
        case "$dynamicRef": return (name, "#n")
        case "$recursiveRef": return (name, "#")
        case "$dynamicAnchor": return (name, "n")
        case "$recursiveAnchor": return (name, true)
        case "type": return (name, .string(pick(from: Self.kinds)))
        case "enum": return (name, .array([value(1), value(2)]))
        case "const": return (name, value(2))
        case "allOf", "anyOf", "oneOf", "prefixItems": return (name, .array([schema(depth), schema(depth)]))
        case "items", "dependencies": return (name, pick(2) == 0 ? schema(depth) : either(name, depth))
        case "properties", "dependentSchemas":
            return (name, .object([(member(), schema(depth)), (member(), schema(depth))]))
        case "patternProperties": return (name, .object([(pick(from: Self.patterns), schema(depth))]))
        case "required": return (name, .array([.string(member())]))
        case "dependentRequired": return (name, .object([(member(), .array([.string(member())]))]))
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum": return (name, number())
        case "multipleOf": return (name, pick(from: [1, 0.5, 2, 0.01, 3]))
        case "uniqueItems": return (name, true)
        case "pattern": return (name, .string(pick(from: Self.patterns)))
        case "format": return (name, .string(pick(from: Self.formats)))
        case "additionalProperties", "additionalItems", "contains", "propertyNames", "not", "if", "then", "else",
            "unevaluatedItems", "unevaluatedProperties":
            return (name, schema(depth))
        default: return (name, .number(JSONLiteral(pick(4))))
        }
    }

    /// The other form of a keyword that has two.
    private mutating func either(_ name: String, _ depth: Int) -> JSON {
        if name == "items" { return .array([schema(depth), schema(depth)]) }
        return .object([(member(), schema(depth)), (member(), .array([.string(member())]))])
    }

    /// An instance.
    mutating func value(_ depth: Int) -> JSON {
        switch pick(depth > 0 ? 8 : 5) {
        case 0: return number()
        case 1: return .string(pick(from: Self.texts))
        case 2: return .null
        case 3: return .bool(pick(2) == 0)
        case 4: return .string(member())
        case 5: return .array((0..<pick(5)).map { _ in value(depth - 1) })
        default: return .object((0..<pick(5)).map { _ in (member(), value(depth - 1)) })
        }
    }

    private mutating func number() -> JSON { pick(from: [1, 0, 1.0, -1, 0.5, 2, 3, 100, 1e300, 0.01]) }

    private mutating func member() -> String { pick(from: ["a", "b", "c", "x1", "", "a/b~"]) }

    private static let names = """
        $ref $dynamicRef $recursiveRef $dynamicAnchor $recursiveAnchor type enum const allOf anyOf oneOf prefixItems items \
        dependencies properties dependentSchemas patternProperties required dependentRequired minimum maximum \
        exclusiveMinimum exclusiveMaximum multipleOf uniqueItems pattern format additionalProperties additionalItems \
        contains propertyNames not if then else unevaluatedItems unevaluatedProperties minItems maxItems minContains \
        maxContains minLength maxLength minProperties maxProperties properties unevaluatedProperties items if required
        """.split(separator: " ").map(String.init)
    private static let kinds = ["object", "array", "number", "integer", "string", "boolean", "null"]
    private static let patterns = ["^x", "a", "^$", "[0-9]+$", "^(a|b)*$", "."]
    private static let formats = ["date", "ipv4", "email", "uri", "idn-hostname", "json-pointer", "regex", "none"]
    private static let texts = ["", "a", "2024-02-29", "1.2.3.4", "a@b", "x:y", "é.example", "/a", "(", "\u{1F600}"]
}
