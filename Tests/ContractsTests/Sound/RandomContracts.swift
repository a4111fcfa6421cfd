import Contracts
import JSON
import LogTesting

/// Schemas and documents out of few names and small numbers, so that they meet.
struct RandomContracts {
    var random: SeededRandom
    /// Whether to use keywords that came with 2019-09 and 2020-12 too.
    var isModern = false

    fileprivate mutating func pick<T>(_ elements: [T]) -> T { elements[Int(random.next() % UInt64(elements.count))] }
    fileprivate mutating func number(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }

    mutating func document(depth: Int = 3) -> JSON {
        switch number(depth > 0 ? 8 : 5) {
        case 0: return .null
        case 1: return .bool(number(2) == 0)
        case 2: return pick([0, 1, 2, 3, 5, -1, 1.5, 10])
        case 3, 4: return .string(pick(["", "a", "b", "ab", "abc", "x1", "aaaa"]))
        case 5: return .array((0..<number(4)).map { _ in document(depth: depth - 1) })
        default:
            var members: [(String, JSON)] = []
            for name in ["a", "b", "x1", "extra"] where number(2) == 0 {
                members.append((name, document(depth: depth - 1)))
            }
            return .object(members)
        }
    }

    mutating func schema(depth: Int = 3) -> JSON {
        if number(12) == 0 { return .bool(number(3) > 0) }
        var members: [(String, JSON)] = []
        for _ in 0..<(1 + number(3)) {
            let (keyword, value) = keyword(depth: depth)
            if !members.contains(where: { $0.0 == keyword }) { members.append((keyword, value)) }
        }
        return .object(members)
    }

    private mutating func keyword(depth: Int) -> (String, JSON) {
        let types: [JSON] = ["string", "integer", "number", "object", "array", "null", "boolean"]
        if depth == 0 || number(3) == 0 {
            switch number(14) {
            case 0, 1, 2, 3: return ("type", pick(types))
            case 4: return ("type", .array(Array(Set([number(7), number(7)])).sorted().map { types[$0] }))
            case 5: return ("enum", .array((0..<(1 + number(3))).map { _ in document(depth: 1) }))
            case 6: return ("const", document(depth: 1))
            case 7:
                return (
                    pick(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]), pick([0, 1, 2.5, 5])
                )
            case 8: return ("multipleOf", pick([1, 2, 0.5, 3]))
            case 9: return (pick(["minLength", "maxLength"]), pick([0, 1, 2, 3]))
            case 10: return ("pattern", .string(pick(["^a", "b$", "^a*$", "^[a-c]{2,3}$", "1"])))
            case 11: return (pick(["minItems", "maxItems", "minProperties", "maxProperties"]), pick([0, 1, 2]))
            case 12: return ("required", .array([.string(pick(["a", "b", "x1"]))]))
            default: return ("uniqueItems", .bool(true))
            }
        }
        return applicator(depth: depth - 1)
    }

    private mutating func applicator(depth: Int) -> (String, JSON) {
        if isModern, number(3) == 0 { return modern(depth: depth) }
        switch number(13) {
        case 0, 1, 2:
            return ("properties", .object(["a", "b"].prefix(1 + number(2)).map { ($0, schema(depth: depth)) }))
        case 3: return ("additionalProperties", schema(depth: depth))
        case 4: return ("patternProperties", .object([(pick(["^x", "^a", "b"]), schema(depth: depth))]))
        case 5: return ("items", number(3) == 0 ? .array([schema(depth: depth)]) : schema(depth: depth))
        case 6:
            return (
                pick(["anyOf", "oneOf", "allOf"]), .array((0..<(1 + number(3))).map { _ in schema(depth: depth) })
            )
        case 7: return ("not", schema(depth: depth))
        case 8: return ("contains", schema(depth: depth))
        case 9: return ("dependencies", .object([("a", number(2) == 0 ? ["b"] : schema(depth: depth))]))
        case 10: return ("propertyNames", schema(depth: 0))
        case 11: return ("properties", ["a": ["$ref": "#"]])
        default: return (pick(["if", "then", "else"]), schema(depth: depth))
        }
    }

    private mutating func modern(depth: Int) -> (String, JSON) {
        switch number(7) {
        case 0: return ("prefixItems", .array([schema(depth: depth)]))
        case 1: return (pick(["minContains", "maxContains"]), pick([0, 1, 2]))
        case 2: return ("unevaluatedProperties", schema(depth: depth))
        case 3: return ("unevaluatedItems", schema(depth: depth))
        case 4: return ("dependentSchemas", .object([("a", schema(depth: depth))]))
        case 5: return ("dependentRequired", ["a": ["b"]])
        default: return ("contains", schema(depth: depth))
        }
    }

    /// A whole document.
    mutating func contract() -> JSON {
        let found = schema()
        guard isModern, let members = found.members else { return found }
        let draft = JSON.string(SchemaDraft.draft202012.metaschemaURI)
        return .object([("$schema", draft)] + members.filter { $0.1.elements == nil || $0.0 != "items" })
    }

    /// The schema with one keyword added, dropped or made anew somewhere.
    mutating func mutated(_ schema: JSON) -> JSON {
        guard var members = schema.members, !members.isEmpty else { return self.schema(depth: 1) }
        let index = number(members.count)
        if members[index].1.members != nil, number(2) == 0 {
            members[index].1 = mutated(members[index].1)
            return (try? Contract(compiling: .object(members))) == nil ? schema : .object(members)
        }
        switch number(3) {
        case 0: members.remove(at: index)
        case 1: members[index] = keyword(depth: 1)
        default:
            let new = keyword(depth: 1)
            members.removeAll { $0.0 == new.0 }
            members.append(new)
        }
        return .object(members)
    }
}

// MARK: Documents that have a chance

extension RandomContracts {
    /// A document that goes along with a schema's keywords more often than not, and stays close to its bounds.
    mutating func instance(of schema: JSON, depth: Int = 4) -> JSON {
        guard depth > 0, schema.members?.isEmpty == false, number(8) > 0 else { return document(depth: 1) }
        if let value = schema["const"] { return value }
        if let values = schema["enum"]?.elements, !values.isEmpty { return pick(values) }
        for keyword in ["anyOf", "oneOf", "allOf", "then", "else"] where number(2) == 0 {
            if let branches = schema[keyword]?.elements, !branches.isEmpty {
                return instance(of: pick(branches), depth: depth - 1)
            }
            if let branch = schema[keyword], branch.members != nil { return instance(of: branch, depth: depth - 1) }
        }
        let types = schema["type"]?.elements ?? schema["type"].map { [$0] } ?? ["string", "number", "array", "object"]
        switch types.isEmpty ? nil : pick(types).string {
        case "string": return .string(String(repeating: pick(["a", "b", "1"]), count: size(schema, "Length")))
        case "integer", "number": return numeral(schema)
        case "array": return array(schema, depth)
        case "object": return object(schema, depth)
        case "boolean": return .bool(number(2) == 0)
        default: return .null
        }
    }

    private mutating func size(_ schema: JSON, _ stem: String) -> Int {
        let bounds = ["min" + stem, "max" + stem].compactMap { schema[$0]?.number?.int64 }.map { Int($0) }
        return max(0, pick(bounds + [0, 1, 2]) + number(3) - 1)
    }

    private mutating func numeral(_ schema: JSON) -> JSON {
        let keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]
        let bounds = keywords.compactMap { schema[$0]?.number?.double }
        let value = pick(bounds + [0]) + pick([0, 0, 1, -1, 0.5])
        return value == value.rounded() ? .number(JSONLiteral(Int(value))) : JSON(floatLiteral: value)
    }

    private mutating func array(_ schema: JSON, _ depth: Int) -> JSON {
        let first = schema["prefixItems"]?.elements ?? schema["items"]?.elements ?? []
        let rest = schema["items"]?.members == nil ? schema["contains"] ?? [:] : schema["items"] ?? [:]
        let count = max(size(schema, "Items"), number(2) * first.count)
        return .array((0..<min(count, 6)).map { instance(of: $0 < first.count ? first[$0] : rest, depth: depth - 1) })
    }

    private mutating func object(_ schema: JSON, _ depth: Int) -> JSON {
        var members: [(String, JSON)] = []
        let required = schema["required"]?.elements?.compactMap(\.string) ?? []
        let known = (schema["properties"]?.members ?? []).map(\.0)
        for name in Set(required + known + ["x1", "extra"]).sorted() where required.contains(name) || number(2) == 0 {
            let value = schema["properties"]?[name] ?? schema["additionalProperties"] ?? [:]
            members.append((name, instance(of: value, depth: depth - 1)))
        }
        return .object(members)
    }
}

extension JSON {
    /// The value and all that is inside it: of a schema the constants that it mentions, among others.
    var parts: [JSON] {
        switch self {
        case .array(let elements): [self] + elements.flatMap(\.parts)
        case .object(let members): [self] + members.flatMap(\.1.parts)
        case .null, .bool, .number, .string: [self]
        }
    }
}
