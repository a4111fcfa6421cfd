extension Format {
    /// `dotted-quad` of RFC 2673 section 3.2 without leading zeros, which some read as octal.
    static func isIPv4(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count <= 15 else { return false }
        var position = range.lowerBound
        for part in 0..<4 {
            let start = position
            var value = 0
            while position < range.upperBound, position - start < 4, ASCIISet.digits.contains(text[position]) {
                value = value * 10 + Int(text[position] - UInt8(ascii: "0"))
                position += 1
            }
            let length = position - start
            guard length > 0, value <= 255, length == 1 || text[start] != UInt8(ascii: "0") else { return false }
            if part == 3 { break }
            guard position < range.upperBound, text[position] == UInt8(ascii: ".") else { return false }
            position += 1
        }
        return position == range.upperBound
    }

    /// RFC 4291 section 2.2: eight groups, one run of which may be `::`, the last two of which may be an IPv4 address.
    /// No zone.
    static func isIPv6(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count >= 2 else { return false }
        var position = range.lowerBound
        var groups = 0
        var isShortened = isColonPair(text, position, range)
        if isShortened { position += 2 }
        while position < range.upperBound {
            let end = endOfGroup(text, position, range)
            if end < range.upperBound, text[end] == UInt8(ascii: ".") {
                return isIPv4(text, position..<range.upperBound) && (isShortened ? groups <= 5 : groups == 6)
            }
            guard end > position, end - position <= 4 else { return false }
            groups += 1
            position = end
            guard position < range.upperBound else { break }
            guard text[position] == UInt8(ascii: ":"), groups < 8 else { return false }
            if isColonPair(text, position, range) {
                guard !isShortened else { return false }
                isShortened = true
                position += 2
            } else {
                position += 1
                guard position < range.upperBound else { return false }
            }
        }
        return isShortened ? groups <= 7 : groups == 8
    }

    private static func isColonPair(_ text: Span<UInt8>, _ position: Int, _ range: Range<Int>) -> Bool {
        position + 1 < range.upperBound && text[position] == UInt8(ascii: ":")
            && text[position + 1] == UInt8(ascii: ":")
    }

    private static func endOfGroup(_ text: Span<UInt8>, _ start: Int, _ range: Range<Int>) -> Int {
        var position = start
        while position < range.upperBound, ASCIISet.hexDigits.contains(text[position]) { position += 1 }
        return position
    }

    // MARK: Mail

    private static let atom = ASCIISet.alphanumerics.union(ASCIISet("!#$%&'*+-/=?^_`{|}~"))

    /// `Mailbox` of RFC 5321 section 4.1.2, in UTF-8 as RFC 6531 section 3.3 has it where that is allowed.
    /// Local parts of more than 64 bytes are none (RFC 5321 section 4.5.3.1.1).
    static func isMailbox(_ text: Span<UInt8>, isInternational: Bool) -> Bool {
        guard let at = endOfLocalPart(text, isInternational), at <= 64, at + 1 < text.count,
            text[at] == UInt8(ascii: "@")
        else { return false }
        let domain = at + 1..<text.count
        if text[at + 1] == UInt8(ascii: "[") { return isAddressLiteral(text, domain) }
        return isInternational ? isInternationalHostname(text, domain, normalizes: true) : isHostname(text, domain)
    }

    private static func endOfLocalPart(_ text: Span<UInt8>, _ isInternational: Bool) -> Int? {
        guard !text.isEmpty else { return nil }
        if text[0] == UInt8(ascii: "\"") { return endOfQuotedString(text, isInternational) }
        var position = 0
        while true {
            let start = position
            while position < text.count, atom.contains(text[position]) || isInternational && text[position] >= 0x80 {
                position += 1
            }
            guard position > start else { return nil }
            guard position < text.count, text[position] == UInt8(ascii: ".") else { return position }
            position += 1
        }
    }

    private static func endOfQuotedString(_ text: Span<UInt8>, _ isInternational: Bool) -> Int? {
        var position = 1
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"):
                guard position + 1 < text.count, text[position + 1] >= 0x20, text[position + 1] < 0x7F else {
                    return nil
                }
                position += 2
            case 0x20...0x7E: position += 1
            case 0x80...:
                guard isInternational else { return nil }
                position += 1
            default: return nil
            }
        }
        return nil
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`; no other tag is registered.
    private static func isAddressLiteral(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard range.count > 2, text[range.upperBound - 1] == UInt8(ascii: "]") else { return false }
        let inner = range.lowerBound + 1..<range.upperBound - 1
        guard text[inner.lowerBound] | 0x20 == UInt8(ascii: "i") else { return isIPv4(text, inner) }
        guard inner.count > 5, text[inner.lowerBound + 1] | 0x20 == UInt8(ascii: "p"),
            text[inner.lowerBound + 2] | 0x20 == UInt8(ascii: "v"),
            text[inner.lowerBound + 3] == UInt8(ascii: "6"), text[inner.lowerBound + 4] == UInt8(ascii: ":")
        else { return false }
        return isIPv6(text, inner.lowerBound + 5..<inner.upperBound)
    }
}
