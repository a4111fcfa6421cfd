internal import Contracts
internal import JSON

/// A report in SARIF 2.1.0 (OASIS), which code scanning tools take.
package struct SARIFReport: Sendable {
    private let report: CheckReport
    private let version: String

    /// - Parameters:
    ///   - report: what is shown.
    ///   - version: of the program.
    package init(_ report: CheckReport, version: String) {
        self.report = report
        self.version = version
    }

    /// One document.
    package var text: String {
        let findings = report.findings
        let rules = Array(Set(findings.map(\.rule))).sorted()
        let indexes = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1, $0) })
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            writer.member("version", "2.1.0")
            writer.array("runs") { writer in
                writer.object { writer in
                    write(rules, to: &writer)
                    writer.member("columnKind", "unicodeCodePoints")
                    writer.array("results") { writer in
                        for finding in findings { Self.write(finding, indexes[finding.rule] ?? 0, to: &writer) }
                    }
                }
            }
        }
        return writer.text
    }

    private func write(_ rules: [String], to writer: inout JSONWriter) {
        writer.object("tool") { writer in
            writer.object("driver") { writer in
                writer.member("name", "busbar")
                writer.member("version", version)
                writer.array("rules") { writer in
                    for rule in rules {
                        writer.object { writer in
                            writer.member("id", rule)
                            writer.object("shortDescription") { writer in writer.member("text", Self.meaning(of: rule))
                            }
                        }
                    }
                }
            }
        }
    }

    private static func meaning(of rule: String) -> String {
        if let own = CheckRule(rawValue: rule) { return own.meaning }
        let words = rule.lowercased().replacing("_", with: " ")
        return "A contract: \(words)."
    }

    private static func write(_ finding: CheckFinding, _ index: Int, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("ruleId", finding.rule)
            writer.member("ruleIndex", index)
            writer.member("level", finding.severity.rawValue)
            writer.object("message") { writer in writer.member("text", "\(finding.title): \(finding.fullText)") }
            writer.array("locations") { writer in
                writer.object { writer in
                    writer.object("physicalLocation") { writer in write(finding.place, to: &writer) }
                    if let pointer = finding.place.pointer {
                        writer.array("logicalLocations") { writer in
                            writer.object { writer in
                                writer.member("fullyQualifiedName", pointer)
                                writer.member("kind", "member")
                            }
                        }
                    }
                }
            }
            writer.object("partialFingerprints") { writer in writer.member("busbar/v1", finding.fingerprint) }
            if let change = finding.change { write(change, to: &writer) }
            if let records = finding.records { writer.object("properties") { $0.members(of: records) } }
        }
    }

    private static func write(_ place: CheckFinding.Place, to writer: inout JSONWriter) {
        writer.object("artifactLocation") { writer in writer.member("uri", uri(of: place.file)) }
        guard let line = place.line else { return }
        writer.object("region") { writer in
            writer.member("startLine", line)
            writer.member("startColumn", place.column ?? 1)
        }
    }

    private static func write(_ change: CheckFinding.Change, to writer: inout JSONWriter) {
        writer.object("properties") { writer in
            writer.array("against") { writer in for version in change.against { writer.value(version) } }
            writer.member("direction", change.direction.rawValue)
            writer.member("path", change.path)
            writer.member("old", change.old ?? .null)
            writer.member("new", change.new ?? .null)
            writer.member("counterexample", change.counterexample ?? .null)
        }
    }

    /// A path as a URI reference (RFC 3986).
    private static func uri(of path: String) -> String {
        (path.hasPrefix("/") ? "file://" : "") + PercentEncoding.path(path)
    }
}
