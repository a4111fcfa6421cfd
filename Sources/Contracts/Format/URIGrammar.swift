/// The grammar of RFC 3986, and of RFC 3987 where characters beyond ASCII are allowed.
struct URIGrammar {
    /// Whether it is the grammar of IRIs.
    let isInternational: Bool

    private static let unreserved = ASCIISet.alphanumerics.union(ASCIISet("-._~"))
    private static let subDelimiters = ASCIISet("!$&'()*+,;=")
    private static let registeredName = unreserved.union(subDelimiters)
    private static let userInfo = registeredName.union(ASCIISet(":"))
    private static let path = userInfo.union(ASCIISet("@/"))
    private static let query = path.union(ASCIISet("?"))
    private static let scheme = ASCIISet.alphanumerics.union(ASCIISet("+-."))
    /// RFC 6570 sections 2.1 to 2.3.
    static let templateLiteral = query.union(ASCIISet("#[]"))
    static let templateOperator = ASCIISet("+#./;?&=,!@|")
    static let templateName = ASCIISet.alphanumerics.union(ASCIISet("_"))

    /// `URI` of section 3: with a scheme.
    func isURI(_ text: Span<UInt8>) -> Bool {
        guard let colon = endOfScheme(text) else { return false }
        return isHierarchicalPart(text, from: colon + 1)
    }

    /// `URI-reference` of section 4.1. Without a scheme, the first segment has no colon.
    func isReference(_ text: Span<UInt8>) -> Bool {
        if let colon = endOfScheme(text) { return isHierarchicalPart(text, from: colon + 1) }
        for position in 0..<text.count {
            if text[position] == UInt8(ascii: ":") { return false }
            if isDelimiter(text[position]) { break }
        }
        return isHierarchicalPart(text, from: 0)
    }

    private func endOfScheme(_ text: Span<UInt8>) -> Int? {
        guard !text.isEmpty, ASCIISet.letters.contains(text[0]) else { return nil }
        var position = 1
        while position < text.count, Self.scheme.contains(text[position]) { position += 1 }
        return position < text.count && text[position] == UInt8(ascii: ":") ? position : nil
    }

    private func isHierarchicalPart(_ text: Span<UInt8>, from start: Int) -> Bool {
        var position = start
        if start + 1 < text.count, text[start] == UInt8(ascii: "/"), text[start + 1] == UInt8(ascii: "/") {
            position = start + 2
            while position < text.count, !isDelimiter(text[position]) { position += 1 }
            guard isAuthority(text, start + 2..<position) else { return false }
        }
        position = skip(Self.path, in: text, from: position)
        if position < text.count, text[position] == UInt8(ascii: "?") {
            position = skip(Self.query, in: text, from: position + 1, allowsPrivate: true)
        }
        if position < text.count, text[position] == UInt8(ascii: "#") {
            position = skip(Self.query, in: text, from: position + 1)
        }
        return position == text.count
    }

    /// What ends an authority: `/`, `?` or `#`.
    private func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private func isAuthority(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var position = range.lowerBound
        if let at = range.first(where: { text[$0] == UInt8(ascii: "@") }) {
            guard skip(Self.userInfo, in: text, from: position) == at else { return false }
            position = at + 1
        }
        if position < range.upperBound, text[position] == UInt8(ascii: "[") {
            guard let end = (position..<range.upperBound).first(where: { text[$0] == UInt8(ascii: "]") }),
                isLiteral(text, position + 1..<end)
            else { return false }
            position = end + 1
        } else {
            position = skip(Self.registeredName, in: text, from: position)
        }
        guard position < range.upperBound else { return position == range.upperBound }
        guard text[position] == UInt8(ascii: ":") else { return false }
        return (position + 1..<range.upperBound).allSatisfy { ASCIISet.digits.contains(text[$0]) }
    }

    /// `IPv6address` or `IPvFuture` of section 3.2.2.
    private func isLiteral(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, text[range.lowerBound] | 0x20 == UInt8(ascii: "v") else {
            return Format.isIPv6(text, range)
        }
        guard let dot = range.first(where: { text[$0] == UInt8(ascii: ".") }) else { return false }
        let version = range.lowerBound + 1..<dot
        let address = dot + 1..<range.upperBound
        return !version.isEmpty && !address.isEmpty
            && version.allSatisfy { ASCIISet.hexDigits.contains(text[$0]) }
            && address.allSatisfy { Self.userInfo.contains(text[$0]) }
    }

    /// The first place from `start` on that is neither one of the characters, nor a percent-encoded byte, nor, where
    /// it is allowed, a character beyond ASCII.
    func skip(_ allowed: ASCIISet, in text: Span<UInt8>, from start: Int, allowsPrivate: Bool = false) -> Int {
        var position = start
        while position < text.count {
            let byte = text[position]
            if allowed.contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "%"), position + 2 < text.count,
                ASCIISet.hexDigits.contains(text[position + 1]), ASCIISet.hexDigits.contains(text[position + 2])
            {
                position += 3
            } else if byte >= 0x80, isInternational, let length = lengthOfCharacter(text, position, allowsPrivate) {
                position += length
            } else {
                return position
            }
        }
        return position
    }

    /// The bytes of a `ucschar` or, where allowed, `iprivate` of RFC 3987 section 2.2; nil for other characters.
    private func lengthOfCharacter(_ text: Span<UInt8>, _ start: Int, _ allowsPrivate: Bool) -> Int? {
        let length = text[start] >= 0xF0 ? 4 : (text[start] >= 0xE0 ? 3 : 2)
        guard start + length <= text.count else { return nil }
        var scalar = UInt32(text[start]) & (0x7F >> UInt32(length))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(text[start + offset] & 0x3F) }
        switch scalar {
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: return length
        case 0xE000...0xF8FF, 0xF0000...0x10FFFF: return allowsPrivate && scalar & 0xFFFF < 0xFFFE ? length : nil
        case 0x10000...0xEFFFF: return scalar & 0xFFFF < 0xFFFE && !(0xE0000..<0xE1000 ~= scalar) ? length : nil
        default: return nil
        }
    }
}
