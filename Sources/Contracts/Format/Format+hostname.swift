extension Format {
    /// Bytes of a name in its ASCII form without the root's dot (RFC 1034 section 3.1).
    private static let longestName = 253

    /// RFC 1123 section 2.1: labels of letters, digits and inner hyphens. Labels that start with `xn--` must be A-labels
    /// of RFC 5890.
    static func isHostname(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= longestName else { return false }
        var start = range.lowerBound
        for position in start...range.upperBound
        where position == range.upperBound || text[position] == UInt8(ascii: ".") {
            guard isLabel(text, start..<position) else { return false }
            if hasACEPrefix(text, start..<position), InternationalLabel(aLabel: bytes(text, start..<position)) == nil {
                return false
            }
            start = position + 1
        }
        return true
    }

    /// RFC 5890 section 2.3.2.3: each label one of ASCII, an A-label or a U-label; the dots are those of RFC 3490
    /// section 3.1. Where a label is written from right to left, RFC 5893 section 2 holds for all. With `normalizes`,
    /// labels need not be in Normalization Form C.
    static func isInternationalHostname(_ text: Span<UInt8>, _ range: Range<Int>, normalizes: Bool) -> Bool {
        guard !range.isEmpty else { return false }
        var start = range.lowerBound
        var length = 0
        var hasRightToLeft = false
        var hasDigitFirst = false
        var position = start
        while position <= range.upperBound {
            let dot = position == range.upperBound ? 1 : lengthOfDot(text, position, range)
            guard dot > 0 else {
                position += 1
                continue
            }
            guard let label = internationalLabel(text, start..<position, normalizes) else { return false }
            length += label.asciiCount + 1
            hasRightToLeft = hasRightToLeft || label.isRightToLeft
            hasDigitFirst = hasDigitFirst || ASCIISet.digits.contains(text[start])
            position += dot
            start = position
        }
        return length - 1 <= longestName && !(hasRightToLeft && hasDigitFirst)
    }

    private static func internationalLabel(
        _ text: Span<UInt8>,
        _ range: Range<Int>,
        _ normalizes: Bool
    ) -> InternationalLabel? {
        guard range.allSatisfy({ text[$0] < 0x80 }) else {
            return InternationalLabel(uLabel: bytes(text, range), normalizes: normalizes)
        }
        guard isLabel(text, range) else { return nil }
        if hasACEPrefix(text, range) { return InternationalLabel(aLabel: bytes(text, range)) }
        let isReserved =
            range.count >= 4 && text[range.lowerBound + 2] == UInt8(ascii: "-")
            && text[range.lowerBound + 3] == UInt8(ascii: "-")
        return isReserved ? nil : InternationalLabel(asciiCount: range.count)
    }

    private static func isLabel(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 63, text[range.lowerBound] != UInt8(ascii: "-"),
            text[range.upperBound - 1] != UInt8(ascii: "-")
        else { return false }
        for position in range where text[position] != UInt8(ascii: "-") {
            guard ASCIISet.alphanumerics.contains(text[position]) else { return false }
        }
        return true
    }

    private static func hasACEPrefix(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.count >= 4 && text[range.lowerBound] | 0x20 == UInt8(ascii: "x")
            && text[range.lowerBound + 1] | 0x20 == UInt8(ascii: "n")
            && text[range.lowerBound + 2] == UInt8(ascii: "-") && text[range.lowerBound + 3] == UInt8(ascii: "-")
    }

    /// Bytes of the dot at a place: `.`, U+3002, U+FF0E or U+FF61; 0 when there is none.
    private static func lengthOfDot(_ text: Span<UInt8>, _ position: Int, _ range: Range<Int>) -> Int {
        if text[position] == UInt8(ascii: ".") { return 1 }
        guard text[position] >= 0xE3, position + 2 < range.upperBound else { return 0 }
        switch (text[position], text[position + 1], text[position + 2]) {
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x8E), (0xEF, 0xBD, 0xA1): return 3
        default: return 0
        }
    }

    private static func bytes(_ text: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count + 1)
        for position in range { bytes.append(text[position]) }
        return bytes
    }
}
