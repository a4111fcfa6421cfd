internal import Contracts
internal import JSON

/// Findings about one schema, as text and JSON, with their places in its file.
struct LintView {
    private let findings: [SchemaLint.Finding]
    private let file: String
    private let places: SchemaPlaces

    /// - Throws: never for a schema that compiled.
    init(_ findings: [SchemaLint.Finding], in schema: ComparedSchema, file: String) throws {
        self.findings = findings
        self.file = file
        places = try SchemaPlaces(schema)
    }

    /// As compilers show theirs: `file:line:column: warning: message [RULE]`, and the fix on a line of its own.
    func lines(_ style: Style) -> [String] {
        findings.flatMap { finding in
            let place = places.place(of: finding.pointer).map { ":\($0.line):\($0.column)" } ?? ""
            return [
                "\(file)\(place): \(style.yellow("warning")): \(finding.message) [\(finding.rule)]",
                "    fix: \(finding.fix)",
            ]
        }
    }

    /// One object for each finding.
    var json: [String] {
        findings.map { finding in
            let place = places.place(of: finding.pointer)
            var writer = JSONWriter()
            writer.object { writer in
                writer.member("v", 1)
                writer.member("rule", finding.rule)
                writer.member("severity", "warning")
                writer.member("file", file)
                writer.member("line", place?.line ?? 0)
                writer.member("column", place?.column ?? 0)
                writer.member("pointer", finding.pointer)
                writer.member("message", finding.message)
                writer.member("fix", finding.fix)
            }
            return writer.text
        }
    }
}
