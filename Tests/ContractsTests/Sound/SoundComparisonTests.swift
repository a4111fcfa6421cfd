import Contracts
import JSON
import Testing

/// What the policy says of single changes, with the counterexample that it shows.
@Suite struct SoundComparisonTests {
    static func compare(_ old: String, _ new: String) throws -> SchemaComparison {
        let (old, new) = (try ComparedSchema([UInt8](old.utf8)), try ComparedSchema([UInt8](new.utf8)))
        let result = CompatibilityPolicy.sound.compare(old: old, new: new)
        try SoundVerdict.check(result, old: old, new: new, "\(result.differences)")
        return result
    }

    @Test func harmlessDifferencesMayBeLeftOutOfWhatIsCompatible() throws {
        let narrow = try ComparedSchema([UInt8](#"{"type":"string","maxLength":3}"#.utf8))
        let wide = try ComparedSchema([UInt8](#"{"type":"string","maxLength":9}"#.utf8))
        #expect(
            CompatibilityPolicy.sound.compare(old: narrow, new: wide).differences.map(\.rule) == [
                "MAX_LENGTH_INCREASED"
            ]
        )
        let brief = CompatibilityPolicy.sound.compare(old: narrow, new: wide, listsHarmless: false)
        #expect(brief.verdict == .compatible)
        #expect(brief.differences.isEmpty)
        let refused = CompatibilityPolicy.sound.compare(old: wide, new: narrow, listsHarmless: false)
        #expect(refused.verdict == .incompatible)
        #expect(refused.differences.map(\.rule) == ["MAX_LENGTH_DECREASED"])
    }

    struct Refusal {
        let old: String
        let new: String
        let rule: String
        let pointer: String?
        let counterexample: String
        let keyword: String
    }

    static let refusals = [
        Refusal(
            old: #"{"type":"string","maxLength":9}"#,
            new: #"{"type":"string","maxLength":3}"#,
            rule: "MAX_LENGTH_DECREASED",
            pointer: "/maxLength",
            counterexample: #""aaaa""#,
            keyword: "/maxLength"
        ),
        Refusal(
            old: #"{"properties":{"a":{"type":"string"}},"type":"object"}"#,
            new: #"{"properties":{"a":{"type":"string"},"b":{"type":"integer"}},"type":"object"}"#,
            rule: "OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",
            pointer: "/properties/b",
            counterexample: #"{"b":""}"#,
            keyword: "/properties/b/type"
        ),
        Refusal(
            old: #"{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"note":{"maxLength":5}}}"#,
            new:
                #"{"type":"object","required":["id","note"],"properties":{"id":{"type":"integer"},"note":{"maxLength":5}}}"#,
            rule: "REQUIRED_ATTRIBUTE_ADDED",
            pointer: "/required/note",
            counterexample: #"{"id":0}"#,
            keyword: "/required"
        ),
        Refusal(
            old: #"{"type":"object"}"#,
            new: #"{"type":"object","required":["z"]}"#,
            rule: "UNDECLARED_REQUIRED_ADDED",
            pointer: "/required/z",
            counterexample: "{}",
            keyword: "/required"
        ),
        Refusal(
            old: #"{"oneOf":[{"type":"integer","maximum":5},{"type":"integer","minimum":10}]}"#,
            new: #"{"oneOf":[{"type":"integer","maximum":20},{"type":"integer","minimum":10}]}"#,
            rule: "ONE_OF_OVERLAP",
            pointer: "/oneOf",
            counterexample: "10",
            keyword: "/oneOf"
        ),
        Refusal(
            old: #"{"if":{"type":"integer"},"then":{"maximum":9}}"#,
            new: #"{"if":{"type":"integer"},"then":{"maximum":5}}"#,
            rule: "IF_THEN_ELSE_CHANGED",
            pointer: "/if",
            counterexample: "6",
            keyword: "/then/maximum"
        ),
        Refusal(
            old: #"{"type":"object","patternProperties":{"^x":{"type":"number"}}}"#,
            new: #"{"type":"object","patternProperties":{"^x":{"type":"integer"}}}"#,
            rule: "TYPE_NARROWED",
            pointer: "/patternProperties/^x/type",
            counterexample: #"{"x":0.5}"#,
            keyword: "/patternProperties/^x/type"
        ),
        Refusal(
            old: #"{"type":"object"}"#,
            new: #"{"type":"object","propertyNames":{"pattern":"^[a-c]+$"}}"#,
            rule: "PROPERTY_NAMES_ADDED",
            pointer: "/propertyNames",
            counterexample: #"{"extra":0}"#,
            keyword: "/propertyNames/pattern"
        ),
        Refusal(
            old: #"{"type":"array","uniqueItems":true,"minItems":3}"#,
            new: #"{"type":"array","uniqueItems":true,"minItems":3,"contains":{"const":7}}"#,
            rule: "CONTAINS_ADDED",
            pointer: "/contains",
            counterexample: "[0,1,2]",
            keyword: "/contains"
        ),
        Refusal(
            old: #"{"type":"number","multipleOf":0.01}"#,
            new: #"{"type":"number","multipleOf":0.1}"#,
            rule: "MULTIPLE_OF_EXPANDED",
            pointer: "/multipleOf",
            counterexample: "0.01",
            keyword: "/multipleOf"
        ),
        Refusal(
            old: #"{"type":"string","pattern":"^[A-Z]{3}$"}"#,
            new: #"{"type":"string","pattern":"^[A-Z]{2}X$"}"#,
            rule: "PATTERN_CHANGED",
            pointer: "/pattern",
            counterexample: #""AAA""#,
            keyword: "/pattern"
        ),
        Refusal(
            old: #"{"type":"string"}"#,
            new: #"{"type":"string","format":"uuid","$schema":"https://json-schema.org/draft/2020-12/schema"}"#,
            rule: "FORMAT_ADDED",
            pointer: "/format",
            counterexample: #""""#,
            keyword: "/format"
        ),
    ]

    @Test(arguments: refusals)
    func refusesWithACounterexample(change: Refusal) throws {
        let result = try Self.compare(change.old, change.new)
        #expect(result.verdict == .incompatible)
        let found = try #require(result.differences.first { $0.rule == change.rule }, "\(result.differences)")
        #expect(found.effect == .incompatible)
        #expect(found.newPointer == change.pointer)
        let expected = try JSON(parsing: change.counterexample)
        #expect(found.counterexample == expected, "\(found)")
        #expect(found.violation?.keyword == change.keyword)
    }

    /// Changes that look narrower and are not.
    @Test(arguments: [
        (#"{"type":"integer","maximum":5}"#, #"{"type":"integer","exclusiveMaximum":6}"#),
        (#"{"enum":["a","b"]}"#, #"{"oneOf":[{"const":"a"},{"const":"b"}]}"#),
        (#"{"type":["string","null"]}"#, #"{"oneOf":[{"type":"string"},{"type":"null"}]}"#),
        (#"{"type":"string","pattern":"^ab+c$"}"#, #"{"type":"string","pattern":"^a","minLength":3}"#),
        (#"{"type":"string","pattern":"^[0-9]{4}$"}"#, #"{"type":"string","maxLength":4,"pattern":"^\\d+$"}"#),
        (#"{"type":"integer","minimum":1,"maximum":3}"#, #"{"enum":[1,2,3,4]}"#),
        (#"{"type":"number","multipleOf":6}"#, #"{"type":"integer","multipleOf":3}"#),
        (
            #"{"properties":{"k":{"const":"a"},"v":{"type":"integer"}},"required":["k"],"type":"object"}"#,
            #"{"type":"object","if":{"properties":{"k":{"const":"a"}},"required":["k"]},"then":{"properties":{"v":{"type":"number"}}},"else":false}"#
        ),
        (
            #"{"type":"array","items":{"type":"boolean"},"maxItems":2}"#,
            #"{"type":"array","items":[{"type":"boolean"},{"type":"boolean"}],"additionalItems":false}"#
        ),
        (#"{"not":{"anyOf":[{"type":"string"},{"type":"integer"}]}}"#, #"{"not":{"type":"string"}}"#),
        (
            #"{"type":"object","additionalProperties":false,"patternProperties":{"^x":{"type":"integer"}}}"#,
            #"{"type":"object","propertyNames":{"minLength":1},"additionalProperties":{"type":"number"}}"#
        ),
        (#"{"type":"object","dependencies":{"a":["b"]},"required":["a"]}"#, #"{"type":"object","required":["b"]}"#),
        (
            ##"{"definitions":{"n":{"properties":{"c":{"$ref":"#/definitions/n"},"v":{"type":"integer"}}}},"$ref":"#/definitions/n"}"##,
            ##"{"definitions":{"m":{"properties":{"c":{"$ref":"#/definitions/m"},"v":{"type":"number"}}}},"$ref":"#/definitions/m"}"##
        ),
        (#"{"type":"string","format":"date-time"}"#, #"{"type":"string","format":"date-time","minLength":10}"#),
        (#"{"type":"string","format":"uri"}"#, #"{"type":"string","format":"uri-reference"}"#),
        (
            #"{"type":"array","contains":{"const":1},"items":{"type":"integer"}}"#,
            #"{"type":"array","minItems":1,"contains":{"type":"integer"}}"#
        ),
    ])
    func provesWhatIsContained(old: String, new: String) throws {
        let result = try Self.compare(old, new)
        #expect(result.verdict == .compatible, "\(result.differences)")
    }

    @Test func eachDifferenceHasItsOwnCounterexample() throws {
        let result = try Self.compare(
            #"{"type":"object","properties":{"a":{"maximum":9},"b":{"enum":[1,2]},"c":{"items":{"type":"string"}}}}"#,
            #"{"type":"object","properties":{"a":{"maximum":5},"b":{"enum":[1]},"c":{"items":{"type":"string","minLength":1}}}}"#
        )
        let found = result.differences.map { "\($0.rule) \($0.counterexample?.description ?? "-")" }
        #expect(
            found == [
                #"MAXIMUM_DECREASED {"a":6}"#, #"ENUM_ARRAY_NARROWED {"b":2}"#, #"MIN_LENGTH_ADDED {"c":[""]}"#,
            ]
        )
    }

    @Test func readsEachSideByItsOwnDraft() throws {
        let modern = #"{"$schema":"https://json-schema.org/draft/2020-12/schema","#
        // In draft-07 `$ref` stands alone and `prefixItems` is nothing; in 2020-12 both count.
        let tuple = #""type":"array","prefixItems":[{"type":"integer"}]}"#
        #expect(try Self.compare("{" + tuple, modern + tuple).verdict == .incompatible)
        #expect(try Self.compare(modern + tuple, "{" + tuple).verdict == .compatible)
        let sibling = ##""definitions":{"t":{"type":"string"}},"$ref":"#/definitions/t","maxLength":3}"##
        let read = try Self.compare("{" + sibling, modern + sibling)
        #expect(read.differences.filter { $0.effect == .incompatible }.map(\.rule) == ["MAX_LENGTH_ADDED"])
        #expect(read.differences.contains { $0.rule == "DRAFT_CHANGED" })
        #expect(try Self.compare(modern + sibling, "{" + sibling).verdict == .compatible)
        let old = #"{"$schema":"http://json-schema.org/draft-04/schema#","maximum":5,"exclusiveMaximum":true}"#
        #expect(try Self.compare(old, #"{"exclusiveMaximum":5}"#).verdict == .compatible)
        #expect(try Self.compare(#"{"maximum":5}"#, old).verdict == .incompatible)
    }

    /// Validators of draft-04 do not agree whether 1.0 is an integer, so this is no proof either way.
    @Test func doesNotRelyOnWhatDraft4LeavesOpen() throws {
        let old = #"{"type":"integer"}"#
        let new = #"{"$schema":"http://json-schema.org/draft-04/schema#","type":"integer"}"#
        let result = try Self.compare(old, new)
        #expect(result.verdict == .unknown)
        #expect(result.differences.contains { $0.reason?.contains("refuses 0.0 depends on the validator") == true })
        #expect(try Self.compare(new, old).verdict == .compatible)
    }

    @Test func saysWhatItCannotDecide() throws {
        let modern = #"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","#
        let old =
            modern + #""anyOf":[{"properties":{"a":true}},{"properties":{"b":true}}],"unevaluatedProperties":false}"#
        let new =
            modern + #""anyOf":[{"properties":{"b":true}},{"properties":{"c":true}}],"unevaluatedProperties":false}"#
        let result = try Self.compare(old, new)
        #expect(result.verdict == .unknown)
        #expect(result.differences.contains { $0.reason?.contains("'unevaluatedProperties'") == true })
        // The same text needs no understanding.
        #expect(try Self.compare(old, old).verdict == .compatible)
    }
}
