/// Where the readers of a log stopped: a consumer's next fetch begins there without a look-up.
struct PositionHints {
    private struct Hint {
        let offset: Int64
        let segment: LogSegment
        let position: Int
    }

    private static let limit = 16
    private var hints: [Hint] = []
    private var next = 0

    func position(of offset: Int64, in segment: LogSegment) -> Int? {
        hints.last { $0.offset == offset && $0.segment === segment }?.position
    }

    mutating func note(_ offset: Int64, in segment: LogSegment, at position: Int) {
        let hint = Hint(offset: offset, segment: segment, position: position)
        if hints.count < Self.limit {
            hints.append(hint)
        } else {
            hints[next] = hint
            next = (next + 1) % Self.limit
        }
    }

    mutating func removeAll() {
        hints.removeAll()
        next = 0
    }
}
