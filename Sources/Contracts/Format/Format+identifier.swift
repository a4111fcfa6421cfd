extension Format {
    /// The text form of RFC 9562 section 4, of any version and variant, in either case.
    static func isUUID(_ text: Span<UInt8>) -> Bool {
        guard text.count == 36 else { return false }
        for position in 0..<36 {
            let isHyphen = position == 8 || position == 13 || position == 18 || position == 23
            guard isHyphen ? text[position] == UInt8(ascii: "-") : ASCIISet.hexDigits.contains(text[position]) else {
                return false
            }
        }
        return true
    }

    /// RFC 6901 section 3, from a place to the end.
    static func isJSONPointer(_ text: Span<UInt8>, from start: Int) -> Bool {
        guard start < text.count else { return true }
        guard text[start] == UInt8(ascii: "/") else { return false }
        var position = start
        while position < text.count {
            if text[position] == UInt8(ascii: "~") {
                position += 1
                guard position < text.count, text[position] | 1 == UInt8(ascii: "1") else { return false }
            }
            position += 1
        }
        return true
    }

    /// draft-bhutton-relative-json-pointer-00 as 2020-12 refers to it: no index manipulation.
    static func isRelativeJSONPointer(_ text: Span<UInt8>) -> Bool {
        var position = 0
        while position < text.count, ASCIISet.digits.contains(text[position]) { position += 1 }
        guard position > 0, position == 1 || text[0] != UInt8(ascii: "0") else { return false }
        if position + 1 == text.count, text[position] == UInt8(ascii: "#") { return true }
        return isJSONPointer(text, from: position)
    }

    /// A regular expression of ECMA-262 with the `u` flag, as far as `Pattern` can tell.
    static func isRegularExpression(_ text: Span<UInt8>) -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for position in 0..<text.count { bytes.append(text[position]) }
        return Pattern.isExpression(String(decoding: bytes, as: UTF8.self))
    }

    /// RFC 6570 section 2, with the apostrophe that erratum 6937 allows in literals.
    static func isURITemplate(_ text: Span<UInt8>) -> Bool {
        let grammar = URIGrammar(isInternational: true)
        var position = 0
        while position < text.count {
            if text[position] == UInt8(ascii: "{") {
                guard let end = endOfExpression(text, from: position + 1) else { return false }
                position = end
            } else {
                let end = grammar.skip(URIGrammar.templateLiteral, in: text, from: position, allowsPrivate: true)
                guard end > position else { return false }
                position = end
            }
        }
        return true
    }

    /// The place after the closing brace of an expression, nil when it is none.
    private static func endOfExpression(_ text: Span<UInt8>, from start: Int) -> Int? {
        var position = start
        if position < text.count, URIGrammar.templateOperator.contains(text[position]) { position += 1 }
        while let end = endOfVariable(text, from: position) {
            guard end < text.count else { return nil }
            if text[end] == UInt8(ascii: "}") { return end + 1 }
            guard text[end] == UInt8(ascii: ",") else { return nil }
            position = end + 1
        }
        return nil
    }

    /// The place after a `varspec`: names with single dots between them, then `*` or a length of 1 to 9999.
    private static func endOfVariable(_ text: Span<UInt8>, from start: Int) -> Int? {
        let grammar = URIGrammar(isInternational: false)
        var position = start
        while true {
            let end = grammar.skip(URIGrammar.templateName, in: text, from: position)
            guard end > position else { return nil }
            position = end
            guard position < text.count, text[position] == UInt8(ascii: ".") else { break }
            position += 1
        }
        guard position < text.count else { return nil }
        if text[position] == UInt8(ascii: "*") { return position + 1 }
        guard text[position] == UInt8(ascii: ":") else { return position }
        let first = position + 1
        position = first
        while position < text.count, ASCIISet.digits.contains(text[position]) { position += 1 }
        guard position > first, position - first <= 4, text[first] != UInt8(ascii: "0") else { return nil }
        return position
    }
}
