import JSON
import Testing

@testable import Contracts

@Suite struct ConfluentComparisonTests {
    private func schema(_ text: String, resolver: SchemaResolver = .none) throws -> ComparedSchema {
        try ComparedSchema([UInt8](text.utf8), uri: "test:/new", resolver: resolver)
    }

    private func compare(
        _ old: String,
        _ new: String,
        _ policy: CompatibilityPolicy = .confluent
    ) throws -> SchemaComparison {
        policy.compare(old: try schema(old), new: try schema(new))
    }

    private func lines(_ comparison: SchemaComparison) -> [String] { ConfluentParityTests.lines(comparison) }

    // MARK: The table

    @Test func theTableHasTheRegistrysTypes() {
        #expect(ConfluentRule.allCases.count == 132)
        #expect(ConfluentRule.allCases.count { $0.tolerance == .always } == 65)
        #expect(ConfluentRule.allCases.count { $0.tolerance == .lenient } == 9)
        for rule in ConfluentRule.allCases {
            #expect(rule.isAllowed(leniently: true) || !rule.isAllowed(leniently: false))
        }
    }

    // MARK: Recursion

    /// Confluent's registry once compared such a schema for hours: types that refer to each other through `oneOf`.
    private func circular(types: Int, references: Int, id: String = "string") -> String {
        let defs = (0..<types).map { type in
            let properties = (0..<references).map { ##""ref\##($0)":{"$ref":"#/$defs/ProductOrId"}"## }
            return """
                "Type\(type)":{"$ref":"#/$defs/Base","type":"object","required":["ref0","tag"],"properties":{
                \(properties.joined(separator: ",")),"tag":{"type":"string","const":"type\(type)"}}}
                """
        }
        let branches = (0..<types).map { ##"{"$ref":"#/$defs/Type\##($0)"}"## }.joined(separator: ",")
        return """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/Product","$defs":{
            "SimpleId":{"type":"object","properties":{"id":{"type":"\(id)"}},"required":["id"]},
            "Base":{"type":"object","properties":{"name":{"type":"string"}}},
            "ProductOrId":{"oneOf":[{"$ref":"#/$defs/SimpleId"},{"$ref":"#/$defs/Product"}]},
            \(defs.joined(separator: ",")),"Product":{"oneOf":[\(branches)]}}}
            """
    }

    private func steps(_ old: String, _ new: String) throws -> (steps: Int, isAllowed: Bool) {
        let model = SchemaModel(
            old: try ConfluentComparison.library(of: schema(old)),
            new: try ConfluentComparison.library(of: schema(new))
        )
        let comparison = StructuralComparison(model, isLenient: false)
        let result = try comparison.run()
        return (comparison.steps, result.isAllowed)
    }

    @Test func typesThatReferToEachOtherTakeBoundedWork() throws {
        let text = circular(types: 12, references: 5)
        let same = try steps(text, text)
        #expect(same.isAllowed)
        #expect(same.steps < 10_000, "\(same.steps)")
        let changed = try steps(text, circular(types: 12, references: 5, id: "integer"))
        #expect(!changed.isAllowed)
        #expect(changed.steps < 30_000, "\(changed.steps)")
    }

    @Test func aChangeInsideARecursionIsFoundAndOneWithoutChangeIsNot() throws {
        let tree =
            ##"{"definitions":{"t":{"properties":{"v":{"type":"TYPE"},"next":{"$ref":"#/definitions/t"}}}},"$ref":"#/definitions/t"}"##
        let (old, new) = (tree.replacing("TYPE", with: "integer"), tree.replacing("TYPE", with: "string"))
        #expect(try compare(old, old).verdict == .compatible)
        let changed = try compare(old, new)
        #expect(changed.verdict == .incompatible)
        #expect(lines(changed) == ["TYPE_CHANGED #/properties/next/properties/v", "TYPE_CHANGED #/properties/v"])
        #expect(changed.differences.first?.newPointer == "/definitions/t/properties/v/type")
    }

    /// `a` holds only if `b` does and the other way round; a change below `b` must reach `a` although the pair was met
    /// while it was open.
    @Test func whatWasAssumedInACycleIsTakenBackWhenItFails() throws {
        let text = """
            {"anyOf":[{"$ref":"#/definitions/a"}],"definitions":{
            "a":{"additionalProperties":{"anyOf":[{"$ref":"#/definitions/b"},{"type":"null"}]}},
            "b":{"additionalProperties":{"anyOf":[{"$ref":"#/definitions/a"},{"type":"null"}]},"maxProperties":9}}}
            """
        #expect(try compare(text, text).verdict == .compatible)
        #expect(try compare(text, text.replacing("9", with: "3")).verdict == .incompatible)
        #expect(try compare(text.replacing("9", with: "3"), text).verdict == .compatible)
    }

    @Test func aReferenceToAReferenceIsFollowedToItsEnd() throws {
        let text =
            ##"{"items":{"$ref":"#/definitions/a"},"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"type":"string"}}}"##
        let changed = try compare(text, text.replacing(#""b":{"type":"string"}"#, with: #""b":{"type":"null"}"#))
        #expect(lines(changed) == ["TYPE_CHANGED #/items"])
    }

    // MARK: Bounds

    @Test func whatIsNestedTooDeepIsUnknownAndSaysSo() throws {
        let definitions = (0..<1_000).map { ##""d\##($0)":{"items":{"$ref":"#/definitions/d\##($0 + 1)"}}"## }
        let text = ##"{"$ref":"#/definitions/d0","definitions":{\##(definitions.joined(separator: ",")),"d1000":{}}}"##
        let comparison = try compare(text, text)
        #expect(comparison.verdict == .unknown)
        #expect(comparison.differences.map(\.rule) == ["NOT_COMPARED"])
        #expect(comparison.differences.first?.reason == "the schemas are nested deeper than 200 levels")
    }

    @Test func whatTakesTooManyStepsIsGivenUpAndSaysSo() throws {
        let branches = (0..<20).map { #"{"const":\#($0)}"# }.joined(separator: ",")
        let library = try ConfluentComparison.library(of: schema(#"{"oneOf":[\#(branches)]}"#))
        let enough = StructuralComparison(SchemaModel(old: library, new: library), isLenient: false, maxSteps: 1_000)
        #expect(try enough.run().isAllowed)
        let few = StructuralComparison(SchemaModel(old: library, new: library), isLenient: false, maxSteps: 400)
        #expect {
            try few.run()
        } throws: { error in
            (error as? ComparisonObstacle)?.reason == "comparing the two takes more than 2000000 steps or schemas"
        }
        #expect(few.steps <= 401)
    }

    /// Twice as many paths with each definition: 2^40 to the one that changes.
    @Test func aChangeWithManyPathsToItIsListedOnlySoOften() throws {
        let definitions = (0..<40).map { level in
            let next = ##"{"$ref":"#/definitions/d\##(level + 1)"}"##
            return #""d\#(level)":{"properties":{"a":\#(next),"b":\#(next)}}"#
        }
        let text = """
            {"title":"old","$ref":"#/definitions/d0","definitions":{\(definitions.joined(separator: ",")),
            "d40":{"description":"old","type":"string","maxLength":9}}}
            """
        let harmless = try compare(text, text.replacing(#""description":"old""#, with: #""description":"new""#))
        #expect(harmless.verdict == .compatible)
        #expect(harmless.differences.count == 1_000)
        let breaking = try compare(text, text.replacing("9", with: "8").replacing("old", with: "new"))
        #expect(breaking.verdict == .incompatible)
        #expect(breaking.differences.contains { $0.effect == .incompatible })
    }

    // MARK: Combinations

    @Test func branchesArePairedOffSoThatAsManyAsPossibleFit() throws {
        let old = #"{"oneOf":[{"type":"integer","maximum":3},{"type":"integer","maximum":5}]}"#
        let new = #"{"oneOf":[{"type":"integer","maximum":9},{"type":"integer","maximum":4}]}"#
        let comparison = try compare(old, new)
        #expect(comparison.verdict == .compatible)
        #expect(lines(comparison) == ["MAXIMUM_INCREASED #/oneOf/0/maximum", "MAXIMUM_INCREASED #/oneOf/1/maximum"])
        #expect(comparison.differences.map(\.newPointer) == ["/oneOf/1/maximum", "/oneOf/0/maximum"])
        let none = try compare(old, #"{"oneOf":[{"type":"integer","maximum":4},{"type":"integer","maximum":1}]}"#)
        #expect(lines(none) == ["MAXIMUM_INCREASED #/oneOf/0/maximum", "COMBINED_TYPE_SUBSCHEMAS_CHANGED #/"])
        #expect(none.differences.last?.oldPointer == "/oneOf")
        #expect(
            none.differences.last?.reason == """
                Branch /oneOf/1 of the writers' schema has no partner; it comes closest to /oneOf/1 of the readers' schema, \
                but for MAXIMUM_DECREASED #/maximum.
                """
        )
    }

    @Test func aBranchThatIsThereTwiceCountsOnce() throws {
        let old = #"{"anyOf":[{"type":"string","maxLength":3},{"maxLength":3,"type":"string"}]}"#
        #expect(try lines(compare(old, #"{"anyOf":[{"type":"string","maxLength":3}]}"#)) == [])
    }

    @Test func aListOfTypesIsAnAnyOf() throws {
        let comparison = try compare(#"{"type":"string"}"#, #"{"type":["null","string"]}"#)
        #expect(lines(comparison) == ["SUM_TYPE_EXTENDED #/"])
        #expect(try compare(#"{"type":["null","string"]}"#, #"{"type":"string"}"#).verdict == .incompatible)
        let fewer = try compare(#"{"type":["null","string","array"]}"#, #"{"type":["string","null"]}"#)
        #expect(lines(fewer) == ["SUM_TYPE_NARROWED #/"])
        #expect(fewer.differences.first?.oldPointer == "/type")
        #expect(fewer.differences.first?.new == ["string", "null"])
    }

    // MARK: Places

    @Test func eachDifferenceSaysWhereItIsWrittenOnBothSidesAndWhatStandsThere() throws {
        let old =
            ##"{"properties":{"a/b":{"$ref":"#/definitions/s"}},"definitions":{"s":{"type":"string","minLength":1}}}"##
        let new = #"{"properties":{"a/b":{"type":"string","minLength":2}},"required":["a/b"]}"#
        let comparison = try compare(old, new)
        #expect(
            lines(comparison) == [
                "REQUIRED_ATTRIBUTE_ADDED #/required/a/b", "MIN_LENGTH_INCREASED #/properties/a/b/minLength",
            ]
        )
        let (required, length) = (comparison.differences[0], comparison.differences[1])
        #expect(required.oldPointer == nil)
        #expect(required.newPointer == "/required/0")
        #expect(required.new == "a/b")
        #expect(length.oldPointer == "/definitions/s/minLength")
        #expect(length.newPointer == "/properties/a~1b/minLength")
        #expect(length.old == 1)
        #expect(length.new == 2)
    }

    @Test func aPlaceInAnotherDocumentHasItsAddress() throws {
        let resolver = SchemaResolver { uri in
            uri == "test:/common" ? [UInt8](#"{"$defs":{"n":{"maximum":9}}}"#.utf8) : nil
        }
        let text = #"{"items":{"$ref":"common#/$defs/n"}}"#
        let comparison = CompatibilityPolicy.confluent.compare(
            old: try schema(text, resolver: resolver),
            new: try schema(#"{"items":{"maximum":8}}"#)
        )
        #expect(comparison.differences.map(\.oldPointer) == ["test:/common#/$defs/n/maximum"])
        #expect(comparison.differences.map(\.newPointer) == ["/items/maximum"])
    }

    /// What Java's hash tables make of names: by the low bits of their hashes, equal ones as they came.
    @Test func propertiesAreListedInTheOrderOfTheRegistry() throws {
        #expect(ListingOrder.order(["c", "b", "a"]) == ["a", "b", "c"])
        #expect(ListingOrder.order(["BB", "Aa"]) == ["BB", "Aa"])
        #expect(ListingOrder.union(["Aa"], ["BB", "a"]) == ["Aa", "BB", "a"])
        #expect(ListingOrder.order(["zeta", "alpha", "order_id", "customer_id"]).count == 4)
    }

    // MARK: Numbers and values

    @Test func boundsAreComparedExactly() throws {
        let comparison = try compare(#"{"maximum":9007199254740993}"#, #"{"maximum":9007199254740992}"#)
        #expect(lines(comparison) == ["MAXIMUM_DECREASED #/maximum"])
        #expect(try lines(compare(#"{"maximum":10}"#, #"{"maximum":1e1}"#)) == [])
        #expect(
            try lines(compare(#"{"multipleOf":0.1}"#, #"{"multipleOf":0.3}"#)) == ["MULTIPLE_OF_EXPANDED #/multipleOf"]
        )
    }

    @Test func exclusiveMaximumMayGoDownWithoutAMaximum() throws {
        let comparison = try compare(#"{"exclusiveMaximum":9}"#, #"{"exclusiveMaximum":5}"#)
        #expect(lines(comparison) == ["EXCLUSIVE_MAXIMUM_DECREASED #/exclusiveMaximum"])
        #expect(comparison.verdict == .incompatible)
    }

    @Test func aConstOfNullIsAValueLikeAnyOther() throws {
        #expect(try lines(compare(#"{"const":null}"#, #"{"const":0}"#)) == ["ENUM_ARRAY_CHANGED #/const"])
        #expect(try lines(compare(#"{"const":{"a":1,"b":[]}}"#, #"{"const":{"b":[],"a":1}}"#)) == [])
        #expect(try lines(compare(#"{"enum":[1]}"#, #"{"enum":[1.0]}"#)) == ["ENUM_ARRAY_CHANGED #/enum"])
    }

    @Test func aPatternThatTakesTooLongLeavesItOpen() throws {
        let name = String(repeating: "a", count: 60) + "!"
        let old = #"{"patternProperties":{"^(a+)+$":{"type":"string"}},"additionalProperties":false}"#
        let new =
            #"{"patternProperties":{"^(a+)+$":{"type":"string"}},"additionalProperties":false,"properties":{"\#(name)":{"type":"string"}}}"#
        let comparison = try compare(old, new)
        // Whether PCRE2 gives up depends on its version; what must not happen is a wrong "covered".
        if comparison.verdict == .unknown {
            #expect(comparison.differences.first?.reason?.contains("takes too long") == true)
        } else {
            #expect(lines(comparison) == ["OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/\(name)"])
        }
    }
}
