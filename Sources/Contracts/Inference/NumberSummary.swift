internal import JSON

/// What the numbers of one place have in common.
struct NumberSummary: Sendable, Equatable {
    private(set) var count = 0
    private(set) var areIntegers = true
    private(set) var least: JSONLiteral?
    private(set) var greatest: JSONLiteral?
    /// Whether a literal was too long to be remembered, so that ``least`` and ``greatest`` mean nothing.
    private(set) var isUnbounded = false

    mutating func add(_ number: JSONNumber, _ bounds: InferenceBounds) {
        count += 1
        if areIntegers, !number.isInteger { areIntegers = false }
        guard unsafe number.literalBytes.count <= bounds.textBytes else {
            isUnbounded = true
            return
        }
        if let least, let greatest, Self.isWithin(number, least, greatest) { return }
        include(JSONLiteral(number))
    }

    mutating func merge(_ other: NumberSummary) {
        count += other.count
        areIntegers = areIntegers && other.areIntegers
        isUnbounded = isUnbounded || other.isUnbounded
        for literal in [other.least, other.greatest] { literal.map { include($0) } }
    }

    /// Of equal numbers the shortest spelling stays, so that the order in which they come does not matter.
    private mutating func include(_ literal: JSONLiteral) {
        if Self.isBefore(literal, least, inOrder: { $0 < $1 }) { least = literal }
        if Self.isBefore(literal, greatest, inOrder: { $0 > $1 }) { greatest = literal }
    }

    private static func isWithin(_ number: JSONNumber, _ least: JSONLiteral, _ greatest: JSONLiteral) -> Bool {
        least.withNumber { $0 < number } && greatest.withNumber { number < $0 }
    }

    private static func isBefore(
        _ literal: JSONLiteral,
        _ bound: JSONLiteral?,
        inOrder: (JSONNumber, JSONNumber) -> Bool
    ) -> Bool {
        guard let bound else { return true }
        if literal == bound {
            return (literal.text.utf8.count, literal.text) < (bound.text.utf8.count, bound.text)
        }
        return literal.withNumber { left in bound.withNumber { inOrder(left, $0) } }
    }
}
