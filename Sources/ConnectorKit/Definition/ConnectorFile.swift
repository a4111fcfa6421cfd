/// What reading a connector file came to.
package struct ConnectorFile: Sendable {
    /// `nil` when there are errors.
    package let definition: ConnectorDefinition?
    /// In the order of the file, errors and warnings.
    package let diagnostics: [Diagnostic]

    /// Whether the connector may run.
    package var isUsable: Bool { definition != nil }

    /// A file that could not even be read.
    init(failure: Diagnostic) {
        definition = nil
        diagnostics = [failure]
    }

    /// Decodes and checks a connector file. `file` is its path, for messages and to find files beside it.
    package init(
        _ text: String,
        file: String,
        catalogue: ConnectorCatalogue,
        environment: LintEnvironment
    ) {
        let document: ConfigDocument
        do {
            document = try ConfigDocument(text, file: file)
        } catch {
            definition = nil
            diagnostics = [error]
            return
        }
        var decoder = FieldDecoder()
        let fields = decoder.decode(document.root, as: catalogue.connectorFields)
        var findings = decoder.findings
        guard !findings.hasErrors else {
            definition = nil
            diagnostics = findings.finished(with: document)
            return
        }
        let definition = ConnectorDefinition(fields, catalogue: catalogue, file: file)
        ConnectorCheck(definition: definition, environment: environment).run(into: &findings)
        self.definition = findings.hasErrors ? nil : definition
        diagnostics = findings.finished(with: document)
    }

    /// The definition, for a worker that starts it.
    /// - Throws: ``ConfigurationError`` with the findings when there are errors.
    package func usableDefinition() throws(ConfigurationError) -> ConnectorDefinition {
        guard let definition else { throw ConfigurationError(diagnostics) }
        return definition
    }

    /// The findings that no single file has: connectors of one name.
    package static func findings(across definitions: [ConnectorDefinition]) -> [Diagnostic] {
        var first: [String: ConfigLocation] = [:]
        var findings: [Diagnostic] = []
        for definition in definitions {
            let place = definition.fields.location(of: "connector")
            if let other = first[definition.name] {
                findings.append(
                    Diagnostic(
                        .duplicateConnector,
                        at: place,
                        "the connector `\(definition.name)` is also defined at \(other)",
                        fix: "Rename one: both would share a consumer group."
                    )
                )
            } else {
                first[definition.name] = place
            }
        }
        return findings
    }
}
