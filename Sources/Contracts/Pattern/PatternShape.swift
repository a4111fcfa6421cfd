/// A pattern of a simple kind: from the start of a text one set of characters after the other, each so many times, such as
/// `^ord_[a-z0-9]{6,}$`. It is decided in one pass over the bytes, without PCRE2.
///
/// Only where taking as many characters as possible is never wrong: a set that may be met more or less often shares no
/// character with what can follow it. Only ASCII is decided, and nothing about empty sets, which PCRE2 reads in its own way
/// when they are repeated.
struct PatternShape {
    /// A set of ASCII characters, as bits, and how often one of it must and may stand there.
    struct Part {
        fileprivate var low: UInt64 = 0
        fileprivate var high: UInt64 = 0
        var least: Int32
        var most: Int32

        @inline(always)
        func contains(_ byte: UInt8) -> Bool {
            (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
        }

        fileprivate func isDisjoint(with other: Part) -> Bool { low & other.low == 0 && high & other.high == 0 }
    }

    /// Range in `ProgramStorage.shapeParts`; a negative count for a pattern that is not of this kind.
    var first: Int32 = 0
    var count: Int32 = -1
    /// Whether the text must end after the last part.
    var isWhole = false

    /// What a pattern is made of, nil when it is not of this kind.
    static func parts(of pattern: String) -> (parts: [Part], isWhole: Bool)? {
        guard case .sequence(var terms)? = RegexSyntax.parse(pattern), case .start? = terms.first else { return nil }
        terms.removeFirst()
        var isWhole = false
        if case .end? = terms.last {
            isWhole = true
            terms.removeLast()
        }
        var parts: [Part] = []
        for term in terms {
            switch term {
            case .characters([]), .repeated(.characters([]), _, _): return nil
            case .characters(let ranges): parts.append(Part(ranges, least: 1, most: 1))
            case .repeated(.characters(let ranges), let least, let most):
                parts.append(Part(ranges, least: Int32(least), most: most.map(Int32.init) ?? .max))
            default: return nil
            }
        }
        return isGreedySafe(parts) ? (parts, isWhole) : nil
    }

    private static func isGreedySafe(_ parts: [Part]) -> Bool {
        for (index, part) in parts.enumerated() where part.least < part.most {
            for follower in parts[(index + 1)...] {
                guard part.isDisjoint(with: follower) else { return false }
                if follower.least > 0 { break }
            }
        }
        return true
    }

    /// Whether the pattern is found in a text; nil when that depends on a character that is not ASCII, or the pattern is not
    /// of this kind.
    @inline(always)
    func matches(_ text: UnsafeBufferPointer<UInt8>, _ parts: Pool<Part>) -> Bool? {
        guard count >= 0 else { return nil }
        var position = 0
        for index in first..<first &+ count {
            let part = unsafe parts.address(index)
            var times: Int32 = 0
            while unsafe position < text.count && times < part.pointee.most {
                let byte = unsafe text[position]
                if byte >= 0x80 { return nil }
                guard unsafe part.pointee.contains(byte) else { break }
                position &+= 1
                times &+= 1
            }
            if unsafe times < part.pointee.least { return false }
        }
        return !isWhole || position == text.count
    }
}

extension PatternShape.Part {
    fileprivate init(_ ranges: [ClosedRange<UInt32>], least: Int32, most: Int32) {
        (self.least, self.most) = (least, most)
        for range in ranges where range.lowerBound < 128 {
            for scalar in range.lowerBound...min(range.upperBound, 127) {
                if scalar < 64 { low |= 1 << UInt64(scalar) } else { high |= 1 << UInt64(scalar - 64) }
            }
        }
    }
}

extension ProgramParts {
    /// Keeps the shape of the newest pattern.
    mutating func add(_ shape: (parts: [PatternShape.Part], isWhole: Bool)?) {
        guard let shape else { return patternShapes.append(PatternShape()) }
        patternShapes.append(
            PatternShape(first: Int32(shapeParts.count), count: Int32(shape.parts.count), isWhole: shape.isWhole)
        )
        shapeParts.append(contentsOf: shape.parts)
    }
}
