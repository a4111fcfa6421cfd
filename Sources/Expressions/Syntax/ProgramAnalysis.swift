internal import JSON

/// What the tokens of a program tell before libjq sees it: the names it uses, and whether it may run at all.
struct ProgramAnalysis: Sendable {
    /// Functions called or defined, keywords included; names of members and variables are not in here.
    private(set) var words: Set<String> = []
    /// Variables, without `$`.
    private(set) var variables: Set<String> = []
    private(set) var symbols: Set<String> = []
    /// Names that the program defines itself.
    private(set) var definitions: Set<String> = []
    private(set) var hasFormat = false
    /// An index that is not a text or a small number as written: `.[$i]`, `.[1000000000]`.
    private(set) var hasComputedIndex = false
    /// Numbers written in the program, which stay where they are when others make room (see `ExactNumbers`).
    private(set) var literals: Set<Double> = []

    /// - Throws: `.impure` for what reaches outside the record, `.inexactNumber` for a literal that would be rounded,
    ///   `.syntax` for a program without any expression.
    init(_ source: String) throws(ExpressionError) {
        let text = ProgramText(source)
        let tokens = Lexer.tokens(of: source)
        guard !tokens.isEmpty else {
            throw ExpressionError(code: .syntax, message: "the program is empty; write `.` to take records as they are")
        }
        guard text.bytes.count <= Self.maxBytes, !text.bytes.contains(0) else {
            throw ExpressionError(
                code: .syntax,
                message:
                    "a program has at most \(Self.maxBytes) bytes and no byte zero; this one has \(text.bytes.count) bytes"
            )
        }
        for index in tokens.indices { try note(tokens, index, text) }
        hasComputedIndex = tokens.indices.contains { Self.isComputedIndex(tokens, $0) }
    }

    private static let maxBytes = 64 << 10

    private mutating func note(_ tokens: [Token], _ index: Int, _ text: ProgramText) throws(ExpressionError) {
        let token = tokens[index]
        let previous = index > 0 ? tokens[index - 1].text : ""
        switch token.kind {
        case .word where previous == "$" && tokens[index - 1].kind == .symbol:
            variables.insert(token.text)
            try Purity.check(variable: token, in: text)
        case .word where Self.isMemberName(tokens, index): break
        case .word:
            words.insert(token.text)
            if previous == "def" { definitions.insert(token.text) }
            try Purity.check(function: token, in: text)
        case .number: try note(literal: token, text)
        case .format: hasFormat = true
        case .symbol: symbols.insert(token.text)
        case .field, .string: break
        }
    }

    private mutating func note(literal token: Token, _ text: ProgramText) throws(ExpressionError) {
        // jq takes `.5` and `5.`, JSON does not; what is no number in either is libjq's to refuse.
        var digits = token.text
        if digits.hasPrefix(".") { digits = "0" + digits }
        if digits.hasSuffix(".") { digits += "0" }
        digits = Self.withoutLeadingZeros(digits)
        guard let literal = Self.literal(digits) else { return }
        guard literal.withNumber({ $0.isExactInDouble }) else {
            throw ExpressionError(
                code: .inexactNumber,
                message: "a double cannot hold \(token.text) exactly; compare such numbers as text, with tostring",
                location: text.location(at: token.offset)
            )
        }
        literals.insert(literal.double)
    }

    private static func literal(_ digits: String) -> JSONLiteral? {
        do {
            return try JSON(parsing: digits).number
        } catch {
            return nil
        }
    }

    private static func withoutLeadingZeros(_ digits: String) -> String {
        let rest = digits.drop { $0 == "0" }
        return rest.first?.isNumber == true ? String(rest) : "0" + rest
    }

    /// `{name: …}`, `{name, other}`: the word directly after the brace or a comma of the object itself.
    private static func isMemberName(_ tokens: [Token], _ index: Int) -> Bool {
        guard tokens[index].isInBraces, index > 0, ["{", ","].contains(tokens[index - 1].text) else { return false }
        guard index + 1 < tokens.count else { return true }
        return [":", ",", "}"].contains(tokens[index + 1].text)
    }

    private static func isComputedIndex(_ tokens: [Token], _ index: Int) -> Bool {
        guard tokens[index].text == "[", tokens[index].kind == .symbol, index + 2 < tokens.count else { return false }
        let (inner, after) = (tokens[index + 1], tokens[index + 2])
        if inner.text == "]" && inner.kind == .symbol { return false }
        guard after.text == "]" else { return true }
        return
            !(inner.kind == .string || (inner.kind == .number && inner.text.utf8.count <= 6 && Int(inner.text) != nil))
    }
}
