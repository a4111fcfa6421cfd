/// A regular expression of ECMA-262 in the part that describes a regular language: no look-around, back references,
/// word boundaries or Unicode properties.
indirect enum RegexSyntax {
    /// One character out of ranges of scalars; none of them matches nothing.
    case characters([ClosedRange<UInt32>])
    case sequence([RegexSyntax])
    case choice([RegexSyntax])
    case repeated(RegexSyntax, Int, Int?)
    /// `^` and `$`: the ends of the whole text.
    case start, end

    static let anything: [ClosedRange<UInt32>] = [0...0x10FFFF]

    /// - Returns: nil for a pattern outside that part.
    static func parse(_ pattern: String) -> RegexSyntax? {
        var parser = RegexParser(rest: pattern[...].unicodeScalars)
        guard let found = parser.choice(depth: 0), parser.rest.isEmpty else { return nil }
        return found
    }

    /// Matches one of some texts as a whole.
    static func exactly(_ texts: [String]) -> RegexSyntax {
        .choice(
            texts.map { text in
                .sequence([.start] + text.unicodeScalars.map { .characters([$0.value...$0.value]) } + [.end])
            }
        )
    }

    /// All characters but those of the ranges.
    static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return result
    }
}

/// Recursive descent over the scalars of a pattern; every function gives nil for what it does not know.
private struct RegexParser {
    var rest: Substring.UnicodeScalarView

    private static let maxDepth = 50
    private static let maxRepeat = 1_000

    mutating func choice(depth: Int) -> RegexSyntax? {
        guard depth < Self.maxDepth else { return nil }
        var branches: [RegexSyntax] = []
        repeat {
            guard let branch = sequence(depth: depth) else { return nil }
            branches.append(branch)
        } while take("|")
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func sequence(depth: Int) -> RegexSyntax? {
        var parts: [RegexSyntax] = []
        while let next = rest.first, next != "|", next != ")" {
            guard let part = term(depth: depth), let repeated = quantified(part) else { return nil }
            parts.append(repeated)
        }
        return .sequence(parts)
    }

    private mutating func term(depth: Int) -> RegexSyntax? {
        guard let scalar = rest.popFirst() else { return nil }
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .characters(RegexSyntax.complement([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029]))
        case "[": return set()
        case "(": return group(depth: depth)
        case "\\": return escape().map { .characters($0) }
        case "*", "+", "?", "{", "}", "]": return nil
        default: return .characters([scalar.value...scalar.value])
        }
    }

    private mutating func group(depth: Int) -> RegexSyntax? {
        if take("?"), !take(":") { return nil }
        guard let inner = choice(depth: depth + 1), take(")") else { return nil }
        return inner
    }

    private mutating func quantified(_ part: RegexSyntax) -> RegexSyntax? {
        let bounds: (Int, Int?)
        if take("*") {
            bounds = (0, nil)
        } else if take("+") {
            bounds = (1, nil)
        } else if take("?") {
            bounds = (0, 1)
        } else if take("{") {
            guard let read = braces() else { return nil }
            bounds = read
        } else {
            return part
        }
        // Whether a quantifier is lazy changes what is captured, not what matches.
        _ = take("?")
        switch part {
        case .start, .end: return nil
        default: return .repeated(part, bounds.0, bounds.1)
        }
    }

    private mutating func braces() -> (Int, Int?)? {
        guard let least = number() else { return nil }
        if take("}") { return (least, least) }
        guard take(",") else { return nil }
        if take("}") { return (least, nil) }
        guard let most = number(), take("}"), most >= least else { return nil }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = rest.first, digit >= "0", digit <= "9" {
            rest.removeFirst()
            value = min((value ?? 0) * 10 + Int(digit.value - 0x30), Self.maxRepeat + 1)
        }
        return value.flatMap { $0 > Self.maxRepeat ? nil : $0 }
    }

    // MARK: Characters

    private mutating func set() -> RegexSyntax? {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        while !take("]") {
            guard let first = setElement() else { return nil }
            guard rest.first == "-", rest.dropFirst().first != "]" else {
                ranges.append(contentsOf: first)
                continue
            }
            rest.removeFirst()
            guard let last = setElement(), first.count == 1, last.count == 1, first[0].count == 1, last[0].count == 1,
                first[0].lowerBound <= last[0].lowerBound
            else { return nil }
            ranges.append(first[0].lowerBound...last[0].lowerBound)
        }
        return .characters(isNegated ? RegexSyntax.complement(ranges) : ranges)
    }

    private mutating func setElement() -> [ClosedRange<UInt32>]? {
        guard let scalar = rest.popFirst() else { return nil }
        if scalar == "\\" { return escape() }
        return [scalar.value...scalar.value]
    }

    private mutating func escape() -> [ClosedRange<UInt32>]? {
        guard let scalar = rest.popFirst() else { return nil }
        switch scalar {
        case "d": return [0x30...0x39]
        case "D": return RegexSyntax.complement([0x30...0x39])
        case "w": return Self.word
        case "W": return RegexSyntax.complement(Self.word)
        case "s": return Self.space
        case "S": return RegexSyntax.complement(Self.space)
        case "n": return [0x0A...0x0A]
        case "r": return [0x0D...0x0D]
        case "t": return [0x09...0x09]
        case "f": return [0x0C...0x0C]
        case "v": return [0x0B...0x0B]
        case "x": return hexadecimal(2)
        case "u": return hexadecimal(4)
        case "a"..."z", "A"..."Z", "0"..."9": return nil
        default: return [scalar.value...scalar.value]
        }
    }

    private mutating func hexadecimal(_ count: Int) -> [ClosedRange<UInt32>]? {
        let digits = String(rest.prefix(count))
        guard digits.utf8.count == count, digits.utf8.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let value = UInt32(digits, radix: 16), value & 0xF800 != 0xD800
        else { return nil }
        rest.removeFirst(count)
        return [value...value]
    }

    private static let word: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    /// WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3.
    private static let space: [ClosedRange<UInt32>] = [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ]
}
