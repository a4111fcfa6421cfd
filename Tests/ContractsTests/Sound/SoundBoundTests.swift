import JSON
import Testing

@testable import Contracts

/// Schemas made to exhaust the comparison: each ends with a verdict, within a number of steps.
@Suite(.timeLimit(.minutes(2))) struct SoundBoundTests {
    private func run(_ old: String, _ new: String) throws -> (comparison: SchemaComparison, steps: Int) {
        let (old, new) = (try ComparedSchema([UInt8](old.utf8)), try ComparedSchema([UInt8](new.utf8)))
        return SoundComparison.run(old: old, new: new)
    }

    /// Twelve types, each an object of five members that may be any of the twelve: Confluent's registry once compared
    /// such a schema with itself for hours.
    private func circular(label: String, hasDiscriminator: Bool) -> String {
        let all = (0..<12).map { ##"{"$ref":"#/definitions/t\##($0)"}"## }.joined(separator: ",")
        let types = (0..<12).map { type in
            let members = (0..<5).map { #""r\#($0)":{"oneOf":[\#(all)]}"# }
            let kind = hasDiscriminator ? #","kind":{"const":"t\#(type)"}"# : ""
            let required = hasDiscriminator ? #","required":["kind"]"# : ""
            return
                #""t\#(type)":{"type":"object","properties":{"label":\#(label)\#(kind),\#(members.joined(separator: ","))}\#(required)}"#
        }
        return ##"{"definitions":{\##(types.joined(separator: ","))},"$ref":"#/definitions/t0"}"##
    }

    @Test(arguments: [true, false])
    func comparesACircularSchemaWithItself(hasDiscriminator: Bool) throws {
        let schema = circular(label: #"{"type":"string"}"#, hasDiscriminator: hasDiscriminator)
        // Another title, so that the texts differ.
        let other = #"{"title":"x","# + schema.dropFirst()
        let found = try run(schema, other)
        #expect(found.comparison.verdict == .compatible)
        #expect(found.steps < 1_000)
    }

    @Test func comparesCircularSchemasThatDiffer() throws {
        let narrow = circular(label: #"{"type":"string","maxLength":3}"#, hasDiscriminator: true)
        let wide = circular(label: #"{"type":"string"}"#, hasDiscriminator: true)
        #expect(try run(narrow, wide).comparison.verdict == .compatible)
        let found = try run(wide, narrow)
        #expect(found.comparison.verdict == .incompatible)
        #expect(found.steps <= SetSolver.maxSteps)
    }

    @Test func endsWithoutDiscriminatorsToo() throws {
        let narrow = circular(label: #"{"type":"string","maxLength":3}"#, hasDiscriminator: false)
        let wide = circular(label: #"{"type":"string"}"#, hasDiscriminator: false)
        let found = try run(wide, narrow)
        #expect(found.comparison.verdict != .compatible)
        #expect(found.steps <= SetSolver.maxSteps + 100_000)
    }

    @Test(arguments: [100, 300])
    func comparesDeepSchemas(depth: Int) throws {
        func schema(_ leaf: String) -> String {
            String(repeating: #"{"items":"#, count: depth) + leaf + String(repeating: "}", count: depth)
        }
        let (narrow, wide) = (schema(#"{"type":"integer"}"#), schema(#"{"type":"number"}"#))
        #expect(try run(wide, wide + " ").comparison.verdict == .compatible)
        let found = try run(wide, narrow).comparison
        if depth < SetSolver.maxDepth / 2 {
            #expect(found.verdict == .incompatible)
            #expect(try run(narrow, wide).comparison.verdict == .compatible)
        } else {
            #expect(found.verdict == .unknown)
            #expect(
                found.differences.contains { $0.reason?.contains("nested deeper") == true },
                "\(found.differences.map(\.reason))"
            )
        }
    }

    @Test func givesUpOnBranchesThatMultiply() throws {
        func schema(_ limit: Int) -> String {
            let levels = (0..<24).map {
                #"{"anyOf":[{"minimum":\#($0)},{"multipleOf":\#($0 + 2)},{"maximum":\#(-$0)}]}"#
            }
            return #"{"type":"number","maximum":\#(limit),"allOf":[\#(levels.joined(separator: ","))]}"#
        }
        let found = try run(schema(500), schema(499))
        #expect(found.comparison.verdict != .compatible)
        #expect(found.steps <= SetSolver.maxSteps + 100_000)
    }

    @Test func comparesSchemasOfFiveMegabytes() throws {
        let text = String(repeating: "d", count: 1_000)
        func schema(_ last: String) throws -> ComparedSchema {
            let members = (0..<5_000).map { #""member\#($0)":{"type":"string","description":"\#(text)"}"# }
            let json = #"{"type":"object","properties":{\#(members.joined(separator: ",")),"last":\#(last)}}"#
            return try ComparedSchema([UInt8](json.utf8))
        }
        let (narrow, wide) = (try schema(#"{"type":"integer"}"#), try schema(#"{"type":"number"}"#))
        let found = SoundComparison.run(old: narrow, new: wide)
        #expect(found.comparison.verdict == .compatible)
        #expect(found.steps < 100_000)
        let other = SoundComparison.run(old: wide, new: narrow)
        #expect(other.comparison.differences.compactMap(\.counterexample).map(\.description) == [#"{"last":0.5}"#])
        #expect(other.steps < 200_000)
    }

    @Test func givesUpOnPatternsThatMultiply() throws {
        let found = try run(
            #"{"type":"string","pattern":"(a|b)*a(a|b){14}$"}"#,
            #"{"type":"string","pattern":"(b|a)*a(a|b){14}$"}"#
        )
        #expect(found.comparison.verdict == .unknown)
    }
}
