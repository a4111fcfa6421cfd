/// From libjq's compile errors to ours.
///
/// They read `jq: error: <what> at <top-level>, line <n>:\n<the line><spaces>`, with as many spaces as bytes of the
/// line before the place (jq 1.6 locfile.c, `locfile_locate`), or end in `<unknown location>`.
struct CompileMessage {
    let error: ExpressionError

    init(_ messages: [String], _ text: MachineText) {
        guard let first = messages.first else {
            error = ExpressionError(code: .syntax, message: "libjq refused the program without a reason")
            return
        }
        let (what, offset) = Self.take(first, text)
        let source = ProgramText(text.source)
        if let undefined = Undefined(what) {
            error = undefined.error(in: text.source, source, near: offset)
            return
        }
        let isAtEnd = what.contains("unexpected $end")
        let place = isAtEnd ? Self.lastOffset(source) : offset
        error = ExpressionError(
            code: .syntax,
            message: SyntaxSentence.make(what),
            location: place.map { source.location(at: $0) }
        )
    }

    /// What is wrong, and the byte of the program at which it is.
    private static func take(_ message: String, _ text: MachineText) -> (what: String, offset: Int?) {
        var what = Substring(message)
        if what.hasPrefix("jq: error: ") { what = what.dropFirst("jq: error: ".count) }
        let separator = " at <top-level>, line "
        guard let range = what.ranges(of: separator).last else {
            return (String(what.prefix { $0 != "\n" }), nil)
        }
        let rest = what[range.upperBound...]
        let number = rest.prefix { $0.isNumber }
        let shown = rest.dropFirst(number.count + 2).utf8.count
        let lines = text.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let line = Int(number), lines.indices.contains(line - 1) else {
            return (String(what[..<range.lowerBound]), nil)
        }
        let column = shown - lines[line - 1].count
        let start = lines[..<(line - 1)].reduce(0) { $0 + $1.count + 1 }
        let offset = start + column - text.prefix.utf8.count
        return (String(what[..<range.lowerBound]), column >= 0 && offset >= 0 ? offset : nil)
    }

    private static func lastOffset(_ source: ProgramText) -> Int {
        (source.bytes.lastIndex { $0 > UInt8(ascii: " ") } ?? -1) + 1
    }
}

/// Bison's words for a syntax error as a sentence.
private enum SyntaxSentence {
    private static let tokens = [
        "$end": "the end of the program", "INVALID_CHARACTER": "a character or bracket that does not fit",
        "IDENT": "a name", "FIELD": "a field", "LITERAL": "a number", "FORMAT": "a format such as @text",
        "QQSTRING_START": "a text", "QQSTRING_TEXT": "a text", "QQSTRING_END": "the end of a text",
        "QQSTRING_INTERP_START": "\\(", "QQSTRING_INTERP_END": ")", "REC": "..",
    ]

    static func make(_ what: String) -> String {
        let text = what.replacing(" (Unix shell quoting issues?)", with: "")
        guard let range = text.firstRange(of: "syntax error, unexpected ") else { return text }
        var parts = text[range.upperBound...].split(separator: ", expecting ", maxSplits: 1)
        guard !parts.isEmpty else { return text }
        let unexpected = name(parts.removeFirst())
        guard let expected = parts.first else { return "unexpected \(unexpected)" }
        let names = expected.components(separatedBy: " or ").map(name)
        return "unexpected \(unexpected); expected " + names.joined(separator: " or ")
    }

    private static func name(_ token: some StringProtocol) -> String {
        let plain = token.trimmingPrefix { $0 == "'" || $0 == "\"" }
        let bare = String(plain.reversed().trimmingPrefix { $0 == "'" || $0 == "\"" }.reversed())
        return tokens[bare] ?? "`\(bare)`"
    }
}

extension StringProtocol {
    fileprivate func components(separatedBy separator: String) -> [String] {
        String(self).split(separator: separator).map(String.init)
    }
}
