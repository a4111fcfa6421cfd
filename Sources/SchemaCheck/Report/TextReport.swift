internal import Contracts
internal import JSON

/// A report for people.
package struct TextReport: Sendable {
    /// Where a terminal has colours.
    package enum Ink: Sendable {
        case title, error, warning, place
    }

    private let report: CheckReport
    private let paint: @Sendable (Ink, String) -> String

    /// - Parameters:
    ///   - report: what is shown.
    ///   - paint: colours a text, or gives it back.
    package init(_ report: CheckReport, paint: @escaping @Sendable (Ink, String) -> String = { $1 }) {
        self.report = report
        self.paint = paint
    }

    /// For each subject with findings a line, then these: errors first.
    package var text: String {
        report.subjects.filter { !$0.findings.isEmpty }.map(text).joined(separator: "\n")
    }

    private func text(_ subject: SubjectReport) -> String {
        let versions =
            subject.versions.isEmpty ? "" : "  new: " + subject.versions.map { "v\($0)" }.joined(separator: ", ")
        var text = paint(.title, "\(subject.folder)/\(subject.name)") + versions
        text += "   level \(subject.level.rawValue), policy \(report.policy.rawValue)\n"
        for severity in CheckFinding.Severity.allCases {
            for finding in subject.findings where finding.severity == severity { text += self.text(finding) }
        }
        return text
    }

    private func text(_ finding: CheckFinding) -> String {
        let label = finding.severity == .error ? paint(.error, "ERROR  ") : paint(.warning, "WARNING")
        let path = finding.path.map { "  \($0)" } ?? ""
        var text = "  \(label)  \(finding.rule)\(path)  \(paint(.place, finding.place.text))\n"
        for line in lines(finding) { text += "           \(line)\n" }
        return text
    }

    private func lines(_ finding: CheckFinding) -> [String] {
        var lines: [String] = []
        if let change = finding.change, change.old != nil || change.new != nil {
            lines.append("old: \(Self.short(change.old))   new: \(Self.short(change.new))")
        }
        if let change = finding.change, let document = change.counterexample {
            let against = change.against.map { "v\($0)" }.joined(separator: ", ")
            let now = finding.version.map { "v\($0)" } ?? "new"
            let (giver, taker) = change.direction == .backward ? (against, now) : (now, against)
            lines.append("data that breaks: \(document.description)")
            lines.append(
                "                  valid under \(giver); refused by \(taker)" + (change.refusal.map { ": \($0)" } ?? "")
            )
        } else {
            lines.append(finding.message)
        }
        lines += finding.records?.lines ?? []
        for (index, sentence) in finding.advice.enumerated() {
            lines.append((index == 0 ? "fix: " : "     ") + sentence)
        }
        return lines
    }

    private static func short(_ json: JSON?) -> String { json?.description.cut(to: 80) ?? "absent" }
}
