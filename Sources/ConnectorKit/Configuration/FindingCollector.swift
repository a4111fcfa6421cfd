/// Gathers findings, and what of the text must not be shown beside them.
package struct FindingCollector: Sendable {
    package private(set) var diagnostics: [Diagnostic] = []
    /// Raw texts by line, of values that may be secrets.
    private var hidden: [ConfigLocation: String] = [:]

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    var errorCount: Int { diagnostics.count { $0.severity == .error } }

    package mutating func add(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
    }

    package mutating func error(
        _ code: DiagnosticCode,
        at location: ConfigLocation,
        _ message: String,
        fix: String
    ) {
        add(Diagnostic(code, at: location, message, fix: fix))
    }

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

    /// The findings in the order of the text, each with its line of `document`.
    package func finished(with document: ConfigDocument?) -> [Diagnostic] {
        diagnostics.sorted { ($0.location, $0.code.rawValue) < ($1.location, $1.code.rawValue) }.map { finding in
            var finding = finding
            finding.excerpt = finding.excerpt ?? document.flatMap { excerpt(for: finding.location, of: $0) }
            return finding
        }
    }

    /// A value that spans lines, or that is written with escapes, hides the rest of its first line and the lines below.
    private func excerpt(for location: ConfigLocation, of document: ConfigDocument) -> Diagnostic.Excerpt? {
        guard let line = document.line(at: location), !line.allSatisfy(\.isWhitespace) else { return nil }
        let scalars = line.unicodeScalars
        let split = scalars.index(scalars.startIndex, offsetBy: location.column - 1, limitedBy: scalars.endIndex)
        var before = String(line[..<(split ?? line.endIndex)])
        var after = String(line[(split ?? line.endIndex)...])
        for (place, text) in hidden where place.file == location.file && place.line <= location.line && !text.isEmpty {
            let isWhole = document.line(at: place)?.contains(text) == true
            if isWhole, place.line == location.line {
                before = before.replacing(text, with: "***")
                after = after.replacing(text, with: "***")
            } else if !isWhole, place.line == location.line {
                guard place.column >= location.column else { return nil }
                after = String(after.unicodeScalars.prefix(place.column - location.column)) + "***"
            } else if !isWhole, isInside(location, blockAt: place, of: document) {
                return nil
            }
        }
        return Diagnostic.Excerpt(line: before + after, column: before.unicodeScalars.count + 1)
    }

    /// Whether `location` still belongs to a value of several lines that starts at `place`: no line between the two is
    /// indented less than the key of the value.
    private func isInside(
        _ location: ConfigLocation,
        blockAt place: ConfigLocation,
        of document: ConfigDocument
    ) -> Bool {
        let indent = { (line: Substring) in line.prefix { $0 == " " || $0 == "-" }.count }
        let first = indent(document.lines[place.line - 1])
        return document.lines[place.line..<location.line].allSatisfy { $0.isEmpty || indent($0) > first }
    }
}
