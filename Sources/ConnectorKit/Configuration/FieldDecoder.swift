/// Decodes YAML by field specs, and gathers everything that is wrong with it instead of stopping at the first.
///
/// What could not be decoded is missing from the result: ask ``FindingCollector/hasErrors`` before any getter.
package struct FieldDecoder {
    /// What was found so far, over all calls of ``decode(_:as:path:)``.
    package var findings = FindingCollector()

    /// A decoder without findings.
    package init() {}

    /// Decodes a mapping. `path` is where it stands, for messages: empty at the top, else for example `delivery.retry`.
    package mutating func decode(_ node: ConfigNode, as specs: [FieldSpec], path: String = "") -> Fields {
        var fields = Fields(specs: specs, at: node.location)
        guard let entries = entries(of: node, path: path) else { return fields }
        var meant: Set<String> = []
        for entry in entries {
            guard let spec = specs.first(where: { $0.name == entry.key }) else {
                let guess = Suggestion.nearest(to: entry.key, among: specs.map(\.name))
                if let guess { meant.insert(guess) }
                reportUnknown(entry, guess: guess, among: specs.map(\.name), in: path)
                continue
            }
            read(entry, spec, path: path, into: &fields)
        }
        // A slip of the pen is one finding: the key that it was meant to be is not missing besides.
        for spec in specs where fields.written[spec.name] == nil {
            if spec.presence == .required, meant.contains(spec.name) { continue }
            complete(spec, path: path, at: node.location, in: &fields)
        }
        return fields
    }

    private mutating func entries(of node: ConfigNode, path: String) -> [ConfigNode.Entry]? {
        if node.isNull { return [] }
        guard case .mapping(let entries) = node.content else {
            let subject = path.isEmpty ? "the file" : "`\(path)`"
            findings.error(
                .wrongType,
                at: node.location,
                "\(subject) takes a mapping, found \(found(node))",
                fix: "Write `key: value` pairs, indented below it."
            )
            return nil
        }
        return entries
    }

    private mutating func read(_ entry: ConfigNode.Entry, _ spec: FieldSpec, path: String, into fields: inout Fields) {
        let path = path.isEmpty ? spec.name : "\(path).\(spec.name)"
        fields.written[spec.name] = entry.keyLocation
        if let replacement = spec.deprecated {
            findings.warning(
                .deprecated,
                at: entry.keyLocation,
                "`\(path)` is deprecated",
                fix: replacement
            )
        }
        if let value = value(entry.value, spec.type, path: path) {
            fields.values[spec.name] = LocatedValue(value, at: entry.value.location)
        }
    }

    private mutating func complete(
        _ spec: FieldSpec,
        path: String,
        at location: ConfigLocation,
        in fields: inout Fields
    ) {
        let label = path.isEmpty ? spec.name : "\(path).\(spec.name)"
        switch spec.presence {
        case .optional: return
        case .required:
            let sample = spec.example ?? spec.type.sample
            findings.error(
                .missingKey,
                at: location,
                "`\(label)` is missing",
                fix: "Add `\(spec.name): \(sample ?? "…")` (\(spec.type.words))."
            )
        case .byDefault(let text):
            if let value = value(Self.node(ofDefault: text, at: location), spec.type, path: label) {
                fields.values[spec.name] = LocatedValue(value, at: location)
            }
        }
    }

    /// - Precondition: `text` is YAML; it was written by the author of a spec.
    private static func node(ofDefault text: String, at location: ConfigLocation) -> ConfigNode {
        guard text.hasPrefix("[") || text.hasPrefix("{") else {
            return ConfigNode(.scalar(text, isQuoted: false), at: location)
        }
        do {
            return try ConfigDocument(text, file: "default").root.moved(to: location)
        } catch {
            preconditionFailure("a field spec's default is not YAML: \(error)")
        }
    }

    private mutating func reportUnknown(
        _ entry: ConfigNode.Entry,
        guess: String?,
        among names: [String],
        in path: String
    ) {
        findings.hide(entry.value)
        let place = path.isEmpty ? "" : " in `\(path)`"
        let fix =
            if let guess {
                "Did you mean `\(guess)`?"
            } else if names.isEmpty {
                "Remove it: there are no keys here."
            } else {
                "Remove it; the keys here are \(names.sorted().quoted)."
            }
        findings.error(.unknownKey, at: entry.keyLocation, "unknown key `\(entry.key)`\(place)", fix: fix)
    }
}

// Values that hold other values.
extension FieldDecoder {
    /// The value of `node` as `type`; `nil` when it is wrong, which has then been reported.
    mutating func value(_ node: ConfigNode, _ type: FieldType, path: String) -> FieldValue? {
        switch type {
        case .list(let element, let count): list(node, of: element, count: count, path: path)
        case .map(let value): map(node, to: value, path: path)
        case .object(let specs): object(node, specs, path: path)
        case .union(let choices, let common): union(node, choices, common: common, path: path)
        case .oneOf(let shapes): oneOf(node, shapes, path: path)
        case .json: .json(JSONText.text(of: node))
        case .string, .secret, .int, .double, .bool, .duration, .size, .rate, .percentage, .choice, .jq, .topic,
            .topicPattern, .subject, .url, .path:
            scalar(node, type, path: path)
        }
    }

    private mutating func object(_ node: ConfigNode, _ specs: [FieldSpec], path: String) -> FieldValue? {
        guard isMapping(node) else {
            reportWrongType(node, "a mapping", path: path)
            return nil
        }
        return .object(decode(node, as: specs, path: path))
    }

    private mutating func list(
        _ node: ConfigNode,
        of type: FieldType,
        count: ClosedRange<Int>,
        path: String
    ) -> FieldValue? {
        // A key whose elements are all commented out is an empty sequence, as it is an empty mapping.
        guard let nodes = node.isNull ? [] : node.elements else {
            reportWrongType(node, "a sequence", path: path)
            return nil
        }
        guard count.contains(nodes.count) else {
            let range = FieldType.list(type, count: count).range ?? "\(count)"
            findings.error(
                .outOfRange,
                at: node.location,
                "`\(path)` has \(nodes.count) elements, the range is \(range)",
                fix: nodes.count < count.lowerBound ? "Add an element." : "Remove elements."
            )
            return nil
        }
        var elements: [LocatedValue] = []
        for (index, node) in nodes.enumerated() {
            if let value = value(node, type, path: "\(path)[\(index)]") {
                elements.append(LocatedValue(value, at: node.location))
            }
        }
        return .list(elements)
    }

    private mutating func map(_ node: ConfigNode, to type: FieldType, path: String) -> FieldValue? {
        guard isMapping(node) else {
            reportWrongType(node, "a mapping", path: path)
            return nil
        }
        guard case .mapping(let entries) = node.content else { return .map([]) }
        var pairs: [FieldValue.MapEntry] = []
        for entry in entries {
            var type = type
            if case .string = type, SensitiveWord.isName(entry.key) { type = .secret }
            if let value = value(entry.value, type, path: "\(path).\(entry.key)") {
                let located = LocatedValue(value, at: entry.value.location)
                pairs.append(.init(key: entry.key, keyLocation: entry.keyLocation, value: located))
            }
        }
        return .map(pairs)
    }

    private mutating func union(
        _ node: ConfigNode,
        _ choices: [FieldSpec],
        common: [FieldSpec],
        path: String
    ) -> FieldValue? {
        guard isMapping(node) else {
            reportWrongType(node, FieldType.union(choices).words, path: path)
            return nil
        }
        let errorsBefore = findings.diagnostics.count
        let fields = decode(node, as: choices.map { $0.asOptional } + common, path: path)
        let chosen = choices.map(\.name).filter { fields.isWritten($0) }
        if chosen.count == 1 { return .object(fields) }
        if chosen.count > 1 || findings.diagnostics.count == errorsBefore {
            findings.error(
                .notExactlyOne,
                at: chosen.dropFirst().first.flatMap { fields.written[$0] } ?? node.location,
                "`\(path)` takes exactly one of \(choices.map(\.name).quoted), found \(chosen.isEmpty ? "none" : chosen.quoted)",
                fix: chosen.isEmpty ? "Add one of them." : "Keep one of them."
            )
        }
        return nil
    }

    /// Tries the shapes in turn; when none fits, the findings of the first shape of the node's kind say why.
    private mutating func oneOf(_ node: ConfigNode, _ shapes: [FieldType], path: String) -> FieldValue? {
        var nearest: FieldDecoder?
        for shape in shapes where shape.takes(node) {
            var attempt = self
            let value = attempt.value(node, shape, path: path)
            if let value, attempt.findings.errorCount == findings.errorCount {
                self = attempt
                return value
            }
            nearest = nearest ?? attempt
        }
        let scalars = shapes.filter { $0.takes(node) }
        if let nearest, scalars.count == 1 {
            self = nearest
        } else {
            reportWrongType(node, FieldType.oneOf(shapes).words, path: path)
        }
        return nil
    }

    private func isMapping(_ node: ConfigNode) -> Bool {
        if case .mapping = node.content { true } else { node.isNull }
    }
}

extension FieldSpec {
    fileprivate var asOptional: FieldSpec {
        var spec = self
        spec.presence = .optional
        return spec
    }
}

extension FieldType {
    /// Whether a value of the node's kind could be of this type at all.
    fileprivate func takes(_ node: ConfigNode) -> Bool {
        switch (self, node.content) {
        case (.json, _): true
        case (.oneOf(let shapes), _): shapes.contains { $0.takes(node) }
        case (.list, .sequence), (.map, .mapping), (.object, .mapping), (.union, .mapping): true
        case (.list, _), (.map, _), (.object, _), (.union, _): false
        case (_, .scalar): true
        case (_, .sequence), (_, .mapping): false
        }
    }
}

extension ConfigNode {
    fileprivate var elements: [ConfigNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    /// The node and everything in it at `location`, for values that were not written there.
    func moved(to location: ConfigLocation) -> ConfigNode {
        switch content {
        case .scalar: ConfigNode(content, at: location)
        case .sequence(let elements): ConfigNode(.sequence(elements.map { $0.moved(to: location) }), at: location)
        case .mapping(let entries):
            ConfigNode(
                .mapping(
                    entries.map { Entry(key: $0.key, keyLocation: location, value: $0.value.moved(to: location)) }
                ),
                at: location
            )
        }
    }
}
