import Testing

/// A configuration text, and exactly what is said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
    let scenario: String
    let text: String
    let findings: String

    init(_ scenario: String, _ text: String, _ findings: String) {
        self.scenario = scenario
        self.text = text
        self.findings = findings
    }

    var testDescription: String { scenario }
}
