/// Writes JSON, for editor schemas, diagnostics and the JSON values of connector files.
package enum JSONText {
    /// A value on its way out; members keep their order.
    package indirect enum Value: Sendable {
        case text(String)
        /// A number or literal, as it is written.
        case raw(String)
        case array([Value])
        case object([(String, Value)])
    }

    /// A YAML value as JSON by YAML 1.2's core schema. Numbers keep their digits; what JSON has no number for is text.
    package static func text(of node: ConfigNode) -> String {
        render(value(of: node))
    }

    private static func value(of node: ConfigNode) -> Value {
        switch node.content {
        case .scalar where node.isNull: .raw("null")
        case .scalar(let text, isQuoted: true): .text(text)
        case .scalar(let text, isQuoted: false): isLiteral(text) ? .raw(text) : .text(text)
        case .sequence(let elements): .array(elements.map(value(of:)))
        case .mapping(let entries): .object(entries.map { ($0.key, value(of: $0.value)) })
        }
    }

    private static func isLiteral(_ text: String) -> Bool {
        text == "true" || text == "false"
            || text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
    }

    /// On one line.
    package static func render(_ value: Value) -> String {
        switch value {
        case .text(let text): quote(text)
        case .raw(let raw): raw
        case .array(let elements): "[" + elements.map(render).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { quote($0.0) + ":" + render($0.1) }.joined(separator: ",") + "}"
        }
    }

    /// Indented by two spaces a level.
    package static func pretty(_ value: Value, indent: String = "") -> String {
        let inner = indent + "  "
        switch value {
        case .array(let elements) where !elements.isEmpty:
            return "[\n" + elements.map { inner + pretty($0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(inner)\(quote($0.0)): \(pretty($0.1, indent: inner))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        case .text, .raw, .array, .object: return render(value)
        }
    }

    /// RFC 8259, section 7.
    package static func quote(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
