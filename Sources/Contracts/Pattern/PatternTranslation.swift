/// Turns a regular expression of ECMA-262 (the dialect JSON Schema recommends, with the `u` flag) into PCRE2's.
///
/// What differs and is rewritten: `.` and `\s` (other sets of characters), `[` inside a class (POSIX classes),
/// surrogate pairs of `\u` escapes, long names of Unicode properties. What PCRE2 would take but ECMA-262 does not
/// (`\A`, `(*VERB)`, inline options) is refused, since another validator would read it otherwise.
struct PatternTranslation {
    private var rest: Substring.UnicodeScalarView
    private var output = ""
    private var isInClass = false
    /// Whether the class that is open has had no element yet.
    private var isClassStart = false

    static func translate(_ pattern: String) throws(ContractError) -> String {
        var translation = PatternTranslation(rest: pattern[...].unicodeScalars)
        while let scalar = translation.rest.popFirst() { try translation.append(scalar) }
        return translation.output
    }

    private init(rest: Substring.UnicodeScalarView) {
        self.rest = rest
    }

    private mutating func append(_ scalar: Unicode.Scalar) throws(ContractError) {
        if scalar == "\\" { return try escape() }
        if isInClass {
            if scalar == "[" { output += "\\" }
            output.unicodeScalars.append(scalar)
            if scalar == "]" { isInClass = false }
            return
        }
        switch scalar {
        case ".": output += "[^\\n\\r\\u2028\\u2029]"
        case "[": openClass()
        case "(": try openGroup()
        default: output.unicodeScalars.append(scalar)
        }
    }

    private mutating func openClass() {
        isInClass = true
        output += "["
        if rest.first == "^" {
            rest.removeFirst()
            output += "^"
        }
    }

    private mutating func openGroup() throws(ContractError) {
        output += "("
        if rest.first == "*" { throw Self.invalid("'(*' starts nothing in ECMA-262") }
        guard rest.first == "?" else { return }
        let kinds = ["?:", "?=", "?!", "?<"]
        guard kinds.contains(String(rest.prefix(2))) else {
            throw Self.invalid(
                "'(?' must be followed by ':', '=', '!', '<=', '<!' or '<name>'; flags have no form here"
            )
        }
    }

    private mutating func escape() throws(ContractError) {
        guard let scalar = rest.popFirst() else { throw Self.invalid("it ends with a backslash") }
        switch scalar {
        case "s": output += isInClass ? Self.space : "[\(Self.space)]"
        case "S": output += isInClass ? Self.notSpace : "[\(Self.notSpace)]"
        case "p", "P": try property(scalar)
        case "u": try unicodeEscape()
        case "d", "D", "w", "W", "b", "f", "n", "r", "t", "v", "x", "c", "k", "0"..."9":
            if scalar == "v" { output += "\\x0b" } else { output += "\\" + String(scalar) }
        case "B" where !isInClass: output += "\\B"
        case "a"..."z", "A"..."Z": throw Self.invalid("'\\\(scalar)' has no meaning in ECMA-262")
        default:
            output += "\\"
            output.unicodeScalars.append(scalar)
        }
    }

    private mutating func unicodeEscape() throws(ContractError) {
        if rest.first == "{" {
            output += "\\u"
            return
        }
        let unit = try hexUnit()
        guard unit & 0xFC00 == 0xD800 else {
            output += "\\u" + Self.fourDigits(unit)
            return
        }
        guard rest.starts(with: "\\u".unicodeScalars) else { throw Self.invalid("it has half of a surrogate pair") }
        rest.removeFirst(2)
        let low = try hexUnit()
        guard low & 0xFC00 == 0xDC00 else { throw Self.invalid("it has half of a surrogate pair") }
        output += "\\u{" + String(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF), radix: 16) + "}"
    }

    private mutating func hexUnit() throws(ContractError) -> UInt32 {
        let digits = String(rest.prefix(4))
        guard digits.unicodeScalars.count == 4, let unit = UInt32(digits, radix: 16) else {
            throw Self.invalid("\\u must be followed by four hexadecimal digits or {…}")
        }
        rest.removeFirst(4)
        return unit
    }

    private mutating func property(_ letter: Unicode.Scalar) throws(ContractError) {
        guard rest.first == "{", let end = rest.firstIndex(of: "}") else {
            throw Self.invalid("'\\\(letter)' must be followed by a Unicode property in braces")
        }
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        rest = rest[rest.index(after: end)...]
        output += "\\" + String(letter) + "{" + Self.propertyName(name) + "}"
    }

    /// PCRE2 10.40 and later know scripts and short names; ECMA-262 also has `gc=` and long names of categories.
    private static func propertyName(_ name: String) -> String {
        let parts = name.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return categories[name] ?? name }
        switch parts[0] {
        case "General_Category", "gc": return categories[String(parts[1])] ?? String(parts[1])
        case "Script", "sc": return "sc:" + parts[1]
        case "Script_Extensions", "scx": return "scx:" + parts[1]
        default: return name
        }
    }

    private static func fourDigits(_ unit: UInt32) -> String {
        let text = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - text.count) + text
    }

    private static func invalid(_ reason: String) -> ContractError {
        ContractError(.invalidPattern, "the pattern is no regular expression of ECMA-262: \(reason)")
    }

    /// WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3.
    private static let space =
        "\\x09-\\x0d\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
    private static let notSpace =
        "\\x00-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e"
        + "\\u2060-\\u2fff\\u3001-\\ud7ff\\ue000-\\ufefe\\uff00-\\u{10ffff}"

    /// Values of General_Category with the long names of the Unicode character database.
    private static let categories = [
        "Letter": "L", "Cased_Letter": "L&", "LC": "L&", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll",
        "Titlecase_Letter": "Lt", "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M",
        "Combining_Mark": "M", "Nonspacing_Mark": "Mn", "Spacing_Mark": "Mc", "Enclosing_Mark": "Me",
        "Number": "N", "Decimal_Number": "Nd", "digit": "Nd", "Letter_Number": "Nl", "Other_Number": "No",
        "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc", "Dash_Punctuation": "Pd",
        "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
        "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm",
        "Currency_Symbol": "Sc", "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z",
        "Space_Separator": "Zs", "Line_Separator": "Zl", "Paragraph_Separator": "Zp", "Other": "C",
        "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs", "Private_Use": "Co", "Unassigned": "Cn",
    ]
}
