import ConnectorKit
import Testing

@Suite struct ScalarGrammarTests {
    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("5s", .seconds(5)), ("10m", .seconds(600)), ("1h", .seconds(3600)),
        ("7d", .seconds(604_800)), ("0s", .zero),
    ])
    func durationsGoThereAndBack(text: String, duration: Duration) {
        #expect(ScalarGrammar.duration(text) == duration)
        #expect(ScalarGrammar.text(duration) == text)
    }

    @Test(arguments: [
        "", "5", "s", "5 s", "-5s", "1.5s", "5S", "5sec", "99999999999999999999s", "9223372036854775807d", "٣s", "5s ",
    ])
    func whatIsNoDurationIsRefused(text: String) {
        #expect(ScalarGrammar.duration(text) == nil)
    }

    @Test(arguments: [
        ("64KiB", 65_536), ("1MiB", 1 << 20), ("10MB", 10_000_000), ("2GiB", 2 << 30), ("7B", 7), ("3KB", 3000),
    ])
    func sizesAreBytes(text: String, bytes: Int) {
        #expect(ScalarGrammar.size(text) == bytes)
        #expect(ScalarGrammar.text(bytes: bytes) == text)
    }

    @Test(arguments: ["10", "10M", "10mb", "9223372036854775807KB", "-1B"])
    func whatIsNoSizeIsRefused(text: String) {
        #expect(ScalarGrammar.size(text) == nil)
    }

    @Test func ratesCountPerTime() {
        #expect(ScalarGrammar.rate("50/s") == Rate(50, per: .seconds(1)))
        #expect(ScalarGrammar.rate("100/m") == Rate(100, per: .seconds(60)))
        #expect(ScalarGrammar.rate("9/h")?.description == "9/h")
        #expect(["50", "0/s", "1/d", "/s", "1.5/s"].allSatisfy { ScalarGrammar.rate($0) == nil })
    }

    @Test func percentagesAreFractions() {
        #expect(ScalarGrammar.fraction("99.9%") == 0.999)
        #expect(ScalarGrammar.fraction("0%") == 0)
        #expect(["99.9", "101%", "-1%", "nan%", "%", "0x1%", "1 %"].allSatisfy { ScalarGrammar.fraction($0) == nil })
    }

    @Test func wholeNumbersAreDecimal() {
        #expect(ScalarGrammar.integer("1_000") == 1000)
        #expect(ScalarGrammar.integer("-5") == -5)
        #expect(
            ["", "-", "1.0", "0x10", "1e3", "_1", "1_", "+1", "99999999999999999999"].allSatisfy {
                ScalarGrammar.integer($0) == nil
            }
        )
    }

    @Test(arguments: [
        ("in_flght", "in_flight"), ("flter", "filter"), ("tpoic", "topic"), ("Topic", "topic"), ("x", nil),
        ("zzzzz", nil),
    ])
    func suggestsWhatWasProbablyMeant(word: String, expected: String?) {
        #expect(Suggestion.nearest(to: word, among: ["in_flight", "filter", "topic", "timeout"]) == expected)
    }

    @Test(arguments: ["github.issues", "a", "a@v1", "a-b_c.d@v12"])
    func subjectsKeepTheirSpelling(text: String) {
        #expect(SubjectReference(text)?.description == text)
    }

    @Test(arguments: ["", "@v1", "a@1", "a@v0", "a@v", "a@v1@v2", "a b", "a/b", ".a", "ä"])
    func whatIsNoSubjectIsRefused(text: String) {
        #expect(SubjectReference(text) == nil)
    }
}
