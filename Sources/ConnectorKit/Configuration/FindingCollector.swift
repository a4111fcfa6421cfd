/// Gathers findings, and what of the text must not be shown beside them.
package struct FindingCollector: Sendable {
    /// In the order in which they were found, without excerpts.
    package private(set) var diagnostics: [Diagnostic] = []
    /// Raw texts by line, of values that may be secrets.
    private var hidden: [ConfigLocation: String] = [:]

    /// No findings.
    package init() {}

    /// Whether anything found keeps the file from being used.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    var errorCount: Int { diagnostics.count { $0.severity == .error } }

    /// Adds a finding that is ready.
    package mutating func add(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
    }

    /// Adds an error.
    package mutating func error(
        _ code: DiagnosticCode,
        at location: ConfigLocation,
        _ message: String,
        fix: String
    ) {
        add(Diagnostic(code, at: location, message, fix: fix))
    }

    /// Adds a warning.
    package mutating func warning(
        _ code: DiagnosticCode,
        at location: ConfigLocation,
        _ message: String,
        fix: String
    ) {
        add(Diagnostic(code, .warning, at: location, message, fix: fix))
    }

    /// Blots out every scalar under `node` wherever an excerpt would show it.
    package mutating func hide(_ node: ConfigNode) {
        switch node.content {
        case .scalar(let text, _): hidden[node.location] = text
        case .sequence(let elements): for element in elements { hide(element) }
        case .mapping(let entries): for entry in entries { hide(entry.value) }
        }
    }

    /// How many findings are shown; who made more mistakes made one many times.
    package static let limit = 200

    /// The findings in the order of the text, each with its line of `document`.
    package func finished(with document: ConfigDocument?) -> [Diagnostic] {
        let sorted = diagnostics.sorted { ($0.location, $0.code.rawValue) < ($1.location, $1.code.rawValue) }
        var shown = Array(sorted.prefix(Self.limit))
        if let document {
            let redaction = Redaction(of: document, hiding: hidden)
            for index in shown.indices where shown[index].excerpt == nil {
                shown[index].excerpt = redaction.excerpt(at: shown[index].location)
            }
        }
        let rest = sorted.dropFirst(Self.limit)
        guard let next = rest.first else { return shown }
        let severity: Diagnostic.Severity = rest.contains { $0.severity == .error } ? .error : .warning
        let message = "\(rest.count) more findings are not shown"
        return shown + [
            Diagnostic(.tooMany, severity, at: next.location, message, fix: "Correct the ones above first.")
        ]
    }
}
