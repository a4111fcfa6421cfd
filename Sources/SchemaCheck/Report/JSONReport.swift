internal import Contracts
internal import JSON
internal import Traffic

/// A report for programs: each finding an object on a line, without end-of-line.
package struct JSONReport: Sendable {
    private let report: CheckReport

    package init(_ report: CheckReport) {
        self.report = report
    }

    /// In the order of the report.
    package var lines: [String] {
        report.subjects.flatMap { subject in subject.findings.map { line($0, subject) } }
    }

    private func line(_ finding: CheckFinding, _ subject: SubjectReport) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("rule", finding.rule)
            writer.member("severity", finding.severity.rawValue)
            writer.member("subject", finding.subject)
            writer.member("version", Self.number(finding.version))
            writer.member("message", finding.message)
            writer.member("file", finding.place.file)
            writer.member("pointer", Self.string(finding.place.pointer))
            writer.member("line", Self.number(finding.place.line))
            writer.member("column", Self.number(finding.place.column))
            writer.array("advice") { writer in for sentence in finding.advice { writer.value(sentence) } }
            writer.member("fingerprint", finding.fingerprint)
            if let records = finding.records { writer.members(of: records) }
            guard let change = finding.change else { return }
            writer.array("against") { writer in for version in change.against { writer.value(version) } }
            writer.member("direction", change.direction.rawValue)
            writer.member("level", subject.level.rawValue)
            writer.member("policy", report.policy.rawValue)
            writer.member("path", change.path)
            writer.member("old_pointer", Self.string(change.oldPointer))
            writer.member("old", change.old ?? .null)
            writer.member("new", change.new ?? .null)
            writer.member("counterexample", change.counterexample ?? .null)
            writer.member("refusal", Self.string(change.refusal))
        }
        return writer.text
    }

    private static func string(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    private static func number(_ number: Int?) -> JSON { number.map { .number(JSONLiteral($0)) } ?? .null }
}

extension JSONWriter {
    /// Writes the members that findings of a topic have.
    mutating func members(of records: CheckFinding.Records) {
        member("topic", records.topic)
        member("records", records.count)
        member("of", records.total)
        member(examples: records.examples)
    }
}
