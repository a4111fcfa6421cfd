import Contracts
import JSON
import Testing

@Suite struct ViolationTests {
    private func violations(_ schema: String, _ instance: String, limit: Int = 50) throws -> [Violation] {
        let contract = try Contract(compiling: [UInt8](schema.utf8))
        return try JSONParser().withDocument(instance) { root in
            let scratch = ValidationScratch()
            let all = contract.violations(of: root, limit: limit, using: scratch)
            let first = contract.validate(root, using: scratch)
            #expect(first == all.first)
            #expect(contract.isValid(root, using: scratch) == all.isEmpty)
            return all
        }
    }

    static let sentences: [(String, String, String, String)] = [
        (#"{"type":"integer"}"#, #""x""#, "/type", "the document is a string, the contract asks for an integer"),
        (
            #"{"type":"integer"}"#, "1.5", "/type",
            "the document is a number with a fraction, the contract asks for an integer"
        ),
        (
            #"{"type":["string","null"]}"#, "[]", "/type",
            "the document is an array, the contract asks for a string or null"
        ),
        (#"{"enum":["a",1]}"#, "2", "/enum", #"the document is none of the values that the contract allows: "a", 1"#),
        (#"{"const":{"a":1}}"#, "2", "/const", #"the document is not the value that the contract fixes: {"a":1}"#),
        (#"{"minimum":1.50}"#, "1", "/minimum", "the document is less than 1.50"),
        (#"{"maximum":1}"#, "2", "/maximum", "the document is greater than 1"),
        (#"{"exclusiveMinimum":1}"#, "1", "/exclusiveMinimum", "the document is not greater than 1"),
        (#"{"exclusiveMaximum":1}"#, "1", "/exclusiveMaximum", "the document is not less than 1"),
        (#"{"multipleOf":0.1}"#, "0.25", "/multipleOf", "the document is not a multiple of 0.1"),
        (#"{"minLength":3}"#, #""é😀""#, "/minLength", "the document has 2 characters, fewer than 3"),
        (#"{"maxLength":1}"#, #""\u00e9😀""#, "/maxLength", "the document has 2 characters, more than 1"),
        (#"{"pattern":"^a+$"}"#, #""b""#, "/pattern", "the document does not match the pattern ^a+$"),
        (#"{"minItems":1}"#, "[]", "/minItems", "the document has 0 elements, fewer than 1"),
        (#"{"uniqueItems":true}"#, "[1,1.0]", "/uniqueItems", "the document has an element twice, all must differ"),
        (
            #"{"contains":{"const":1}}"#, "[2]", "/contains",
            "the document has 0 elements of the kind of which at least 1 must be there"
        ),
        (#"{"required":["a"]}"#, "{}", "/required", "the document lacks the member 'a', which the contract requires"),
        (#"{"maxProperties":0}"#, #"{"a":1}"#, "/maxProperties", "the document has 1 members, more than 0"),
        (
            #"{"dependencies":{"a":["b"]}}"#, #"{"a":1}"#, "/dependencies",
            "the document has the member 'a' and so must have 'b'"
        ),
        (#"{"not":{}}"#, "1", "/not", "the document is what the contract forbids"),
        (
            #"{"oneOf":[{},true]}"#, "1", "/oneOf",
            "the document matches more than one of 2 alternatives that exclude each other"
        ),
        ("false", "1", "", "the document is not allowed by the contract"),
    ]

    @Test(arguments: Self.sentences)
    func saysWhatIsWrongInASentence(schema: String, instance: String, keyword: String, message: String) throws {
        let found = try violations(schema, instance)
        #expect(found == [Violation(instance: "", keyword: keyword, message: message)])
    }

    @Test func pointsIntoInstanceAndContract() throws {
        let schema = #"""
            {"properties":{"issue":{"properties":{"number":{"type":"integer"}}},"a/b":{"items":{"$ref":"#/definitions/t"}}},
             "additionalProperties":false,"definitions":{"t":{"type":"string"}}}
            """#
        let found = try violations(schema, #"{"issue":{"number":"7"},"a/b":["x",2],"extra":0}"#)
        #expect(
            found == [
                Violation(
                    instance: "/issue/number",
                    keyword: "/properties/issue/properties/number/type",
                    message: "/issue/number is a string, the contract asks for an integer"
                ),
                Violation(
                    instance: "/a~1b/1",
                    keyword: "/definitions/t/type",
                    message: "/a~1b/1 is a number, the contract asks for a string"
                ),
                Violation(
                    instance: "/extra",
                    keyword: "/additionalProperties",
                    message: "/extra is not a member that the contract knows"
                ),
            ]
        )
    }

    @Test func namesTheNearestAlternative() throws {
        let schema = #"""
            {"anyOf":[{"type":"string"},{"properties":{"a":{"properties":{"b":{"type":"integer"}}}},"required":["a"]}]}
            """#
        #expect(
            try violations(schema, #"{"a":{"b":null}}"#).map(\.message) == [
                "the document matches none of 2 alternatives; the nearest: "
                    + "/a/b is null, the contract asks for an integer"
            ]
        )
    }

    @Test func stopsAtTheLimit() throws {
        let instance = "[" + Array(repeating: "1", count: 500).joined(separator: ",") + "]"
        #expect(try violations(#"{"items":{"type":"string"}}"#, instance).count == 50)
        #expect(try violations(#"{"items":{"type":"string"}}"#, instance, limit: 3).count == 3)
        #expect(try violations(#"{"items":{"type":"string"}}"#, instance, limit: 1).map(\.instance) == ["/0"])
    }

    @Test func neverShowsValuesOfTheInstance() throws {
        let schema = #"""
            {"type":"integer","enum":[1],"const":1,"maxLength":1,"pattern":"^x$","not":{"type":"string"},
             "anyOf":[{"type":"null"},{"maxLength":2}],"oneOf":[{"minLength":99}]}
            """#
        let found = try violations(schema, #""hunter2""#)
        #expect(found.count == 8)
        #expect(found.allSatisfy { !$0.description.contains("hunter2") })
    }

    @Test func rendersTheLineOfSchemaValidate() throws {
        let contract = try Contract(compiling: ["properties": ["a": ["items": ["type": "string"]]]] as JSON)
        let text = try JSONParser().withDocument(#"{"a":[1]}"#) { root in
            var writer = JSONWriter()
            writer.verdict(index: 0, violations: contract.violations(of: root))
            writer.newline()
            writer.verdict(index: 1, violations: [])
            return writer.text
        }
        #expect(
            text
                == #"{"index":0,"valid":false,"errors":[{"instance":"/a/0","keyword":"/properties/a/items/type","#
                + #""message":"/a/0 is a number, the contract asks for a string"}]}"# + "\n"
                + #"{"index":1,"valid":true,"errors":[]}"#
        )
    }
}
