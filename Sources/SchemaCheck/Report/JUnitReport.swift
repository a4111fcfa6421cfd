/// A report as JUnit's XML: a suite for the check, a case for each subject that was looked into.
package struct JUnitReport: Sendable {
    private let report: CheckReport

    package init(_ report: CheckReport) {
        self.report = report
    }

    /// One document.
    package var text: String {
        let failed = report.subjects.count { $0.errors > 0 }
        let counts = "tests=\"\(report.subjects.count)\" failures=\"\(failed)\" errors=\"0\" skipped=\"0\""
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        xml += "<testsuites name=\"busbar schema check\" \(counts)>\n"
        xml += "  <testsuite name=\"busbar schema check\" \(counts)>\n"
        for subject in report.subjects { xml += Self.testCase(subject) }
        return xml + "  </testsuite>\n</testsuites>\n"
    }

    private static func testCase(_ subject: SubjectReport) -> String {
        let head = "    <testcase classname=\"\(escaped(subject.folder))\" name=\"\(escaped(subject.name))\""
        if subject.findings.isEmpty { return head + "/>\n" }
        var xml = head + ">\n"
        let errors = subject.findings.filter { $0.severity == .error }
        if let first = errors.first {
            // A case has one failure in what reads these files; its text has them all.
            let more = errors.count > 1 ? " and \(errors.count - 1) more" : ""
            let type = "type=\"\(escaped(first.rule))\""
            xml += "      <failure \(type) message=\"\(escaped("\(first.rule): \(first.message)\(more)"))\">"
            xml += escaped(errors.map(text).joined(separator: "\n")) + "</failure>\n"
        }
        let warnings = subject.findings.filter { $0.severity == .warning }
        if !warnings.isEmpty {
            xml += "      <system-out>\(escaped(warnings.map(text).joined(separator: "\n")))</system-out>\n"
        }
        return xml + "    </testcase>\n"
    }

    private static func text(_ finding: CheckFinding) -> String {
        "\(finding.place.text): \(finding.severity.rawValue): \(finding.rule): \(finding.fullText)"
    }

    /// Characters that XML 1.0 has, with those that mean something to it as references.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                escaped.unicodeScalars.append(scalar)
            default: escaped += "\u{FFFD}"
            }
        }
        return escaped
    }
}
