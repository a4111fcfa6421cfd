import Contracts
import JSON
import Testing

/// To Swift's `String` the names here are equal; to JSON they are not, and nothing of one may serve for the other.
@Suite struct EquivalentNameTests {
    static let composed = "\u{E9}"
    static let decomposed = "e\u{301}"

    private func evaluate(_ schema: String, _ instance: String, resolver: SchemaResolver = .none) throws -> Bool {
        let contract = try Contract(compiling: Array(schema.utf8), uri: "test:/", resolver: resolver)
        let document = try JSONDocument(Array(instance.utf8))
        let isValid = document.withRoot { contract.isValid($0, using: ValidationScratch()) }
        let unit = try document.withRoot { try contract.evaluate($0) }
        #expect(unit.isValid == isValid)
        return isValid
    }

    private func compare(
        _ old: String,
        _ new: String,
        _ policy: CompatibilityPolicy
    ) throws -> SchemaComparison {
        policy.compare(old: try ComparedSchema(Array(old.utf8)), new: try ComparedSchema(Array(new.utf8)))
    }

    @Test func theEvaluatorKeepsAPatternForEach() throws {
        let schema = #"{"allOf":[{"pattern":"^(\#(Self.composed)|x)$"},{"pattern":"^(\#(Self.decomposed)|x)$"}]}"#
        #expect(try evaluate(schema, #""x""#))
        // Of one pattern for both, one of these would be valid.
        #expect(try !evaluate(schema, "\"\(Self.composed)\""))
        #expect(try !evaluate(schema, "\"\(Self.decomposed)\""))
    }

    @Test func identifiersAndAnchorsAreNames() throws {
        for keyword in ["$id", "$ref"] {
            let prefix = keyword == "$id" ? "#" : ""
            let schema = """
                {"definitions":{"a":{"$id":"\(prefix)\(Self.composed)","type":"null"},
                                "b":{"$id":"\(prefix)\(Self.decomposed)","type":"string"}},
                 "properties":{"a":{"$ref":"\(prefix)\(Self.composed)"},"b":{"$ref":"\(prefix)\(Self.decomposed)"}}}
                """
            #expect(try evaluate(schema, #"{"a":null,"b":""}"#))
            #expect(try !evaluate(schema, #"{"a":""}"#))
            #expect(try !evaluate(schema, #"{"b":null}"#))
        }
    }

    @Test func offeredDocumentsAreToldApart() throws {
        var documents: [JSONName: [UInt8]] = [:]
        documents[JSONName("../\(Self.composed).json")] = Array(#"{"type":"null"}"#.utf8)
        documents[JSONName("../\(Self.decomposed).json")] = Array(#"{"type":"string"}"#.utf8)
        #expect(documents.count == 2)
        for (name, valid) in [(Self.composed, "null"), (Self.decomposed, #""""#)] {
            let schema = #"{"$id":"http://a.example/b/c","allOf":[{"$ref":"../\#(name).json"}]}"#
            #expect(try evaluate(schema, valid, resolver: .offering(documents)))
            #expect(try !evaluate(schema, "1", resolver: .offering(documents)))
        }
    }

    /// The property is covered by the pattern that is spelt like it, and by that one only.
    @Test func theComparisonKeepsAPatternForEach() throws {
        let patterns =
            #""patternProperties":{"^\#(Self.composed)$":{"type":"null"},"^\#(Self.decomposed)$":{"type":"string"}}"#
        let closed = #""type":"object","additionalProperties":false,"# + patterns
        for (name, type) in [(Self.composed, "null"), (Self.decomposed, "string")] {
            let old = "{\(closed)}"
            let new = #"{\#(closed),"properties":{"\#(name)":{"type":"\#(type)"}}}"#
            #expect(try compare(old, new, .confluent).verdict == .compatible, "\(type)")
            #expect(try compare(old, new, .sound).verdict == .compatible, "\(type)")
        }
    }

    @Test(arguments: [
        (#"{"enum":["é"]}"#, "ENUM_ARRAY_CHANGED"), (#"{"const":"é"}"#, "ENUM_ARRAY_CHANGED"),
        (#"{"type":"string","pattern":"é"}"#, "PATTERN_CHANGED"), (#"{"type":"string","title":"é"}"#, "TITLE_CHANGED"),
    ])
    func aChangeOfSpellingIsAChange(schema: String, rule: String) throws {
        let old = schema.replacing("é", with: Self.composed)
        let new = schema.replacing("é", with: Self.decomposed)
        #expect(try compare(old, new, .confluent).differences.map(\.rule) == [rule])
    }

    @Test func branchesOfEitherSpellingAreTwo() throws {
        let old = #"{"oneOf":[{"const":"\#(Self.composed)"}]}"#
        let new = #"{"oneOf":[{"const":"\#(Self.composed)"},{"const":"\#(Self.decomposed)"}]}"#
        #expect(try compare(old, new, .confluent).differences.map(\.rule) == ["SUM_TYPE_EXTENDED"])
    }
}
