import Contracts
import JSON
import Testing

/// Schemas and instances made to exhaust something: each must end soon, with an error or a verdict.
@Suite(.timeLimit(.minutes(1))) struct HostileContractTests {
    private func contract(_ schema: String) throws(ContractError) -> Contract {
        try Contract(compiling: [UInt8](schema.utf8))
    }

    private func code(_ schema: String) -> ContractError.Code? {
        do throws(ContractError) {
            _ = try contract(schema)
            return nil
        } catch {
            return error.code
        }
    }

    private func verdict(_ schema: String, _ instance: String, depth: Int = 512) throws -> [Violation] {
        let contract = try contract(schema)
        return try JSONParser(limits: JSONLimits(maxDepth: depth)).withDocument(instance) { root in
            let scratch = ValidationScratch()
            let all = contract.violations(of: root, using: scratch)
            #expect(contract.isValid(root, using: scratch) == all.isEmpty)
            return all
        }
    }

    @Test(arguments: [
        ##"{"$ref":"#"}"##,
        ##"{"definitions":{"a":{"$ref":"#/definitions/b"},"b":{"$ref":"#/definitions/a"}},"$ref":"#/definitions/a"}"##,
        ##"{"allOf":[{"anyOf":[{"not":{"$ref":"#"}}]}]}"##,
        ##"{"if":true,"then":{"dependencies":{"a":{"$ref":"#"}}}}"##,
    ])
    func refusesReferencesThatGoInCircles(schema: String) {
        #expect(code(schema) == .referenceLoop)
    }

    @Test func dynamicReferencesInCirclesEndInAViolation() throws {
        let schema = ##"""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","$dynamicAnchor":"a","allOf":[{"$dynamicRef":"#a"}]}
            """##
        #expect(try verdict(schema, "1").first?.message.contains("nested deeper") == true)
    }

    @Test func recursionThatGoesIntoTheInstanceIsFine() throws {
        let tree = ##"{"type":"object","properties":{"child":{"$ref":"#"}},"required":["n"]}"##
        let deep = String(repeating: #"{"n":1,"child":"#, count: 500) + #"{"n":1}"# + String(repeating: "}", count: 500)
        #expect(try verdict(tree, deep).isEmpty)
        #expect(try verdict(tree, deep.replacing(#"{"n":1}"#, with: "{}")).count == 1)
    }

    @Test func instancesOfDepthTenThousandGetAClearVerdict() throws {
        let brackets = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        let found = try verdict(##"{"items":{"$ref":"#"}}"##, brackets, depth: 20_000)
        #expect(found.map(\.message.count).max() ?? 0 > 0)
        #expect(found.first?.message.hasSuffix("so it counts as invalid") == true)
        // A contract that does not look so deep does not mind.
        #expect(try verdict(#"{"type":"array"}"#, brackets, depth: 20_000).isEmpty)
        #expect(try verdict(#"{"uniqueItems":true,"enum":[[],[[]]]}"#, "[[]]", depth: 20_000).isEmpty)
    }

    @Test func schemasOfDepthTenThousandAreRefused() {
        for opening in [#"{"not":"#, #"{"properties":{"a":"#] {
            let depth = opening.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "{") ? 1 : 0) }
            let text =
                String(repeating: opening, count: 10_000) + "{}" + String(repeating: "}", count: 10_000 * depth)
            #expect(code(text) == .invalidJSON)
        }
    }

    @Test func schemasOfTheGreatestDepthWork() throws {
        let text = String(repeating: #"{"not":"#, count: 500) + "{}" + String(repeating: "}", count: 500)
        #expect(try verdict(text, "1").isEmpty)
    }

    @Test func branchesThatMultiplyEndInAViolation() throws {
        var definitions: [String] = []
        for level in 0..<40 {
            let next = ##"{"$ref":"#/definitions/d\##(level + 1)"}"##
            definitions.append(#""d\#(level)":{"allOf":[\#(next),\#(next)]}"#)
        }
        definitions.append(#""d40":{"type":"integer"}"#)
        let schema = ##"{"$ref":"#/definitions/d0","definitions":{\##(definitions.joined(separator: ","))}}"##
        let contract = try contract(schema)
        try JSONParser().withDocument("1") { root in
            #expect(contract.validate(root, using: ValidationScratch())?.message.contains("steps of checking") == true)
        }
    }

    @Test func circularAlternativesCompileAtOnce() throws {
        let alternatives = (0..<12).map { ##"{"properties":{"k\##($0)":{"$ref":"#/definitions/any"}}}"## }
        let schema = ##"""
            {"definitions":{"any":{"anyOf":[{"type":"string"},{"oneOf":[\##(alternatives.joined(separator: ","))]}]}},
             "$ref":"#/definitions/any"}
            """##
        #expect(try verdict(schema, #"{"k0":{"k1":{"k2":1}}}"#).count == 1)
    }

    @Test(arguments: ["(a+)+$", "^(a|a)*$", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$"])
    func patternsThatExplodeEndInAViolation(pattern: String) throws {
        for letter in ["a", "x"] {
            let found = try verdict(
                #"{"pattern":"\#(pattern)"}"#,
                "\"" + String(repeating: letter, count: 5_000) + "!\""
            )
            #expect(found.count == 1)
        }
    }

    @Test func patternsOfUnreasonableSizeAreRefused() {
        #expect(code(#"{"pattern":"\#(String(repeating: "a", count: 20_000))"}"#) == .invalidPattern)
        #expect(code(#"{"pattern":"\#(String(repeating: "(", count: 5_000))"}"#) == .invalidPattern)
        #expect(code(#"{"pattern":"((a{1,1000}){1,1000}){1,1000}"}"#) == .invalidPattern)
    }

    @Test func manyEqualElementsAreFoundInTime() throws {
        let objects = (0..<20_000).map { #"{"id":\#($0),"v":[\#($0)]}"# }
        let schema = #"{"uniqueItems":true}"#
        #expect(try verdict(schema, "[" + objects.joined(separator: ",") + "]").isEmpty)
        let twice = objects + [#"{"v":[7.0],"id":7}"#]
        #expect(try verdict(schema, "[" + twice.joined(separator: ",") + "]").count == 1)
    }
}
