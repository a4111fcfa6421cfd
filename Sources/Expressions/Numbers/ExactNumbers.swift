internal import JSON

/// Lets numbers that a double cannot hold pass through libjq, which only knows doubles.
///
/// Each such number u gets two stand-ins: `low`, below u, and `high`, above it. The program runs once with all the low
/// ones and once with all the high ones. Both times the order of all numbers of the record and of the program's
/// literals is the true one, so sorting, grouping and comparing them is right; where the two results differ,
/// other than by a stand-in in the same place, the program did something with a number that depends on what it cannot
/// know, and the record fails. Against a number c that the program computed, too: `c < low` and `c < high` together
/// mean c < u, neither means c > u, and both runs cannot find c equal.
///
/// ```
///   9007199254740992   9007199254740993 = u   9007199254740994
///   low                                       high
/// ```
/// A double stands for the decimal that is its shortest text, as it does when it is printed. When there is no room,
/// because neighbours are numbers of the record, these move over and become stand-ins too; program literals do not.
struct ExactNumbers {
    /// From the literal of a number to its stand-in in either run; numbers that stand for themselves are absent.
    private(set) var low: [String: Double] = [:]
    private(set) var high: [String: Double] = [:]
    private var originals: [UInt64: (high: UInt64, literal: String)] = [:]

    /// Pairs of a stand-in and the literal it stands for.
    var lowPairs: [(standIn: Double, literal: String)] {
        originals.map { (Double(bitPattern: $0.key), $0.value.literal) }
    }
    var highPairs: [(standIn: Double, literal: String)] {
        originals.values.map { (Double(bitPattern: $0.high), $0.literal) }
    }

    /// - Parameters:
    ///   - numbers: every number of the record and its bindings.
    ///   - fixed: the numbers written in the program.
    /// - Throws: `.inexactNumber` when a number is beyond every double or finds no room.
    init(_ numbers: [JSONLiteral], fixed: Set<Double>) throws(ExpressionError) {
        var places = Self.places(numbers, fixed)
        var bound = Double.infinity
        for index in places.indices.reversed() {
            bound = try places[index].settleBelow(bound)
        }
        bound = -.infinity
        for index in places.indices {
            bound = try places[index].settleAbove(bound)
        }
        for place in places where place.low.bitPattern != place.high.bitPattern { note(place) }
    }

    private mutating func note(_ place: Place) {
        // One value has one literal in the results, however often the record spells it differently: the shortest.
        let shortest = place.texts.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        guard let literal = shortest else { return }
        for text in place.texts {
            low[text] = place.low
            high[text] = place.high
        }
        originals[place.low.bitPattern] = (place.high.bitPattern, literal)
    }

    /// The literal for a number that the two runs gave in the same place; nil when it is an ordinary number.
    /// - Throws: `.inexactNumber` when the runs disagree.
    func literal(low: Double, high: Double) throws(ExpressionError) -> String? {
        if let original = originals[low.bitPattern] {
            guard original.high == high.bitPattern else { throw Self.disagreement }
            return original.literal
        }
        guard low.bitPattern == high.bitPattern else { throw Self.disagreement }
        return nil
    }

    static let disagreement = ExpressionError(
        code: .inexactNumber,
        message: "the result depends on digits of a number that a double cannot hold; "
            + "pass such numbers through unchanged, or keep them as text"
    )

    private static func places(_ numbers: [JSONLiteral], _ fixed: Set<Double>) -> [Place] {
        let own = Dictionary(numbers.map { ($0.text, $0) }) { first, _ in first }.values.map { ($0, false) }
        let written = fixed.compactMap { JSONLiteral($0) }.map { ($0, true) }
        let sorted = (own + written).sorted { left, right in
            left.0.withNumber { number in right.0.withNumber { number < $0 } }
        }
        var places: [Place] = []
        for (literal, isFixed) in sorted {
            if let last = places.last, last.value == literal {
                places[places.count - 1].add(literal, isFixed: isFixed)
            } else {
                places.append(Place(literal, isFixed: isFixed))
            }
        }
        return places
    }
}

/// One value of the record, and where it goes.
private struct Place {
    let value: JSONLiteral
    let isExact: Bool
    /// A literal of the program: it cannot move.
    private(set) var isFixed: Bool
    /// How the record writes the value.
    private(set) var texts: [String] = []
    private(set) var low: Double
    private(set) var high: Double

    init(_ value: JSONLiteral, isFixed: Bool) {
        self.value = value
        self.isFixed = isFixed
        isExact = value.withNumber { $0.isExactInDouble }
        low = value.double
        high = low
        if !isFixed { texts = [value.text] }
    }

    mutating func add(_ literal: JSONLiteral, isFixed: Bool) {
        if isFixed { self.isFixed = true } else { texts.append(literal.text) }
    }

    /// Takes the highest double that is below the value and below `bound`; an exact value stays where it is if it can.
    mutating func settleBelow(_ bound: Double) throws(ExpressionError) -> Double {
        if !isExact {
            while !isBelowValue(low), low.isFinite { low = low.nextDown }
        }
        low = min(low, bound.nextDown)
        try check(low)
        return low
    }

    /// The same from the other side.
    mutating func settleAbove(_ bound: Double) throws(ExpressionError) -> Double {
        if !isExact {
            while !isAboveValue(high), high.isFinite { high = high.nextUp }
        }
        high = max(high, bound.nextUp)
        try check(high)
        return high
    }

    private func check(_ standIn: Double) throws(ExpressionError) {
        guard standIn.isFinite else {
            throw ExpressionError(
                code: .inexactNumber,
                message: "a number of the record is beyond the range of doubles"
            )
        }
        if isFixed, standIn != value.double {
            throw ExpressionError(
                code: .inexactNumber,
                message: "a number of the record is too close to one in the program to be told apart from it"
            )
        }
    }

    private func isBelowValue(_ candidate: Double) -> Bool {
        guard let text = JSONLiteral(candidate) else { return false }
        return text.withNumber { number in value.withNumber { number < $0 } }
    }

    private func isAboveValue(_ candidate: Double) -> Bool {
        guard let text = JSONLiteral(candidate) else { return false }
        return text.withNumber { number in value.withNumber { number > $0 } }
    }
}
