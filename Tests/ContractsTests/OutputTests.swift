import Contracts
import Foundation
import JSON
import TestFiles
import Testing

@Suite struct OutputTests {
    private func output(_ schema: String, _ instance: String, _ format: OutputFormat, uri: String = "") throws -> String
    {
        let contract = try Contract(compiling: [UInt8](schema.utf8), uri: uri)
        return try JSONParser().withDocument(instance) { root in
            var writer = JSONWriter()
            writer.output(try contract.evaluate(root), as: format)
            return writer.text
        }
    }

    /// The schema and the instance of the example in 2020-12 core, section 12.4.2.
    private static let polygon = ##"""
        {"$id":"https://example.com/polygon","$schema":"https://json-schema.org/draft/2020-12/schema",
         "$defs":{"point":{"type":"object","properties":{"x":{"type":"number"},"y":{"type":"number"}},
         "additionalProperties":false,"required":["x","y"]}},
         "type":"array","items":{"$ref":"#/$defs/point"},"minItems":3}
        """##
    private static let line = #"[{"x":2.5,"y":1.3},{"x":1,"z":6.7}]"#

    @Test func flagIsTheVerdict() throws {
        #expect(try output(Self.polygon, Self.line, .flag) == #"{"valid":false}"#)
        #expect(try output(Self.polygon, #"[{"x":1,"y":2},{"x":1,"y":2},{"x":1,"y":2}]"#, .flag) == #"{"valid":true}"#)
    }

    @Test func basicListsTheErrorsOfTheSpecificationsExample() throws {
        let text = try output(Self.polygon, Self.line, .basic)
        let errors = try #require(try JSON(parsing: text)["errors"]?.elements)
        let places = errors.map { "\($0["keywordLocation"]?.string ?? "") \($0["instanceLocation"]?.string ?? "")" }
        #expect(
            places == [
                "/minItems ", "/items/$ref/required /1", "/items/$ref/additionalProperties /1/z",
            ]
        )
        #expect(
            errors.map { $0["absoluteKeywordLocation"]?.string } == [
                "https://example.com/polygon#/minItems", "https://example.com/polygon#/$defs/point/required",
                "https://example.com/polygon#/$defs/point/additionalProperties",
            ]
        )
        #expect(errors[1]["error"]?.string == "lacks 'y'")
    }

    @Test func detailedIsTheTreeOfErrorsWithoutEmptyNodes() throws {
        #expect(
            try output(Self.polygon, Self.line, .detailed) == #"""
                {"valid":false,"keywordLocation":"","absoluteKeywordLocation":"https://example.com/polygon#",\#
                "instanceLocation":"","errors":[{"valid":false,"keywordLocation":"/minItems",\#
                "absoluteKeywordLocation":"https://example.com/polygon#/minItems","instanceLocation":"",\#
                "error":"has 2 elements, fewer than 3"},{"valid":false,"keywordLocation":"/items/$ref",\#
                "absoluteKeywordLocation":"https://example.com/polygon#/items/$ref","instanceLocation":"/1",\#
                "errors":[{"valid":false,"keywordLocation":"/items/$ref/required",\#
                "absoluteKeywordLocation":"https://example.com/polygon#/$defs/point/required",\#
                "instanceLocation":"/1","error":"lacks 'y'"},{"valid":false,\#
                "keywordLocation":"/items/$ref/additionalProperties",\#
                "absoluteKeywordLocation":"https://example.com/polygon#/$defs/point/additionalProperties",\#
                "instanceLocation":"/1/z","error":"is not allowed by the contract"}]}]}
                """#
        )
        // A single error takes the place of all above it.
        #expect(
            try output(#"{"allOf":[{"type":"string"}]}"#, "1", .detailed) == """
                {"valid":false,"keywordLocation":"/allOf/0/type","instanceLocation":"",\
                "error":"is a number, the contract asks for a string"}
                """
        )
    }

    @Test func verboseIsAllThatWasLookedAt() throws {
        #expect(
            try output(#"{"anyOf":[{"type":"string"},{"title":"n"}]}"#, "1", .verbose) == """
                {"valid":true,"keywordLocation":"","instanceLocation":"","annotations":[{"valid":true,\
                "keywordLocation":"/anyOf","instanceLocation":"","annotations":[{"valid":false,\
                "keywordLocation":"/anyOf/0","instanceLocation":"","errors":[{"valid":false,\
                "keywordLocation":"/anyOf/0/type","instanceLocation":"",\
                "error":"is a number, the contract asks for a string"}]},{"valid":true,"keywordLocation":"/anyOf/1",\
                "instanceLocation":"","annotations":[{"valid":true,"keywordLocation":"/anyOf/1/title",\
                "instanceLocation":"","annotation":"n"}]}]}]}
                """
        )
    }

    @Test func annotationsAreThoseOfWhatHolds() throws {
        let schema = #"{"properties":{"a":{"title":"A","format":"date"}},"if":{"title":"no","const":1},"default":7}"#
        let text = try output(schema, #"{"a":"x"}"#, .basic)
        let annotations = try #require(try JSON(parsing: text)["annotations"]?.elements)
        #expect(
            annotations.map { $0["keywordLocation"]?.string } == [
                "/default", "/properties/a/format", "/properties/a/title",
            ]
        )
        #expect(annotations.map { $0["annotation"] } == [7, "date", "A"])
    }

    @Test func placesAreEscapedAsPointersAndAsURIs() throws {
        let schema = #"{"properties":{"a/b ~%":{"type":"null"}}}"#
        let text = try output(schema, #"{"a/b ~%":1}"#, .detailed, uri: "https://example.com/s")
        let unit = try JSON(parsing: text)
        #expect(unit["keywordLocation"] == "/properties/a~1b ~0%/type")
        #expect(unit["absoluteKeywordLocation"] == "https://example.com/s#/properties/a~1b%20~0%25/type")
        #expect(unit["instanceLocation"] == "/a~1b ~0%")
    }

    @Test func agreesWithTheSuitesOutputTests() throws {
        let resolver = try OptionalSuite.resolver()
        var count = 0
        for group in try OptionalSuite.groups("output.ndjson") {
            let contract = try Contract(compiling: group.contractSchema, resolver: resolver)
            for test in group.tests {
                let title = "\(group.draft.rawValue) \(group.file): \(test.description)"
                for (name, schema) in try #require(test.output?.members) {
                    count += 1
                    var writer = JSONWriter()
                    let unit = try JSONParser().withDocument(test.data.bytes) { try contract.evaluate($0) }
                    writer.output(unit, as: try #require(OutputFormat(rawValue: name)))
                    let members = try #require(schema.members)
                    let judged = JSON.object([("$schema", .string(group.draft.metaschemaURI))] + members)
                    let judge = try Contract(compiling: judged, resolver: resolver, formats: .assertion)
                    try JSONParser().withDocument(writer.bytes) { root in
                        #expect(
                            judge.violations(of: root).isEmpty,
                            "\(title): \(writer.text) \(judge.violations(of: root))"
                        )
                    }
                }
            }
        }
        #expect(count == 8)
    }

    @Test func whatIsTooDeepToExplainKeepsItsVerdict() throws {
        let deep = String(repeating: "[", count: 500) + "1" + String(repeating: "]", count: 500)
        let text = try output(##"{"type":["array","number"],"items":{"$ref":"#"}}"##, deep, .basic)
        #expect(text == #"{"valid":true,"keywordLocation":"","instanceLocation":""}"#)
        let invalid = try output(##"{"type":"array","items":{"$ref":"#"}}"##, deep, .detailed)
        #expect(
            invalid == """
                {"valid":false,"keywordLocation":"","instanceLocation":"","error":"the document does not obey the \
                contract; it is nested deeper than 400 schemas, so there are no details"}
                """
        )
    }

    @Test func whatHasTooMuchToExplainKeepsItsVerdict() throws {
        let name = String(repeating: "n", count: 1_000_000)
        let members = (0..<1_000).map { #""\#($0)":1"# }.joined(separator: ",")
        let schema = #"{"additionalProperties":{"additionalProperties":{"type":"string"}}}"#
        let text = try output(schema, #"{"\#(name)":{\#(members)}}"#, .basic)
        #expect(text.contains("the places have more than 64 MiB, so there are no details"))
        let many = "[" + Array(repeating: "1", count: 50_001).joined(separator: ",") + "]"
        #expect(
            try output(#"{"items":{"type":"string"}}"#, many, .basic).contains("it needs more than 50000 checks")
        )
        let names = (0..<8_000).map { "\"r\($0)\"" }
        let instance = "{\(names.dropLast().map { $0 + ":0" }.joined(separator: ","))}"
        let required = try output("{\"required\":[\(names.joined(separator: ","))]}", instance, .flag)
        #expect(required == #"{"valid":false}"#)
    }

    /// The evaluator reads schemas on its own, so each of the two is a check on the other.
    @Test(
        .enabled(if: SchemaTestSuiteTests.folder != nil, "the shared folder with JSON-Schema-Test-Suite is absent"),
        arguments: ["draft4", "draft6", "draft7", "draft2019-09", "draft2020-12"]
    )
    func evaluationAgreesWithEveryRequiredCase(name: String) throws {
        let folder = try #require(SchemaTestSuiteTests.folder)
        let draft = try #require(OptionalSuite.drafts[name])
        let resolver = SchemaTestSuiteTests.resolver(remotes: folder.appending(path: "remotes"))
        for file in try SharedFiles.files(in: folder.appending(path: "tests/\(name)"), suffix: ".json") {
            for group in try JSON(parsing: [UInt8](Data(contentsOf: file))).elements ?? [] {
                let schema = try SchemaTestSuiteTests.schema(group, draft)
                let evaluator = try Contract(compiling: schema, resolver: resolver).evaluator()
                for test in group["tests"]?.elements ?? [] {
                    let about: Comment =
                        "\(file.lastPathComponent): \(group["description"] ?? "") \(test["description"] ?? "")"
                    let unit = try JSONParser().withDocument(try #require(test["data"]).bytes) {
                        try evaluator.evaluate($0, using: ValidationScratch())
                    }
                    #expect(unit.isValid == test["valid"]?.boolValue, about)
                    #expect(unit.isValid || !unit.leaves.isEmpty, about)
                }
            }
        }
    }
}
