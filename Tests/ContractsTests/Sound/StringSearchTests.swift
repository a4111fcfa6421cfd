import JSON
import LogTesting
import Testing

@testable import Contracts

@Suite struct StringSearchTests {
    private func automaton(_ pattern: String) throws -> RegexAutomaton {
        try #require(RegexSyntax.parse(pattern).flatMap { RegexAutomaton($0) }, "\(pattern)")
    }

    /// Whether the automaton finds the pattern in a text.
    private func finds(_ automaton: RegexAutomaton, _ text: String) -> Bool {
        var state = 0
        for scalar in text.unicodeScalars { state = automaton.step(state, scalar.value) }
        return automaton.isMatch(state)
    }

    static let patterns = [
        "", "a", "^a", "a$", "^a$", "^ab*$", "^(ab|ba)+$", "^[^a]*$", "^a{2,3}$", "a{2}", "^a?b?$", "^\\d+\\.\\d*$",
        "[\\w-]+@",
        "^(a|$)", "(^|b)a", "^$", "\\u0061", "^.$", "\\s", "[]", "[^]", "^(?:a|b){0,2}?c", "x|^y$", "^[a-c-]+$",
        "\\x61b", "(a|b)*a(a|b)$",
    ]

    @Test(arguments: patterns)
    func agreesWithTheMatcher(pattern: String) throws {
        let automaton = try automaton(pattern)
        let knowledge = PatternKnowledge()
        var random = SeededRandom(seed: UInt64(pattern.utf8.count))
        for round in 0..<400 {
            let letters = Array("abcxy01.@- \n\u{2028}é😀".unicodeScalars)
            var text = ""
            for _ in 0..<(round % 6) { text.unicodeScalars.append(letters[Int(random.next() % UInt64(letters.count))]) }
            #expect(
                knowledge.matches(JSONName(pattern), text) == finds(automaton, text),
                "\(pattern) in \(text.debugDescription)"
            )
        }
    }

    @Test(arguments: ["(?=a)", "(?!a)", "\\bx", "(a)\\1", "\\p{L}", "a{2000}", "(?<n>a)", "a{", "(", "["])
    func leavesOtherPatternsOut(pattern: String) {
        #expect(RegexSyntax.parse(pattern) == nil)
    }

    private func search(_ matching: [String], _ excluding: [String], _ lengths: ClosedRange<Int> = 0...Int.max) throws
        -> StringSearch.Outcome
    {
        var search = StringSearch()
        search.matching = try matching.map { try automaton($0) }
        search.excluding = try excluding.map { try automaton($0) }
        (search.minLength, search.maxLength) = (lengths.lowerBound, lengths.upperBound)
        return search.run(limit: 1) { _ in true }
    }

    private func text(_ outcome: StringSearch.Outcome) -> String? {
        if case .found(let texts) = outcome { texts.first } else { nil }
    }

    private func isEmpty(_ outcome: StringSearch.Outcome) -> Bool {
        if case .empty = outcome { true } else { false }
    }

    @Test func findsTheShortestText() throws {
        #expect(text(try search(["^a*b$"], [])) == "b")
        #expect(text(try search(["^a*b$"], [], 3...9)) == "aab")
        #expect(text(try search(["^ord_[a-z0-9]{6,}$"], [])) == "ord_aaaaaa")
        #expect(text(try search(["a", "b"], ["^ab"])) == "ba")
        #expect(text(try search(["^[0-9]+$"], ["^0"])) == "1")
        #expect(text(try search(["^😀$"], [])) == "😀")
    }

    @Test func provesThatThereIsNone() throws {
        #expect(isEmpty(try search(["^ab"], ["^a"])))
        #expect(isEmpty(try search(["^a{3}$"], [], 4...9)))
        #expect(isEmpty(try search(["^[a-z]+$", "[0-9]"], [])))
        #expect(isEmpty(try search(["^\\d{4}$"], ["^[0-9]+$"])))
        #expect(isEmpty(try search([], ["^.*$", "[\\n\\r\\u2028\\u2029]"])))
        #expect(!isEmpty(try search(["^a"], ["^ab"])))
    }
}
