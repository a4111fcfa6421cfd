internal import JSON

/// What the strings of one place have in common.
struct TextSummary: Sendable, Equatable {
    private(set) var count = 0
    /// The formats that all of them have, the most telling first.
    private(set) var formats = Self.candidates
    /// The different ones, as UTF-8; nil when there are too many, or one is too long.
    private(set) var texts: Set<[UInt8]>? = []

    /// Formats that say something: any word is a host name and a relative reference.
    private static let candidates: [Format] = [
        .dateTime, .date, .time, .duration, .uuid, .ipv4, .ipv6, .email, .uri,
    ]

    mutating func add(_ value: JSONValue, _ bounds: InferenceBounds) {
        count += 1
        guard texts != nil || !formats.isEmpty else { return }
        var text: [UInt8] = []
        value.appendString(to: &text)
        formats.removeAll { !Self.has($0, text) }
        guard text.count <= bounds.textBytes else {
            texts = nil
            return
        }
        texts?.insert(text)
        dropTexts(beyond: bounds)
    }

    mutating func merge(_ other: TextSummary, _ bounds: InferenceBounds) {
        count += other.count
        formats.removeAll { !other.formats.contains($0) }
        guard let more = other.texts else {
            texts = nil
            return
        }
        texts?.formUnion(more)
        dropTexts(beyond: bounds)
    }

    private mutating func dropTexts(beyond bounds: InferenceBounds) {
        if let known = texts, known.count > bounds.texts { texts = nil }
    }

    /// Labels such as `kind:bug` are URIs, too; only those with an authority are meant as such.
    private static func has(_ format: Format, _ text: [UInt8]) -> Bool {
        if format == .uri, !hasAuthority(text) { return false }
        return format.accepts(text.span)
    }

    private static func hasAuthority(_ text: [UInt8]) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return false }
        return text[(colon + 1)...].starts(with: "//".utf8)
    }
}
