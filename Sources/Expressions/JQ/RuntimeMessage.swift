internal import CJQ

/// From an error value that a program raised to ours, without what it quotes of the record.
enum RuntimeMessage {
    private static let maxLength = 300
    private static let kinds = ["null", "boolean", "number", "string", "array", "object"]

    /// Takes ownership of `message`.
    static func error(taking message: jv, program: String) -> ExpressionError {
        defer { unsafe jv_free(message) }
        guard unsafe jv_get_kind(message) == JV_KIND_STRING else {
            return unsafe ExpressionError(code: .runtime, message: describe(message))
        }
        let text = unsafe JQString.text(of: message)
        if text.hasPrefix(Prelude.inexactMarker) {
            let reason = text.dropFirst(Prelude.inexactMarker.count)
            return ExpressionError(code: .inexactNumber, message: "\(reason); keep such numbers as text")
        }
        if text.hasPrefix(Prelude.limitMarker) {
            return ExpressionError(
                code: .outputLimit,
                message: "the program made \(text.dropFirst(Prelude.limitMarker.count)), which is not allowed"
            )
        }
        let words = withoutValues(text, program: program)
        let isCut = words.unicodeScalars.count > maxLength
        return ExpressionError(
            code: .runtime,
            message: "the program failed: " + (isCut ? words.prefix(maxLength) + "…" : words)
        )
    }

    private static func describe(_ message: jv) -> String {
        // A `break` that reaches the top carries {"__jq": n}; every other value was passed to error().
        let kind = unsafe String(cString: jv_kind_name(jv_get_kind(message)))
        return "the program raised an error that is no text but of type \(kind); pass a text to error()"
    }

    /// Takes quoted parts of the record out of libjq's own messages (jq 1.6 builtin.c and jv_aux.c: `type_error`,
    /// `jv_get`, `f_strptime`, `f_json_parse`).
    static func withoutValues(_ text: String, program: String) -> String {
        if let end = text.firstRange(of: " (while parsing '") { return String(text[..<end.lowerBound]) }
        if text.hasPrefix("date \""), let end = text.firstRange(of: "\" does not match format ") {
            return "a date does not match the format" + " " + text[end.upperBound...]
        }
        if text.hasPrefix("Cannot index "), let quote = text.firstIndex(of: "\""), text.hasSuffix("\"") {
            let name = text[text.index(after: quote)...].dropLast()
            if program.contains(name) { return text }
            let before = text[..<quote]
            return (before.hasSuffix(" string ") ? before.dropLast("string ".count) : before) + "a text"
        }
        return withoutDumps(text)
    }

    /// `string ("secr...) and number (1) cannot be added` becomes `string and number cannot be added`.
    private static func withoutDumps(_ text: String) -> String {
        guard let open = firstDump(in: text[...]), let close = text.lastIndex(of: ")"), close > open else {
            return text
        }
        let before = text[..<open].dropLast()
        let after = text[text.index(after: close)...]
        let quoted = text[open..<close]
        let second = kinds.first { quoted.contains(") and \($0) (") }
        return before + (second.map { " and \($0)" } ?? "") + after
    }

    private static func firstDump(in text: Substring) -> String.Index? {
        kinds.compactMap { text.firstRange(of: "\($0) (") }.map { text.index(before: $0.upperBound) }.min()
    }
}
