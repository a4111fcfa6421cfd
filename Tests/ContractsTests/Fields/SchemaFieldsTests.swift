import Contracts
import Testing

@Suite(.timeLimit(.minutes(1))) struct SchemaFieldsTests {
    private static func fields(_ text: String) throws -> SchemaFields {
        try SchemaFields(ComparedSchema(Array(text.utf8)))
    }

    /// `a.b`, `[]` for elements.
    private static func path(_ text: String) -> [SchemaFields.Step] {
        text.split(separator: ".").map { $0 == "[]" ? .element : .member(String($0)) }
    }

    @Test(arguments: [
        (#"{}"#, "a", SchemaFields.Presence.absent), ("true", "", .listed), (#"{"properties":{"a":{}}}"#, "a", .listed),
        (#"{"properties":{"a":false}}"#, "a", .absent), (#"{"properties":{"a":{}}}"#, "a.b", .absent),
        (#"{"properties":{"a":{"items":{"properties":{"b":{}}}}}}"#, "a.[].b", .listed),
        (#"{"properties":{"a":{"items":[{"properties":{"b":{}}},{}]}}}"#, "a.[].b", .listed),
        (#"{"additionalProperties":{"properties":{"b":{}}}}"#, "a.b", .covered),
        (#"{"additionalProperties":{}}"#, "a", .absent), (#"{"additionalProperties":true}"#, "a", .absent),
        (#"{"patternProperties":{"^a":{}}}"#, "a", .covered), (#"{"patternProperties":{"^b":{}}}"#, "a", .absent),
        (#"{"patternProperties":{"^b":{}},"additionalProperties":{"type":"string"}}"#, "a", .covered),
        (#"{"anyOf":[{"properties":{"b":{}}},{"allOf":[{"properties":{"a":{}}}]}]}"#, "a", .listed),
        (#"{"not":{"properties":{"a":{}}}}"#, "a", .absent),
        (#"{"if":true,"then":{"properties":{"a":{}}}}"#, "a", .listed),
        (#"{"dependencies":{"x":{"properties":{"a":{}}}}}"#, "a", .listed),
        (
            ##"{"definitions":{"n":{"properties":{"next":{"$ref":"#/definitions/n"}}}},"$ref":"#/definitions/n"}"##,
            "next.next.next", .listed
        ),
        (#"{"properties":{"x":{}}}"#, "[]", .listed),
        (##"{"$ref":"#/definitions/n","properties":{"a":{}},"definitions":{"n":{}}}"##, "a", .absent),
        (
            ##"{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"#/$defs/n","properties":{"a":{}},"$defs":{"n":{}}}"##,
            "a", .listed
        ),
    ])
    func aPlaceIsListedCoveredOrAbsent(_ schema: String, _ path: String, _ presence: SchemaFields.Presence) throws {
        var fields = try Self.fields(schema)
        #expect(try fields.presence(of: Self.path(path)) == presence)
    }
}
