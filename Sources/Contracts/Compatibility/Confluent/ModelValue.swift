import JSON

/// Values of `enum` and `const` as the registry tells them apart: by the classes of its parser, where `1` and `1.0` are
/// different and the order of members does not matter.
enum ModelValue {
    /// What two values share exactly when they are the same to the registry.
    static func key(_ value: JSON) -> JSONName { JSONName(text(value)) }

    private static func text(_ value: JSON) -> String {
        switch value {
        case .null, .bool, .string: return value.description
        case .number(let literal): return text(literal)
        case .array(let elements): return "[" + elements.map(text).joined(separator: ",") + "]"
        case .object(let members):
            let pairs = members.map { JSON.string($0.0).description + ":" + text($0.1) }
            return "{" + pairs.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ",") + "}"
        }
    }

    private static func text(_ literal: JSONLiteral) -> String {
        let isWhole = literal.text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
        if isWhole { return literal.text == "-0" ? "0" : literal.text }
        return "float " + literal.double.description
    }
}
