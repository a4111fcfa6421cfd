import ConnectorKit
import Foundation
import Testing

@Suite struct ConfigDocumentTests {
    private func parse(_ text: String, _ limits: ConfigDocument.Limits = .init()) throws(Diagnostic) -> ConfigNode {
        try ConfigDocument(text, file: "a.yaml", limits: limits).root
    }

    private func json(_ text: String) throws -> String { JSONText.text(of: try parse(text)) }

    @Test func everyNodeKnowsItsPlace() throws {
        let root = try parse("a: 1\nb:\n  - x\n  - { ü: y, d: z }\n")
        let b = try #require(root.entry("b"))
        #expect(b.keyLocation == ConfigLocation(file: "a.yaml", line: 2, column: 1))
        guard case .sequence(let elements) = b.value.content else { throw b.value.unexpected }
        #expect(elements.map(\.location.line) == [3, 4])
        #expect(elements.map(\.location.column) == [5, 5])
        #expect(elements[1].entry("d")?.keyLocation.column == 13, "columns count Unicode scalars")
    }

    @Test(arguments: [
        ("", "{}"), ("# nothing\n", "{}"), ("---\n", "{}"), ("a:\n", #"{"a":null}"#),
        (
            "a: no\nb: 012\nc: 1.50\nd: \"5\"\ne: true\nf: .inf",
            #"{"a":"no","b":"012","c":1.50,"d":"5","e":true,"f":".inf"}"#
        ),
        ("a: 12345678901234567890123", #"{"a":12345678901234567890123}"#),
        ("a: |\n  x\n  \"y\"\n", #"{"a":"x\n\"y\"\n"}"#),
    ])
    func scalarsKeepTheirText(text: String, expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test func aliasesAndMergeKeysAreFollowed() throws {
        let text = "base: &b { x: 1, y: 2 }\nother: &o { y: 9, z: 3 }\nuse:\n  <<: [ *b, *o ]\n  x: 7\nagain: *b\n"
        let expected =
            #"{"base":{"x":1,"y":2},"other":{"y":9,"z":3},"use":{"x":7,"y":2,"z":3},"again":{"x":1,"y":2}}"#
        #expect(try json(text) == expected)
    }

    @Test func quotedAndPlainSpellingsOfAKeyAreOneKey() {
        #expect(throws: Diagnostic.self) { try parse("\"a\": 1\na: 2\n") }
        #expect(YAMLFixture.finding("\"a\": 1\na: 2\n").contains("a.yaml:2:1: error: the key `a` stands twice"))
    }

    @Test func aBombOfAliasesIsRefusedBeforeItGoesOff() {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        expect(.tooLarge, text)
    }

    @Test(arguments: [
        "? *a9\n: x\n", "*a9 : x\n", "{ *a9: x }\n", "[ *a9 ]: x\n", "k: { ? [ *a9 ] : x }\n", "{ *a9 }\n",
        "{ x, [ *a9 ] }\n", "{ { x: *a9 } }\n",
    ])
    func aBombInAKeyIsRefusedBeforeItIsHashed(key: String) {
        var text = "- &a0 [x,x,x,x,x,x,x,x,x]\n"
        for level in 1...9 {
            text += "- &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",") + "]\n"
        }
        text +=
            key.split(separator: "\n").map { "- " + $0 }.joined(separator: "\n  ").replacing("- : x", with: ": x")
            + "\n"
        expect(.tooLarge, text)
    }

    @Test func anAnchorHasOneMeaning() {
        expect(.tooLarge, "a: &x [1]\nb: &x [*x]\n")
        #expect(throws: Never.self) { try parse("a: &x [1]\nb: '&y & &y'\nc: [*x, *x, *x]\n") }
    }

    @Test func jqProgramsWithStarsAndBracketsAreNoBombs() throws {
        let text = "a: '{(.k): [.x * 2]} | .y*.z'\nb: \"${env:X}: y\"\nc: what? yes\n"
        #expect(try parse(text).entry("c") != nil)
    }

    @Test(arguments: [65, 500, 999, 5000, 200_000])
    func deepNestingIsRefused(depth: Int) {
        let brackets = "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(YAMLFixture.finding(brackets).contains("error"))
        #expect(YAMLFixture.finding(String(repeating: "- ", count: depth) + "x").contains("error"))
        #expect(YAMLFixture.finding(String(repeating: "{a: ", count: depth)).contains("error"))
    }

    @Test func sixtyLevelsAreFine() throws {
        _ = try parse("a: " + String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    }

    @Test(arguments: ["\r\n", "\r", "\u{85}", "\u{2028}"])
    func placesFollowEveryLineBreak(lineBreak: String) {
        let text = ["a: 1", "zz: hunter2", "b: 1"].joined(separator: lineBreak)
        #expect(YAMLFixture.finding(text).hasPrefix("a.yaml:2:1: error: unknown key `zz` [BB1010]\nzz: ***\n^\n"))
    }

    @Test func manyFindingsAreCutShort() {
        let text = (0..<5000).map { "k\($0): hunter2\n" }.joined()
        let findings = CatalogueFixture.read(text).diagnostics
        #expect(findings.count == FindingCollector.limit + 1)
        #expect(findings.last?.message == "4804 more findings are not shown", "four keys are missing besides")
    }

    @Test func largeFilesAreRefused() {
        expect(.tooLarge, "a: " + String(repeating: "x", count: 1 << 20))
        expect(.tooLarge, String(repeating: "- x\n", count: 60_000))
    }

    /// Truncations and single-byte changes of a real file either parse or give one finding; nothing traps.
    @Test func brokenFilesNeverTrap() {
        let bytes = Array(GoodConnector.text.utf8)
        for length in stride(from: 0, through: bytes.count, by: 7) {
            _ = CatalogueFixture.read(String(decoding: bytes[..<length], as: UTF8.self))
        }
        var random = SplitMix(seed: 20_261_122)
        for _ in 0..<300 {
            var changed = bytes
            changed[Int(random.next() % UInt64(bytes.count))] =
                "{}[]:-*&!|>'\"#%@`,? \n\t\u{0}~<".utf8.map { $0 }
                .randomElement(using: &random) ?? 0
            let result = CatalogueFixture.read(String(decoding: changed, as: UTF8.self))
            #expect(result.isUsable || !result.diagnostics.isEmpty, "seed 20261122")
        }
    }

    private func expect(_ code: DiagnosticCode, _ text: String, _ location: SourceLocation = #_sourceLocation) {
        do {
            _ = try parse(text)
            Issue.record("nothing was found", sourceLocation: location)
        } catch {
            #expect(error.code == code, sourceLocation: location)
        }
    }
}

extension ConfigNode {
    fileprivate var unexpected: Diagnostic { Diagnostic(.wrongType, at: location, "found \(kind)") }
}

/// splitmix64 (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
