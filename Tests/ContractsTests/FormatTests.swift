import Contracts
import JSON
import Testing

@Suite struct FormatTests {
    private func violations(
        _ schema: String,
        _ instance: String,
        _ formats: FormatHandling = .assertion
    ) throws -> [Violation] {
        let contract = try Contract(compiling: [UInt8](schema.utf8), formats: formats)
        return try JSONParser().withDocument(instance) { root in
            let all = contract.violations(of: root)
            #expect(contract.isValid(root, using: ValidationScratch()) == all.isEmpty)
            return all
        }
    }

    @Test func formatsRejectNothingUnlessAsked() throws {
        #expect(try violations(#"{"format":"ipv4"}"#, #""x""#, .annotation).isEmpty)
        let contract = try Contract(compiling: Array(#"{"format":"ipv4"}"#.utf8))
        try JSONParser().withDocument(#""x""#) { #expect(contract.isValid($0, using: ValidationScratch())) }
    }

    @Test func aViolationNamesTheFormatAndAnExampleButNotTheValue() throws {
        let found = try violations(#"{"properties":{"at":{"format":"date-time"}}}"#, #"{"at":"yesterday"}"#)
        #expect(found.map(\.keyword) == ["/properties/at/format"])
        #expect(
            found.map(\.message) == ["/at does not have the format date-time, such as 2024-02-29T12:30:00Z"]
        )
    }

    @Test func theExamplesOfTheMessagesHaveTheirFormats() throws {
        let names = [
            "date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6",
            "uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "json-pointer",
            "relative-json-pointer", "regex",
        ]
        for name in names {
            // No format has these: a space, an open brace, bracket and parenthesis, bytes that are no UTF-8 name.
            let found = try violations(#"{"format":"\#(name)"}"#, "\" {[(~\u{7f}%\"")
            let message = try #require(found.first?.message, "\(name) takes anything")
            let example = try #require(message.split(separator: "such as ", maxSplits: 1).last)
            #expect(try violations(#"{"format":"\#(name)"}"#, JSON.string(String(example)).description).isEmpty)
        }
    }

    @Test(arguments: SchemaDraft.allCases)
    func everyDraftAssertsEveryFormat(draft: SchemaDraft) throws {
        let schema = #"{"$schema":"\#(draft.metaschemaURI)","format":"uuid"}"#
        #expect(try violations(schema, #""x""#).count == 1)
        #expect(try violations(schema, "1").isEmpty)
        #expect(try violations(schema, #"["x"]"#).isEmpty)
        #expect(try violations(#"{"$schema":"\#(draft.metaschemaURI)","format":"colour"}"#, #""x""#).isEmpty)
    }

    @Test func textWithEscapesIsReadByItsMeaning() throws {
        #expect(try violations(#"{"format":"date"}"#, #""\u0032024-02-29""#).isEmpty)
        #expect(try violations(#"{"format":"ipv4"}"#, #""1.2.3.4\u0000""#).count == 1)
    }

    /// What the suite does not ask.
    static let readings: [(String, String, Bool)] = [
        ("date-time", "2024-02-29 12:30:00Z", false), ("date-time", "2024-02-29T12:30:00", false),
        ("date-time", "2024-02-29T12:30:00.Z", false), ("date-time", "2024-02-29T12:30Z", false),
        ("date-time", "2016-12-31T23:59:60+00:00", true), ("time", "12:30:00+24:00", false), ("time", "", false),
        ("duration", "p1D", false), ("duration", "P1DT", false), ("duration", "P1D1D", false),
        ("duration", "PT1H1M1", false),
        ("email", "a@b", true), ("email", "a@", false), ("email", "a@[IPv6:1::2]", true), ("email", "a@[x:y]", false),
        ("email", "a@[]", false), ("email", "\"a@b.example", false), ("email", "\"a\\\"b\"@c.example", true),
        ("email", "é@example.com", false), ("email", String(repeating: "a", count: 65) + "@b.example", false),
        ("idn-email", "a@-b", false), ("idn-email", "\"\u{1}\"@b", false),
        ("hostname", "ab--cd.example", true), ("idn-hostname", "ab--cd.example", false), ("hostname", "xn--", false),
        ("hostname", "a..b", false), ("idn-hostname", "a\0b", false), ("idn-hostname", "é\0b", false),
        ("ipv4", "1.2.3.4.", false), ("ipv4", "01.2.3.4", false), ("ipv4", "1.2.3", false),
        ("ipv6", ":", false), ("ipv6", ":::", false), ("ipv6", "1::2::3", false), ("ipv6", "::1:2:3:4:5:6:7", true),
        ("ipv6", "::1:2:3:4:5:6:7:8", false), ("ipv6", "1:2:3:4:5:6:7::", true), ("ipv6", "1.2.3.4::", false),
        ("ipv6", "1:2:3:4:5:6:7:1.2.3.4", false), ("ipv6", "::1.2.3", false), ("ipv6", "1:2:3:4:5::1.2.3.4", true),
        ("uri", "a:", true), ("uri", "a://[v1.x]:80/", true), ("uri", "a://[v.x]", false), ("uri", "a://[::1", false),
        ("uri", "a://[::1]x", false), ("uri", "a:%", false), ("uri", "a:b c", false), ("uri", "", false),
        ("uri-reference", "a b", false), ("iri", "a:\u{E000}", false), ("iri", "a:?\u{E000}", true),
        ("iri", "a:\u{FFFE}", false), ("uri-template", "{", false), ("uri-template", "{a", false),
        ("uri-template", "{=a}", true), ("uri-template", "{a:}", false), ("uri-template", "%4", false),
        ("uuid", "", false), ("relative-json-pointer", "0", true), ("relative-json-pointer", "#", false),
        ("regex", "", true), ("regex", "a{2", true), ("regex", "(", false),
    ]

    @Test(arguments: Self.readings)
    func readsFormatsAsTheirDocumentsSay(format: String, text: String, expected: Bool) throws {
        let found = try violations(#"{"format":"\#(format)"}"#, JSON.string(text).description)
        #expect(found.isEmpty == expected)
    }

    @Test func anyTextEndsInAVerdict() throws {
        var random = SeededRandom(seed: 7)
        let alphabet = Array("aZ09-._~:/?#[]@!$&'()*+,;=%{}\"\\ xn--TZPWé\u{301}א0١\u{200D}\u{3002}")
        for _ in 0..<2_000 {
            let text = String(
                (0..<Int.random(in: 0...12, using: &random)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            )
            for name in ["idn-email", "idn-hostname", "iri-reference", "uri-template", "time", "duration", "ipv6"] {
                _ = try violations(#"{"format":"\#(name)"}"#, JSON.string(text).description)
            }
        }
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
