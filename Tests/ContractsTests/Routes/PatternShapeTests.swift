import Contracts
import JSON
import LogTesting
import Testing

/// Simple patterns are decided without PCRE2; in a group the same pattern is not simple any more.
@Suite struct PatternShapeTests {
    private static let atoms = [
        "a", "b", "[ab]", "[^a]", "[a-c]", "\\d", "\\w", ".", "\\.", "-", "ä", "[]", "[^]", "_",
    ]
    private static let quantifiers = ["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "+?"]
    private static let letters = ["a", "b", "c", "1", ".", "-", "_", "ä", "\n", "😀", "\u{0}"]

    @Test(arguments: [UInt64(21), 22, 23])
    func shapesMatchWhatPCREMatches(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let scratch = ValidationScratch()
        let parser = JSONParser()
        var found = 0
        var checked = 0
        for _ in 0..<150 {
            var pattern = "^"
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                pattern += Self.atoms.randomElement(using: &random) ?? ""
                pattern += Self.quantifiers.randomElement(using: &random) ?? ""
            }
            if Bool.random(using: &random) { pattern += "$" }
            let shape = try Contract(compiling: ["pattern": .string(pattern)] as JSON)
            let reference = try Contract(compiling: ["pattern": .string("(?:\(pattern))")] as JSON)
            for _ in 0..<40 {
                let count = Int.random(in: 0...6, using: &random)
                let text = (0..<count).map { _ in Self.letters.randomElement(using: &random) ?? "" }.joined()
                try parser.withDocument(JSON.string(text).bytes) { value in
                    let isFound = reference.isValid(value, using: scratch)
                    #expect(shape.isValid(value, using: scratch) == isFound, "seed \(seed): /\(pattern)/ in '\(text)'")
                    found += isFound ? 1 : 0
                    checked += 1
                }
            }
        }
        #expect(found > checked / 10 && found < checked * 9 / 10, "\(found) of \(checked) were found")
    }
}
