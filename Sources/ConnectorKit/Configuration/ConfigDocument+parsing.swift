internal import Yams

extension ConfigDocument {
    /// Reads `text` as one YAML document.
    ///
    /// Anchors, aliases and merge keys are followed. An empty text is an empty mapping.
    /// - Throws: one finding with codes ``DiagnosticCode/malformedYAML``, ``DiagnosticCode/duplicateKey``,
    ///   ``DiagnosticCode/severalDocuments``, ``DiagnosticCode/tooLarge`` or ``DiagnosticCode/unsupportedYAML``.
    package init(_ text: String, file: String, limits: Limits = Limits()) throws(Diagnostic) {
        var text = text
        text.makeContiguousUTF8()
        try YAMLGuard(file: file, limits: limits).check(text)
        let lines = Self.lines(of: text)
        self.file = file
        self.lines = lines
        let start = ConfigLocation(file: file, line: 1, column: 1)
        guard let node = try Self.compose(text, file: file, lines: lines) else {
            root = ConfigNode(.mapping([]), at: start)
            return
        }
        var conversion = NodeConversion(file: file, limits: limits)
        let root = try conversion.convert(node, depth: 0)
        self.root = root.isNull ? ConfigNode(.mapping([]), at: start) : root
    }

    /// Lines as libyaml counts them (`IS_BREAK` in `yaml_private.h`), or places would point at the wrong ones.
    private static func lines(of text: String) -> [Substring] {
        var lines: [Substring] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let next = scalars.index(after: index)
            if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalars[index]) {
                lines.append(Substring(scalars[start..<index]))
                let isPair = scalars[index] == "\r" && next < scalars.endIndex && scalars[next] == "\n"
                index = isPair ? scalars.index(after: next) : next
                start = index
            } else {
                index = next
            }
        }
        lines.append(Substring(scalars[start...]))
        return lines
    }

    private static func compose(_ text: String, file: String, lines: [Substring]) throws(Diagnostic) -> Node? {
        do {
            // The basic resolver leaves every scalar a text: fields know their types, and `no` stays a country.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch let error as YamlError {
            throw YAMLDiagnosis(file: file, lines: lines).diagnostic(of: error)
        } catch {
            throw Diagnostic(
                .malformedYAML,
                at: ConfigLocation(file: file, line: 1, column: 1),
                "the text is not YAML",
                fix: "Check the file with another YAML reader."
            )
        }
    }
}

/// Turns the YAML library's nodes into ours, counting what aliases expand to.
private struct NodeConversion {
    let file: String
    let limits: ConfigDocument.Limits
    var count = 0

    mutating func convert(_ node: Node, depth: Int) throws(Diagnostic) -> ConfigNode {
        let location = location(of: node)
        count += 1
        guard count <= limits.nodes else {
            throw Diagnostic(
                .tooLarge,
                at: location,
                "the file expands to more than \(limits.nodes) values",
                fix: "Use fewer aliases, or split the file."
            )
        }
        guard depth <= limits.depth else { throw YAMLGuard.tooDeep(at: location, limit: limits.depth) }
        switch node {
        case .scalar(let scalar):
            try requireCoreTag(scalar.tag, at: location)
            let isPlain = scalar.style == .plain || scalar.style == .any
            return ConfigNode(.scalar(scalar.string, isQuoted: !isPlain), at: location)
        case .sequence(let sequence):
            try requireCoreTag(sequence.tag, at: location)
            var elements: [ConfigNode] = []
            for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
            return ConfigNode(.sequence(elements), at: location)
        case .mapping(let mapping):
            try requireCoreTag(mapping.tag, at: location)
            return ConfigNode(.mapping(try entries(of: mapping, depth: depth)), at: location)
        case .alias:
            throw Diagnostic(
                .unsupportedYAML,
                at: location,
                "an alias that was not followed",
                fix: "Write the value out."
            )
        }
    }

    private mutating func entries(
        of mapping: Node.Mapping,
        depth: Int
    ) throws(Diagnostic) -> [ConfigNode.Entry] {
        var entries: [ConfigNode.Entry] = []
        var merged: [ConfigNode.Entry] = []
        for (key, value) in mapping {
            let keyLocation = location(of: key)
            guard case .scalar(let scalar) = key else {
                throw Diagnostic(
                    .unsupportedYAML,
                    at: keyLocation,
                    "a key that is not plain text",
                    fix: "Write the key as text; put the value in quotes when it starts with `{` or `[`."
                )
            }
            let converted = try convert(value, depth: depth + 1)
            if scalar.string == "<<", scalar.style == .plain {
                merged += try mergeable(converted)
            } else {
                entries.append(.init(key: scalar.string, keyLocation: keyLocation, value: converted))
            }
        }
        // What is written in the mapping wins over what is merged, and earlier merges over later ones (yaml.org/type/merge).
        for entry in merged where !entries.contains(where: { $0.key == entry.key }) { entries.append(entry) }
        return entries
    }

    private func mergeable(_ node: ConfigNode) throws(Diagnostic) -> [ConfigNode.Entry] {
        switch node.content {
        case .mapping(let entries): return entries
        case .sequence(let elements):
            var all: [ConfigNode.Entry] = []
            for element in elements {
                guard case .mapping(let entries) = element.content else { throw notMergeable(element) }
                all += entries
            }
            return all
        case .scalar: throw notMergeable(node)
        }
    }

    private func notMergeable(_ node: ConfigNode) -> Diagnostic {
        Diagnostic(
            .wrongType,
            at: node.location,
            "`<<` merges mappings, found \(node.kind)",
            fix: "Name a mapping with an alias, for example `<<: *defaults`."
        )
    }

    private func requireCoreTag(_ tag: Tag, at location: ConfigLocation) throws(Diagnostic) {
        let name = tag.description
        guard name.isEmpty || name == "!" || name == "?" || name.hasPrefix("tag:yaml.org,2002:") else {
            throw Diagnostic(
                .unsupportedYAML,
                at: location,
                "the tag `\(name)` has no meaning here",
                fix: "Remove the tag."
            )
        }
    }

    private func location(of node: Node) -> ConfigLocation {
        ConfigLocation(file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}
