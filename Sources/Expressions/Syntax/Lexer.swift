/// Splits a jq program into tokens as jq 1.6's `lexer.l` does.
///
/// It decides nothing about syntax, which is libjq's: what jq does not know becomes a `symbol`, an open string ends
/// with the program.
struct Lexer {
    private let bytes: [UInt8]
    private var position = 0
    /// Open brackets, innermost last; `interpolation` is a `\(` inside a string.
    private var open: [UInt8] = []
    private(set) var tokens: [Token] = []

    private static let interpolation = UInt8(ascii: "\\")
    private static let operators = [
        "?//", "//=", "!=", "==", "//", "|=", "+=", "-=", "*=", "/=", "%=", "<=", ">=", "..",
    ].map { Array($0.utf8) }

    static func tokens(of source: String) -> [Token] {
        var lexer = Lexer(bytes: Array(source.utf8))
        while lexer.position < lexer.bytes.count { lexer.scan() }
        return lexer.tokens
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func scan() {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"): position += 1
        case UInt8(ascii: "#"): skip { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        case UInt8(ascii: "\""): openString()
        case UInt8(ascii: "@"): name(.format)
        case UInt8(ascii: "."), UInt8(ascii: "0")...UInt8(ascii: "9"): dotOrNumber()
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            append(.symbol, from: position, to: position + 1)
            open.append(byte)
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): closeBracket()
        default:
            if Self.isNameStart(byte) { word() } else { symbol() }
        }
    }

    private mutating func skip(_ isPart: (UInt8) -> Bool) {
        while position < bytes.count, isPart(bytes[position]) { position += 1 }
    }

    private mutating func append(_ kind: Token.Kind, from start: Int, to end: Int) {
        tokens.append(
            Token(
                kind: kind,
                text: kind == .string ? "" : String(decoding: bytes[start..<end], as: UTF8.self),
                offset: start,
                isInBraces: open.last == UInt8(ascii: "{")
            )
        )
        position = end
    }

    private mutating func openString() {
        append(.string, from: position, to: position + 1)
        continueString()
    }

    private mutating func continueString() {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            guard byte == UInt8(ascii: "\\"), position < bytes.count else { continue }
            if bytes[position] == UInt8(ascii: "(") {
                open.append(Self.interpolation)
                append(.symbol, from: position - 1, to: position + 1)
                return
            }
            position += 1
        }
    }

    private mutating func closeBracket() {
        let start = position
        let opened = open.popLast()
        append(.symbol, from: start, to: start + 1)
        if opened == Self.interpolation { continueString() }
    }

    /// `.name`, `..`, `.` or a literal; jq takes `[0-9.]+([eE][+-]?[0-9]+)?` for one.
    private mutating func dotOrNumber() {
        let start = position
        if bytes[start] == UInt8(ascii: "."), start + 1 < bytes.count, Self.isNameStart(bytes[start + 1]) {
            return name(.field)
        }
        skip { $0 == UInt8(ascii: ".") || Self.isDigit($0) }
        guard bytes[start..<position].contains(where: Self.isDigit) else {
            return append(.symbol, from: start, to: position)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            var end = position + 1
            if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
            let digits = end
            while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
            if end > digits { position = end }
        }
        append(.number, from: start, to: position)
    }

    private mutating func name(_ kind: Token.Kind) {
        let start = position
        position += 1
        skip(Self.isNamePart)
        append(kind, from: start, to: position)
    }

    private mutating func word() {
        let start = position
        skip(Self.isNamePart)
        while position + 2 < bytes.count, bytes[position] == UInt8(ascii: ":"),
            bytes[position + 1] == UInt8(ascii: ":"), Self.isNameStart(bytes[position + 2])
        {
            position += 2
            skip(Self.isNamePart)
        }
        append(.word, from: start, to: position)
    }

    private mutating func symbol() {
        for candidate in Self.operators where bytes[position...].starts(with: candidate) {
            return append(.symbol, from: position, to: position + candidate.count)
        }
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        append(.symbol, from: position, to: end)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
}
