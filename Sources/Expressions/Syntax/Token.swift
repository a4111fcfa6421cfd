/// A lexical unit of a jq program.
struct Token {
    enum Kind {
        /// A name, keyword, or `$name` with the `$` as a token of its own before it.
        case word
        /// `.name`
        case field
        case number
        /// A string up to its end or its first `\(`; `text` is empty.
        case string
        /// `@name`
        case format
        /// Anything else: brackets, operators, characters jq does not know.
        case symbol
    }

    let kind: Kind
    let text: String
    /// UTF-8 bytes before the token.
    let offset: Int
    /// The innermost open bracket is a brace, so that a word may be the name of a member.
    let isInBraces: Bool
}

/// From bytes of a program to what a person counts.
struct ProgramText {
    let bytes: [UInt8]

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    /// The line, column and excerpt of a byte offset.
    func location(at offset: Int) -> ExpressionError.Location {
        let offset = min(max(offset, 0), bytes.count)
        let line = 1 + bytes[..<offset].count { $0 == UInt8(ascii: "\n") }
        let start = (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let column = 1 + bytes[start..<offset].count { $0 & 0xC0 != 0x80 }
        return location(line: line, column: column)
    }

    /// The excerpt of a line, with a caret under the column.
    func location(line: Int, column: Int?) -> ExpressionError.Location {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let text = lines.indices.contains(line - 1) ? String(decoding: lines[line - 1], as: UTF8.self) : ""
        return ExpressionError.Location(line: line, column: column, excerpt: Self.excerpt(of: text, column: column))
    }

    /// At most 100 scalars of the line, so that a generated program does not flood a log.
    private static func excerpt(of line: String, column: Int?) -> String {
        let scalars = Array(line.unicodeScalars)
        let first = max(0, (column ?? 1) - 70)
        var text = ""
        for scalar in scalars.dropFirst(first).prefix(100) { text.unicodeScalars.append(scalar == "\t" ? " " : scalar) }
        guard let column else { return text }
        return text + "\n" + String(repeating: " ", count: max(0, column - 1 - first)) + "^"
    }
}
