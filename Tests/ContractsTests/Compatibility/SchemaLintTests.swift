import Contracts
import JSON
import Testing

@Suite struct SchemaLintTests {
    private func rules(_ schema: String, _ level: CompatibilityLevel = .backward) throws -> [String] {
        SchemaLint.findings(in: try ComparedSchema([UInt8](schema.utf8)), level: level).map {
            "\($0.rule) \($0.pointer)"
        }
    }

    private static let named = #""$schema":"http://json-schema.org/draft-07/schema#","$id":"https://x.test/a""#

    @Test func aSchemaThatSettlesEverythingHasNoFindings() throws {
        let schema = """
            {\(Self.named),"type":"object","additionalProperties":false,"required":["n"],
             "properties":{"n":{"type":"integer","minimum":0,"maximum":9},"e":{"type":"number","enum":[1,2]}}}
            """
        #expect(try rules(schema) == [])
        #expect(try rules("true") == [])
    }

    @Test func whatIsMissingAtTheRootIsSaid() throws {
        #expect(try rules("{}") == ["MISSING_ID ", "MISSING_DRAFT "])
        #expect(try rules(#"{"$schema":"http://json-schema.org/draft-04/schema#","id":"http://x.test/"}"#) == [])
    }

    @Test(arguments: [
        (CompatibilityLevel.backward, ["OPEN_CONTENT_MODEL ", "OPEN_CONTENT_MODEL /properties/o"]),
        (.forwardTransitive, ["CLOSED_CONTENT_MODEL /properties/c/additionalProperties"]),
        (
            .full,
            [
                "OPEN_CONTENT_MODEL ", "CLOSED_CONTENT_MODEL /properties/c/additionalProperties",
                "OPEN_CONTENT_MODEL /properties/o",
            ]
        ),
        (.none, []),
    ])
    func theContentModelIsATrapByLevel(_ level: CompatibilityLevel, _ expected: [String]) throws {
        let schema = """
            {\(Self.named),"properties":{
              "c":{"properties":{"x":true},"additionalProperties":false},
              "o":{"properties":{"x":true},"additionalProperties":true},
              "p":{"properties":{"x":true},"additionalProperties":{"type":"string"}},
              "none":{"type":"object"}}}
            """
        #expect(try rules(schema, level) == expected)
    }

    @Test func contentModelsThatRegistriesMisreadAreSaid() throws {
        let empty = #"{\#(Self.named),"properties":{"x":true},"additionalProperties":{}}"#
        #expect(try rules(empty) == ["EMPTY_ADDITIONAL_PROPERTIES /additionalProperties"])
        let patterns = #"{\#(Self.named),"properties":{"x":true},"patternProperties":{"^a":true}}"#
        #expect(try rules(patterns) == ["PATTERNS_HIDE_OPEN_CONTENT /patternProperties"])
    }

    @Test func numbersWithoutABoundAreSaidWithTheBoundThatIsMissing() throws {
        let schema = ComparedSchema.self
        let text = #"{\#(Self.named),"items":[{"type":"integer"},{"type":["null","number"],"exclusiveMinimum":0}]}"#
        let findings = SchemaLint.findings(in: try schema.init([UInt8](text.utf8)))
        #expect(findings.map(\.rule) == ["UNBOUNDED_NUMBER", "UNBOUNDED_NUMBER"])
        #expect(findings.map(\.pointer) == ["/items/0", "/items/1"])
        #expect(findings[0].message.hasPrefix("the number has no minimum and no maximum; "))
        #expect(findings[0].fix == "Add minimum and maximum, at least what readers can hold.")
        #expect(findings[1].message.hasPrefix("the number has no maximum; "))
    }

    @Test func requiredNamesWithoutASchemaAreSaid() throws {
        let schema = #"{\#(Self.named),"properties":{"a":true},"additionalProperties":false,"required":["a","b"]}"#
        #expect(try rules(schema) == ["REQUIRED_NOT_LISTED /required/1"])
    }

    @Test func keywordsOfAnotherDraftAreSaid() throws {
        let schema = #"{\#(Self.named),"definitions":{"a/b":{"prefixItems":[true],"unevaluatedItems":false}}}"#
        #expect(
            try rules(schema) == [
                "KEYWORD_OF_ANOTHER_DRAFT /definitions/a~1b/prefixItems",
                "KEYWORD_OF_ANOTHER_DRAFT /definitions/a~1b/unevaluatedItems",
            ]
        )
        let newest =
            #"{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"http://x.test","additionalItems":true}"#
        let findings = SchemaLint.findings(in: try ComparedSchema([UInt8](newest.utf8)))
        #expect(findings.map(\.rule) == ["KEYWORD_OF_ANOTHER_DRAFT"])
        #expect(findings.first?.fix.hasPrefix("Write the schema in draft-04 to 2019-09, or ") == true)
    }
}
