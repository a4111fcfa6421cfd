import Contracts
import JSON
import Testing

@Suite struct PatternTests {
    private func matches(_ pattern: String, _ text: String) throws -> Bool {
        let contract = try Contract(compiling: ["pattern": .string(pattern)] as JSON)
        return try JSONParser().withDocument(JSON.string(text).bytes) {
            contract.isValid($0, using: ValidationScratch())
        }
    }

    /// ECMA-262 with the `u` flag; where PCRE2 reads the same text otherwise.
    static let readings: [(String, String, Bool)] = [
        ("^abc$", "abc\n", false), ("^.$", "\u{2028}", false), ("^.$", "\u{85}", true), ("^.$", "😀", true),
        ("^\\d$", "٣", false), ("^\\w$", "é", false), ("^\\s$", "\u{A0}", true), ("^\\s$", "\u{FEFF}", true),
        ("^\\S$", "\u{A0}", false), ("^\\S$", "a", true), ("^[\\s]$", "\u{3000}", true), ("^[\\S]$", "\u{3000}", false),
        ("^[\\S]$", "😀", true), ("^[^\\S]$", " ", true), ("^\\p{Letter}$", "π", true), ("^\\p{L}$", "1", false),
        ("^\\p{Script=Greek}$", "π", true), ("^\\p{gc=Decimal_Number}$", "٣", true), ("^\\P{Lu}$", "A", false),
        ("^[\\p{Lu}_]+$", "É_", true), ("^\\u{1F600}$", "😀", true), ("^\\ud83d\\ude00$", "😀", true),
        ("^\\u00e9$", "é", true), ("^\\x41$", "A", true), ("^[[:alpha:]]$", "a]", true), ("^[[:alpha:]]$", "z", false),
        ("^(?<y>\\d{4})-\\k<y>$", "2024-2024", true), ("^(?!x).*$", "xy", false), ("(?<=a)b", "ab", true),
        ("[]", "a", false), ("^[^]$", "\n", true), ("^\\cA$", "\u{1}", true), ("^[\\b]$", "\u{8}", true),
        ("^\\-\\/\\.$", "-/.", true), ("a{2,3}?", "aa", true), ("^\\v$", "\u{B}", true), ("^\\v$", "\n", false),
        ("^(a)?\\1b$", "b", true), ("b", "abc", true), ("^$", "", true), ("^\\0$", "\0", true),
    ]

    @Test(arguments: Self.readings)
    func readsPatternsAsECMAScriptDoes(pattern: String, text: String, expected: Bool) throws {
        #expect(try matches(pattern, text) == expected)
    }

    @Test(arguments: [
        "\\Aabc", "abc\\Z", "\\Q.\\E", "(*UTF)a", "(?i)a", "(?>a)", "(?#x)", "\\a", "\\R", "\\C", "[a", "a)", "*a",
        "\\",
        "\\p{Nothing}", "\\pL", "\\u12", "\\ud83d",
    ])
    func refusesWhatECMAScriptDoesNotKnow(pattern: String) {
        #expect(throws: ContractError.self) { try matches(pattern, "") }
    }

    @Test func matchesTextWithEscapesByItsMeaning() throws {
        let contract = try Contract(compiling: #"{"pattern":"^é\n$"}"#.utf8.map { $0 })
        try JSONParser().withDocument(#""\u00e9\n""#) { #expect(contract.isValid($0, using: ValidationScratch())) }
    }
}
