internal import JSON

/// Writes a JSON value over several lines, two spaces a level; numbers as they were written.
enum IndentedJSON {
    /// The lines of `value`, each behind `indent`.
    static func text(of value: JSON, indent: String = "") -> String {
        indent + inner(value, indent)
    }

    private static func inner(_ value: JSON, _ indent: String) -> String {
        let deeper = indent + "  "
        switch value {
        case .object(let members) where !members.isEmpty:
            let lines = members.map { "\(deeper)\(JSON.string($0.0)): \(inner($0.1, deeper))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { deeper + inner($0, deeper) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        default:
            return value.description
        }
    }
}
