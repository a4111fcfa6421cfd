extension ConnectorCatalogue {
    /// A connector file to start from: every required key with an example, the optional ones as comments. Lints clean.
    ///
    /// `nil` when the catalogue has no such source or sink.
    package func scaffold(source: String, sink: String, name: String? = nil) -> String? {
        guard let source = self.source(source), let sink = self.sink(sink) else { return nil }
        let fallback = String("\(source.name)-to-\(sink.name)".map { $0 == "_" ? "-" : $0 }.prefix(63))
        let writer = ScaffoldWriter(connector: name ?? fallback)
        return """
            connector: \(name ?? fallback)
            description: What this connector is for, in a sentence.
            owner: your-team

            \(writer.section("from", source.name, source.fields, isSink: false))
            \(sink.needsPlaces ? "" : Self.middle(of: source))
            \(writer.section("to", sink.name, sink.fields, isSink: true))
            delivery:
              order: key
              timeout: 10s

            tests:
              - name: an event is delivered
                input: [ { json: {} } ]
                expect: { delivered: 1 }

            """
    }

    /// What may happen to records on their way; a copy of a topic is for any records, and has nothing of it.
    private static func middle(of source: SourceType) -> String {
        """
        # contract: \(FieldType.subject.sample ?? "")
        \(source.kind == .log ? "# dedupe: { key: header.ce_id, window: 7d }\n" : "")
        steps:
          - filter: 'true'

        """
    }

    /// How a source or sink stands in a connector file.
    func snippet(_ key: String, _ name: String, _ fields: [FieldSpec]) -> String {
        ScaffoldWriter(connector: "example").section(key, name, fields, isSink: key == "to")
    }
}

/// Writes the fields of a source or sink as YAML with comments.
private struct ScaffoldWriter {
    let connector: String

    func section(_ key: String, _ name: String, _ fields: [FieldSpec], isSink: Bool) -> String {
        let body = fields.flatMap { lines(of: $0, isSink: isSink) }.map { "    " + $0 }
        return (["\(key):", "  \(name):\(body.isEmpty || !hasRequired(fields) ? " {}" : "")"] + body)
            .joined(separator: "\n") + "\n"
    }

    private func hasRequired(_ fields: [FieldSpec]) -> Bool {
        fields.contains { $0.presence == .required }
    }

    private func lines(of spec: FieldSpec, isSink: Bool) -> [String] {
        guard spec.presence == .required else {
            return spec.deprecated == nil ? ["# \(spec.name): \(sample(of: spec))"] : []
        }
        if case .object(let inner) = spec.type, spec.example == nil {
            return ["\(spec.name):"] + inner.flatMap { lines(of: $0, isSink: isSink) }.map { "  " + $0 }
        }
        // A sink that wrote where the source's example reads would be a loop.
        if isSink, case .topic = spec.type { return ["\(spec.name): \(connector).out"] }
        return ["\(spec.name): \(sample(of: spec))"]
    }

    private func sample(of spec: FieldSpec) -> String {
        if let example = spec.example { return example }
        if case .byDefault(let text) = spec.presence { return text }
        return sample(of: spec.type)
    }

    private func sample(of type: FieldType) -> String {
        switch type {
        case .list(let element, _): "[ \(sample(of: element)) ]"
        case .map, .json: "{}"
        case .object(let specs):
            "{ "
                + specs.filter { $0.presence == .required }.map { "\($0.name): \(sample(of: $0))" }
                .joined(separator: ", ") + " }"
        case .union(let choices, _): choices.first.map { "{ \($0.name): \(sample(of: $0)) }" } ?? "{}"
        case .oneOf(let shapes): shapes.first.map { sample(of: $0) } ?? "{}"
        default: type.sample ?? "text"
        }
    }
}
