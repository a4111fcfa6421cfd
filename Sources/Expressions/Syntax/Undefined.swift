/// A name that libjq did not find: `foo/0 is not defined`, `$foo is not defined`, `$*label-foo is not defined`.
struct Undefined {
    private let name: String
    /// Number of arguments; nil for variables and labels.
    private let arity: Int?
    private let isLabel: Bool

    init?(_ what: String) {
        guard what.hasSuffix(" is not defined") else { return nil }
        let subject = what.dropLast(" is not defined".count)
        isLabel = subject.hasPrefix("$*label-")
        if isLabel {
            name = String(subject.dropFirst("$*label-".count))
            arity = nil
        } else if subject.hasPrefix("$") {
            name = String(subject.dropFirst())
            arity = nil
        } else {
            let parts = subject.split(separator: "/")
            guard parts.count == 2, let count = Int(parts[1]) else { return nil }
            name = String(parts[0])
            arity = count
        }
    }

    func error(in source: String, _ text: ProgramText, near offset: Int?) -> ExpressionError {
        let tokens = Lexer.tokens(of: source)
        // libjq gives the line of a function and no more, and nothing for most variables: look for the word itself.
        let found = tokens.indices.first { index in
            guard tokens[index].kind == .word, tokens[index].text == name else { return false }
            let isVariable = index > 0 && tokens[index - 1].text == "$"
            return isVariable == (arity == nil)
        }
        let place = found.map { tokens[$0].offset } ?? offset
        return ExpressionError(
            code: .undefined,
            message: sentence(tokens),
            location: place.map { text.location(at: $0) }
        )
    }

    private func sentence(_ tokens: [Token]) -> String {
        if isLabel { return "there is no `label $\(name)` around this `break`" }
        guard let arity else {
            let near = Spelling.nearest(to: name, among: variables(tokens)).map { "; did you mean `$\($0)`?" }
            return "there is no variable `$\(name)`" + (near ?? "; programs see $headers, $key and $meta")
        }
        let arities = JQLibrary.arities(of: name)
        if !arities.isEmpty {
            let counts = arities.map { String($0) }.joined(separator: " or ")
            return
                "`\(name)` takes \(counts) argument\(counts == "1" ? "" : "s"), not \(arity); `;` separates arguments"
        }
        let defined = tokens.indices.dropFirst().filter { tokens[$0 - 1].text == "def" }.map { tokens[$0].text }
        let near = Spelling.nearest(to: name, among: JQLibrary.names + defined).map { "; did you mean `\($0)`?" }
        return "there is no function `\(name)`" + (near ?? "; a field is written `.\(name)`, a text \"\(name)\"")
    }

    private func variables(_ tokens: [Token]) -> [String] {
        let own = tokens.indices.dropFirst()
            .filter { tokens[$0 - 1].text == "$" && tokens[$0].text != name }
            .map { tokens[$0].text }
        return ["headers", "key", "meta"] + own
    }
}

/// Which known word somebody may have meant.
private enum Spelling {
    /// The candidate with the fewest edits, if those are at most a third of the word.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let scored = candidates.map { (name: $0, distance: distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.utf8.count / 3) ? best.name : nil
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for (row, byte) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var cost = min(
                    previous[column + 1] + 1,
                    current[column] + 1,
                    previous[column] + (byte == other ? 0 : 1)
                )
                if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
                    cost = min(cost, before[column - 1] + 1)
                }
                current.append(cost)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
