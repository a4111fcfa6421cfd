import SchemaCheck
import Testing

@Suite(.timeLimit(.minutes(1))) struct ExampleTests {
    private static let v1 = #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","type":["string","null"]}"#
    private static let v2 = Self.v1.replacing(#"["string","null"]"#, with: #"["string","null","boolean"]"#)

    @Test func examplesAreOfTheNewestVersionOrOfTheOneTheyLieUnder() async {
        let report = await CheckInput.check([
            "o/v1.json": Self.v1, "o/v2.json": Self.v2, "o/examples/a.json": "true", "o/examples/b.json": "{}",
            "o/examples/v1/a.json": "true", "o/examples/v1/b.json": "null", "o/examples/v3/b.json": "null",
            "o/examples/c.json": "{\n  no",
        ])
        #expect(
            report.errorPlaces == [
                "EXAMPLE_INVALID o v2 schemas/o/examples/b.json:1:1",
                "EXAMPLE_INVALID o v2 schemas/o/examples/c.json:2:3",
                "EXAMPLE_INVALID o v1 schemas/o/examples/v1/a.json:1:1",
                "EXAMPLE_INVALID o v3 schemas/o/examples/v3/b.json",
            ]
        )
    }

    @Test func counterexamplesMustBeRefused() async {
        let report = await CheckInput.check([
            "o/v1.json": Self.v1, "o/counterexamples/a.json": "true", "o/counterexamples/b.json": "null",
            "o/counterexamples/c.json": "no JSON",
        ])
        #expect(report.errorPlaces == ["COUNTEREXAMPLE_VALID o v1 schemas/o/counterexamples/b.json"])
    }

    @Test func aSchemaAcceptsItsOwnExamples() async {
        let schema = Self.v1.replacing(#""$id":"x""#, with: #""$id":"x","examples":["a",null,7]"#)
        let report = await CheckInput.check(["o/v1.json": schema])
        #expect(report.errorPlaces == ["EXAMPLE_INVALID o v1 schemas/o/v1.json:1:33"])
        #expect(report.findings.first?.place.pointer == "/examples/2")
    }

    @Test func anExampleThatChangedIsHeldAgainstAReleasedVersion() async {
        let report = await CheckInput.check(
            ["o/v1.json": Self.v1, "o/examples/a.json": "1"],
            released: ["o/v1.json": Self.v1, "o/examples/a.json": "null"]
        )
        #expect(report.findings.map(\.rule) == ["EXAMPLE_INVALID"])
    }
}
