internal import ConnectorKit

/// A connector's fields with their defaults, for people and programs; without its tests.
struct EffectiveSettings {
    private let definition: ConnectorDefinition

    init(_ definition: ConnectorDefinition) {
        self.definition = definition
    }

    /// Block YAML, keys in the order of the documentation. What a key does not set is left out.
    var yaml: String {
        lines(of: tree).joined(separator: "\n")
    }

    /// `{"v":1,"file","connector":{…}}` on one line.
    var json: String {
        JSONText.render(
            .object([("v", .raw("1")), ("file", .text(definition.file)), ("connector", tree)])
        )
    }

    private var tree: JSONText.Value {
        var fields = definition.fields
        fields.values["tests"] = nil
        return value(of: fields)
    }

    private func value(of fields: Fields) -> JSONText.Value {
        .object(
            fields.specs.compactMap { spec in
                guard let located = fields.values[spec.name] else { return nil }
                return (spec.name, value(of: located.value, isSecret: spec.type.holdsSecret))
            }
        )
    }

    private func value(of value: FieldValue, isSecret: Bool = false) -> JSONText.Value {
        switch value {
        case .text where isSecret: .text("***")
        case .text(let template), .resolved(_, let template): .text(template.source)
        case .secret: .text("***")
        case .int(let number): .raw("\(number)")
        case .double(let number): .raw("\(number)")
        case .bool(let flag): .raw(flag ? "true" : "false")
        case .duration(let duration): .text(ScalarGrammar.text(duration))
        case .rate(let rate): .text("\(rate)")
        case .list(let elements): .array(elements.map { self.value(of: $0.value, isSecret: isSecret) })
        case .map(let entries):
            .object(entries.map { ($0.key, self.value(of: $0.value.value, isSecret: isSecret)) })
        case .object(let fields): self.value(of: fields)
        case .json(let text): .raw(text)
        }
    }

    private func lines(of value: JSONText.Value) -> [String] {
        switch value {
        case .object(let members):
            return members.flatMap { key, member in nested(member, under: "\(key):") }
        case .array(let elements):
            return elements.flatMap { element -> [String] in
                let inner = lines(of: element)
                return inner.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        case .text, .raw:
            return [JSONText.render(value)]
        }
    }

    private func nested(_ value: JSONText.Value, under key: String) -> [String] {
        switch value {
        case .object(let members) where !members.isEmpty: [key] + lines(of: value).map { "  " + $0 }
        case .array(let elements) where !elements.isEmpty: [key] + lines(of: value).map { "  " + $0 }
        default: ["\(key) \(JSONText.render(value))"]
        }
    }
}

extension FieldType {
    /// Whether text of this type, or in it, is never shown.
    fileprivate var holdsSecret: Bool {
        switch self {
        case .secret: true
        case .list(let inner, _), .map(let inner): inner.holdsSecret
        case .oneOf(let shapes): shapes.contains(where: \.holdsSecret)
        default: false
        }
    }
}
