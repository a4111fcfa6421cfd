internal import Contracts
internal import Expressions

/// Which connectors read or write what the newest version of a subject no longer lists.
struct ConnectorReview {
    let subject: String
    /// Topics whose records obey the subject.
    let topics: Set<String>
    /// The newest version that was released; nil when there is none.
    let old: ComparedSchema?
    let new: ComparedSchema?

    func run(_ connectors: [ConnectorUse], into report: inout SubjectReport) {
        guard let old, let new else { return }
        do throws(ContractError) {
            var fields = ChangedFields(old: try SchemaFields(old), new: try SchemaFields(new))
            for connector in connectors {
                if reads(connector) { try checkReads(connector, &fields, into: &report) }
                if writes(connector) { try checkWrites(connector, &fields, into: &report) }
            }
        } catch {
            // A document that both schemas refer to was there when they were compiled.
            report.findings.append(
                CheckFinding(.schemaInvalid, subject: subject, error.message, at: .init("\(report.folder)/\(subject)"))
            )
        }
    }

    private func reads(_ connector: ConnectorUse) -> Bool {
        if connector.hasContract { return connector.contract == subject }
        return connector.inputs.contains { topics.contains($0) }
    }

    private func writes(_ connector: ConnectorUse) -> Bool {
        connector.outputs.contains { topics.contains($0) }
    }

    private func checkReads(
        _ connector: ConnectorUse,
        _ fields: inout ChangedFields,
        into report: inout SubjectReport
    ) throws(ContractError) {
        for read in ConnectorPaths(connector).reads where try fields.isOutermostGone(read.path) {
            let text = Self.text(of: read.path)
            report.findings.append(
                CheckFinding(
                    .fieldReadGone,
                    subject: subject,
                    version: new?.version,
                    "connector \(connector.name) reads \(text) (\(read.line):\(read.column) of its program), which "
                        + "v\(old?.version ?? 0) lists and v\(new?.version ?? 0) does not",
                    at: .init(connector.file, line: read.program.line, column: read.program.column),
                    advice: [
                        "Change the connector first, so that it can do without \(text); or keep \(text) in the schema."
                    ]
                )
            )
        }
    }

    private func checkWrites(
        _ connector: ConnectorUse,
        _ fields: inout ChangedFields,
        into report: inout SubjectReport
    ) throws(ContractError) {
        let place = connector.steps.last { if case .map = $0 { true } else { false } }
        guard case .map(let program)? = place else { return }
        for path in ConnectorPaths(connector).writes where try fields.isOutermostGone(path) {
            let text = Self.text(of: path)
            report.findings.append(
                CheckFinding(
                    .fieldWrittenGone,
                    subject: subject,
                    version: new?.version,
                    "connector \(connector.name) writes \(text), which v\(old?.version ?? 0) lists and "
                        + "v\(new?.version ?? 0) does not",
                    at: .init(connector.file, line: program.line, column: program.column),
                    advice: ["Take \(text) out of the connector's map; or keep \(text) in the schema."]
                )
            )
        }
    }

    private static func text(of path: [ProgramPaths.Step]) -> String {
        let text = path.map(\.text).joined()
        return text.hasPrefix(".") ? text : "." + text
    }
}

/// Two versions, asked for the same places.
private struct ChangedFields {
    var old: SchemaFields
    var new: SchemaFields

    /// Whether the place went away and what it is in did not.
    mutating func isOutermostGone(_ path: [ProgramPaths.Step]) throws(ContractError) -> Bool {
        guard try isGone(path) else { return false }
        return path.isEmpty ? false : !(try isGone(path.dropLast()))
    }

    private mutating func isGone(_ path: some Collection<ProgramPaths.Step>) throws(ContractError) -> Bool {
        let steps = path.map { step -> SchemaFields.Step in
            switch step {
            case .member(let name): .member(name)
            case .element: .element
            }
        }
        guard try old.presence(of: steps) == .listed else { return false }
        return try new.presence(of: steps) == .absent
    }
}
