/// Field specs as Markdown, in the one grammar that busbar's configuration keys are documented in.
///
/// `` - `key` (type, required|optional, default: X, range: a-b, secret): text ``, inner keys indented below.
package enum FieldDocumentation {
    /// A bullet per field, ending in a line break.
    package static func markdown(_ specs: [FieldSpec], indent: String = "") -> String {
        specs.map { entry($0, indent: indent) }.joined()
    }

    private static func entry(_ spec: FieldSpec, indent: String) -> String {
        var text = "\(indent)- `\(spec.name)` (\(properties(spec).joined(separator: ", "))): \(spec.doc)"
        if let replacement = spec.deprecated { text += " Deprecated: \(replacement)" }
        if let example = spec.example { text += " Example: `\(example)`." }
        return text + "\n" + inner(spec.type, indent: indent + "  ")
    }

    private static func properties(_ spec: FieldSpec) -> [String] {
        var properties = [spec.type.label]
        switch spec.presence {
        case .required: properties.append("required")
        case .optional: properties.append("optional")
        case .byDefault(let text): properties += ["optional", "default: `\(text)`"]
        }
        if let range = spec.type.range { properties.append("range: \(range)") }
        if spec.isSecret { properties.append("secret") }
        return properties
    }

    private static func inner(_ type: FieldType, indent: String) -> String {
        switch type {
        case .object(let specs): markdown(specs, indent: indent)
        case .union(let choices, let common): markdown(choices, indent: indent) + markdown(common, indent: indent)
        case .list(let element, _), .map(let element): inner(element, indent: indent)
        case .oneOf(let shapes): shapes.map { inner($0, indent: indent) }.max { $0.count < $1.count } ?? ""
        default: ""
        }
    }
}

extension SourceType {
    /// The page that `busbar connector docs` shows: what the source does, its keys, and a connector to start from.
    package func documentation(in catalogue: ConnectorCatalogue) -> String {
        ConnectorPage(title: "Source `\(name)`", doc: doc, fields: fields)
            .markdown(example: catalogue.snippet("from", name, fields))
    }
}

extension SinkType {
    /// The page that `busbar connector docs` shows: what the sink does, its keys, and how it stands in a file.
    package func documentation(in catalogue: ConnectorCatalogue) -> String {
        ConnectorPage(title: "Sink `\(name)`", doc: doc, fields: fields)
            .markdown(example: catalogue.snippet("to", name, fields))
    }
}

extension ConnectorCatalogue {
    /// The keys of a connector file outside its source and sink.
    package var connectorDocumentation: String {
        let fields = connectorFields.map { spec in
            guard ["from", "to"].contains(spec.name) else { return spec }
            return FieldSpec(spec.name, .map(.json), spec.presence, doc: spec.doc)
        }
        return "# Connector file\n\n## Keys\n\n" + FieldDocumentation.markdown(fields)
    }
}

private struct ConnectorPage {
    let title: String
    let doc: String
    let fields: [FieldSpec]

    func markdown(example: String) -> String {
        let keys = fields.isEmpty ? "None.\n" : FieldDocumentation.markdown(fields)
        return "# \(title)\n\n\(doc)\n\n## Keys\n\n\(keys)\n## Example\n\n```yaml\n\(example)```\n"
    }
}
