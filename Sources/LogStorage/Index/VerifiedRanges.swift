/// The parts of a segment whose checksums were found right in this process's life, as disjoint ranges in order.
///
/// At most `limit` ranges are remembered; the smallest is forgotten first and would be checked again.
struct VerifiedRanges: Sendable, Hashable {
    static let limit = 32

    private(set) var ranges: [Range<Int>] = []

    func contains(_ range: Range<Int>) -> Bool {
        ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
    }

    /// Where verified bytes that begin at or before `position` end, else `position`.
    func end(from position: Int) -> Int {
        ranges.first { $0.lowerBound <= position && position < $0.upperBound }?.upperBound ?? position
    }

    mutating func insert(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if let last = ranges.last, last.upperBound == range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            return
        }
        var merged = range
        var others: [Range<Int>] = []
        for other in ranges {
            if other.upperBound < merged.lowerBound || merged.upperBound < other.lowerBound {
                others.append(other)
            } else {
                merged = min(merged.lowerBound, other.lowerBound)..<max(merged.upperBound, other.upperBound)
            }
        }
        others.append(merged)
        if others.count > Self.limit, let least = others.indices.min(by: { others[$0].count < others[$1].count }) {
            others.remove(at: least)
        }
        ranges = others.sorted { $0.lowerBound < $1.lowerBound }
    }
}
