internal import JSON

/// A report as workflow commands, which GitHub Actions turns into annotations of a change's files.
///
/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
package struct GitHubReport: Sendable {
    private let report: CheckReport

    package init(_ report: CheckReport) {
        self.report = report
    }

    /// A line for each finding.
    package var lines: [String] { report.findings.map(Self.line) }

    private static func line(_ finding: CheckFinding) -> String {
        var properties = [("file", finding.place.file)]
        if let line = finding.place.line { properties.append(("line", String(line))) }
        if let column = finding.place.column { properties.append(("col", String(column))) }
        properties.append(("title", "\(finding.rule) \(finding.title)"))
        let text = properties.map { "\($0.0)=\(escaped($0.1, isProperty: true))" }.joined(separator: ",")
        return "::\(finding.severity.rawValue) \(text)::\(escaped(finding.fullText, isProperty: false))"
    }

    private static func escaped(_ text: String, isProperty: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension CheckFinding {
    /// Message, what differs, records, and advice, a line each.
    var fullText: String {
        var lines = [message]
        if let change, change.old != nil || change.new != nil {
            let old = change.old?.description.cut(to: 80) ?? "absent"
            let new = change.new?.description.cut(to: 80) ?? "absent"
            lines.append("old: \(old), new: \(new)")
        }
        lines += records?.lines ?? []
        if let first = advice.first { lines.append("fix: \(first)") }
        return lines.joined(separator: "\n")
    }
}
