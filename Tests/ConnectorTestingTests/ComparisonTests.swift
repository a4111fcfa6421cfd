import JSON
import Testing

@testable import ConnectorTesting

@Suite struct ComparisonTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let expected: String
        let actual: String
        let allowsMore: Bool
        let differences: [String]

        var testDescription: String { "\(expected) in \(actual)" }
    }

    @Test(arguments: [
        Row(expected: #"{"a":1}"#, actual: #"{"a":1.0,"b":2}"#, allowsMore: true, differences: []),
        Row(
            expected: #"{"a":1}"#,
            actual: #"{"a":1,"b":2}"#,
            allowsMore: false,
            differences: ["/b: expected nothing, got 2"]
        ),
        Row(
            expected: #"{"a/b":{"c~":[1,{"d":null}]}}"#,
            actual: #"{"a/b":{"c~":[1,{"d":false},3]}}"#,
            allowsMore: true,
            differences: ["/a~1b/c~0/1/d: expected null, got false", "/a~1b/c~0/2: expected nothing, got 3"]
        ),
        Row(
            expected: "[1,2]",
            actual: "[1]",
            allowsMore: true,
            differences: ["/1: expected 2, got nothing"]
        ),
        Row(
            expected: "1",
            actual: #""1""#,
            allowsMore: true,
            differences: [#"the whole value: expected 1, got "1""#]
        ),
        Row(
            expected: "9007199254740993",
            actual: "9007199254740992",
            allowsMore: true,
            differences: ["the whole value: expected 9007199254740993, got 9007199254740992"]
        ),
    ])
    func differencesHaveTheirPointer(_ row: Row) throws {
        let found = JSONComparison(allowsMore: row.allowsMore)
            .differences(expected: try JSON(parsing: row.expected), actual: try JSON(parsing: row.actual))
        #expect(found.map(\.description) == row.differences)
    }

    /// Against every way of pairing, for random relations.
    @Test(arguments: 1...20)
    func asManyAsPossibleAreMatched(_ seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        let fits = (0..<4).map { _ in
            (0..<4).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state >> 62 == 0
            }
        }
        let matching = Matching(expected: 4, actual: 4) { fits[$0][$1] }
        #expect(4 - matching.unmatched.count == best(fits, from: 0, taken: []), "seed \(seed)")
        #expect(matching.left.count == matching.unmatched.count)
    }

    private func best(_ fits: [[Bool]], from row: Int, taken: Set<Int>) -> Int {
        guard row < fits.count else { return 0 }
        let placed = fits[row].indices.filter { fits[row][$0] && !taken.contains($0) }
            .map { 1 + best(fits, from: row + 1, taken: taken.union([$0])) }
        return max(best(fits, from: row + 1, taken: taken), placed.max() ?? 0)
    }
}
