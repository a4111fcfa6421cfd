internal import Contracts
internal import JSON

extension SubjectReview {
    /// Holds the examples of the subject, and those in its new schemas, against the versions that they are of.
    func checkExamples(_ files: SubjectFiles, _ schemas: inout ComparedVersions, into report: inout SubjectReport) {
        for example in files.examples.values.sorted(by: { $0.path < $1.path }) {
            let version = example.version ?? files.latest
            if let finding = judge(example, version, files, &schemas) { report.findings.append(finding) }
        }
        for version in report.versions {
            if let schema = schemas.schema(version) { checkKeyword(schema, into: &report) }
        }
    }

    private func judge(
        _ example: SubjectFiles.Example,
        _ version: Int,
        _ files: SubjectFiles,
        _ schemas: inout ComparedVersions
    ) -> CheckFinding? {
        let file = "\(folder)/\(example.path)"
        guard files.versions[version] != nil else {
            return CheckFinding(
                .exampleInvalid,
                subject: name,
                version: version,
                "there is no v\(version) that this could be an example of",
                at: .init(file)
            )
        }
        guard let schema = schemas.schema(version) else { return nil }
        let violations: [Violation]
        do {
            let document = try JSONDocument(example.bytes)
            violations = document.withRoot { schema.contract.violations(of: $0, limit: 1) }
        } catch {
            if example.isCounterexample { return nil }
            return CheckFinding(
                .exampleInvalid,
                subject: name,
                version: version,
                "the example is not JSON: \(error.message)",
                at: .init(file, line: error.line, column: error.column)
            )
        }
        if example.isCounterexample {
            guard violations.isEmpty else { return nil }
            return CheckFinding(
                .counterexampleValid,
                subject: name,
                version: version,
                "v\(version) accepts the document, which it should refuse",
                at: .init(file)
            )
        }
        return violations.first.map { violation in
            CheckFinding(
                .exampleInvalid,
                subject: name,
                version: version,
                "v\(version) refuses the example: \(violation.message) (\(violation.keyword))",
                at: .init(file, pointer: violation.instance, in: example.bytes)
            )
        }
    }

    /// The `examples` of the schema itself, at its root.
    private func checkKeyword(_ schema: ComparedSchema, into report: inout SubjectReport) {
        let file = path("v\(schema.version ?? 0).json")
        for (index, example) in (schema.json["examples"]?.elements ?? []).enumerated() {
            guard
                case .success(let document) = Result(catching: { () throws(JSONError) in
                    try JSONDocument(example.bytes)
                })
            else { continue }
            let violation = document.withRoot { schema.contract.violations(of: $0, limit: 1) }.first
            guard let violation else { continue }
            report.findings.append(
                CheckFinding(
                    .exampleInvalid,
                    subject: name,
                    version: schema.version,
                    "the schema refuses its own example: \(violation.message) (\(violation.keyword))",
                    at: .init(file, pointer: "/examples/\(index)\(violation.instance)", in: schema.bytes)
                )
            )
        }
    }
}
