internal import ConnectorKit

/// A scaffold that lints clean.
///
/// Scaffolds write what is always required and leave the rest as comments. Some sources want one of several optional
/// keys: the first one whose line makes the file lint clean is put in force.
struct StartingFile {
    let catalogue: ConnectorCatalogue

    /// - Returns: `nil` when the catalogue has no such source or sink.
    func text(source: String, sink: String, name: String?) -> String? {
        guard let scaffold = catalogue.scaffold(source: source, sink: sink, name: name) else { return nil }
        if isClean(scaffold) { return scaffold }
        let lines = scaffold.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let candidates = lines.indices.lazy.compactMap { enforced(lines, $0)?.joined(separator: "\n") }
        return candidates.first(where: isClean) ?? scaffold
    }

    /// The lines with the key at `index` in force; `nil` where there is no key in a comment.
    private func enforced(_ lines: [String], _ index: Int) -> [String]? {
        let mark = "    # "
        guard lines[index].hasPrefix(mark) else { return nil }
        var lines = lines
        lines[index] = "    " + lines[index].dropFirst(mark.count)
        // A mapping without keys stands as `{}`.
        if let head = lines[..<index].lastIndex(where: { !$0.hasPrefix("    ") }), lines[head].hasSuffix(": {}") {
            lines[head].removeLast(3)
        }
        return lines
    }

    private func isClean(_ text: String) -> Bool {
        let environment = LintEnvironment(fileExists: { _ in true })
        return ConnectorFile(text, file: "", catalogue: catalogue, environment: environment).isUsable
    }
}
