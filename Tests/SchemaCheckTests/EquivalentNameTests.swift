import JSON
import Testing

@testable import SchemaCheck

/// Names that are equal to Swift's `String` and not to JSON.
@Suite(.timeLimit(.minutes(1))) struct EquivalentNameTests {
    private static let composed = "\u{E9}"
    private static let decomposed = "e\u{301}"

    @Test func aNameThatCameIsFoundBesideItsLike() throws {
        let old = JSON.object([(Self.composed, 1)])
        let new = JSON.object([(Self.composed, 1), (Self.decomposed, 2)])
        let difference = try #require(JSONDifference(old, new))
        #expect(JSONName(difference.pointer) == JSONName("/" + Self.decomposed))
        #expect(JSONName(difference.sentence) == JSONName("/\(Self.decomposed) was added"))
    }

    @Test func eachHasItsOwnFindings() async {
        func schema(_ length: Int, _ names: String...) -> String {
            let properties = names.map { #""\#($0)":{"type":"string","maxLength":\#(length)}"# }.joined(separator: ",")
            return #"{"$id":"x","type":"object","properties":{\#(properties)},"additionalProperties":false}"#
        }
        let v1 = schema(9, Self.composed, Self.decomposed)
        let report = await CheckInput.check(
            ["orders/v1.json": v1, "orders/v2.json": schema(5, Self.composed, Self.decomposed)],
            released: ["orders/v1.json": v1]
        )
        #expect(
            report.findings.filter { $0.severity == .error }.map(\.rule) == [
                "MAX_LENGTH_DECREASED", "MAX_LENGTH_DECREASED",
            ]
        )
        #expect(Set(report.findings.map { JSONName($0.place.pointer ?? "") }).count == 2)
        // A number without bounds under the new name is a finding of the new version, whatever its like has.
        func nested(_ names: String...) -> String {
            let properties = names.map { #""\#($0)":{"type":"integer"}"# }.joined(separator: ",")
            return
                #"{"$id":"x","type":"object","properties":{\#(properties)},"additionalProperties":{"type":"integer"}}"#
        }
        let open = await CheckInput.check(
            ["orders/v1.json": nested(Self.composed), "orders/v2.json": nested(Self.composed, Self.decomposed)],
            released: ["orders/v1.json": nested(Self.composed)]
        )
        let pointers = open.findings.filter { $0.rule == "UNBOUNDED_NUMBER" }.map { JSONName($0.place.pointer ?? "") }
        #expect(pointers.contains(JSONName("/properties/\(Self.decomposed)")), "\(open.findings.map(\.rule))")
    }
}
