import Contracts
import JSON
import Testing

@Suite struct SchemaInferenceTests {
    /// The schema without its head.
    private func inferred(
        _ records: [String],
        _ bounds: InferenceBounds = InferenceBounds(),
        discriminator: String? = nil,
        _ change: (inout InferredSchemaOptions) -> Void = { _ in }
    ) throws -> String {
        var options = InferredSchemaOptions()
        change(&options)
        let schema = try InferredRecords.inference(records, bounds, discriminator: discriminator).schema(options)
        let members = try #require(schema.members).filter { !["$schema", "$comment", "$id", "title"].contains($0.0) }
        return "\(JSON.object(members))"
    }

    @Test func theHeadSaysTheDraftAndHowManyRecordsWereSeen() throws {
        var options = InferredSchemaOptions()
        options.title = "Orders"
        options.id = "https://example.com/orders"
        let inference = try InferredRecords.inference(["1"])
        #expect(
            "\(inference.schema(options))" == """
                {"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://example.com/orders","title":"Orders",\
                "$comment":"Inferred from 1 record.","type":"integer"}
                """
        )
        options = InferredSchemaOptions()
        options.draft = .draft202012
        #expect(
            "\(SchemaInference().schema(options))" == """
                {"$schema":"https://json-schema.org/draft/2020-12/schema","$comment":"Inferred from 0 records."}
                """
        )
    }

    @Test(arguments: [
        (["null"], #"{"type":"null"}"#),
        (["1", "2.0", "30e-1"], #"{"type":"integer"}"#),
        (["1", "1.5"], #"{"type":"number"}"#),
        (["true", "null", #""x""#], #"{"type":["string","boolean","null"]}"#),
        (["[]"], #"{"type":"array"}"#),
        (["[]", "[1]", "[null,2]"], #"{"type":"array","items":{"type":["integer","null"]}}"#),
        (["{}"], #"{"type":"object"}"#),
        (
            [#"{"b":1,"a":{"c":"x"}}"#, #"{"a":{}}"#],
            #"{"type":"object","properties":{"a":{"type":"object","properties":{"c":{"type":"string"}}},"#
                + #""b":{"type":"integer"}},"required":["a"]}"#
        ),
        // A repeated name is one member with two values.
        (
            [#"{"a":1,"a":null}"#, "{}"],
            #"{"type":"object","properties":{"a":{"type":["integer","null"]}}}"#
        ),
    ])
    func kindsMembersAndItems(_ records: [String], _ schema: String) throws {
        #expect(try inferred(records) == schema)
    }

    @Test(arguments: [
        ([#""2024-02-29T12:30:00Z""#, #""2024-03-01T00:00:00+01:00""#], "date-time"),
        ([#""2024-02-29""#], "date"), ([#""12:30:00Z""#], "time"), ([#""P1DT12H""#], "duration"),
        ([#""2eb8aa08-aa98-11ea-b4aa-73b441d16380""#], "uuid"), ([#""192.0.2.1""#], "ipv4"),
        ([#""2001:db8::1""#], "ipv6"),
        ([#""ada@example.com""#], "email"), ([#""https://example.com/a?b=c""#], "uri"),
    ])
    func aFormatIsNamedWhereAllTextsHaveIt(_ records: [String], _ format: String) throws {
        #expect(try inferred(records) == #"{"type":"string","format":"\#(format)"}"#)
        #expect(try inferred(records + ["null"]) == #"{"type":["string","null"],"format":"\#(format)"}"#)
        #expect(try inferred(records + [#""other""#]) == #"{"type":"string"}"#)
        #expect(try inferred(records) { $0.namesFormats = false } == #"{"type":"string"}"#)
    }

    @Test(arguments: [#""kind:bug""#, #""example.com""#, #""/a""#, #""""#, #""2024-02-30""#])
    func whatManyTextsHaveIsNoFormat(_ record: String) throws {
        #expect(try inferred([record]) == #"{"type":"string"}"#)
    }

    @Test func fewTextsThatComeOftenAreAnEnum() throws {
        let often = Array(repeating: [#""open""#, #""closed""#], count: 10).flatMap { $0 }
        #expect(try inferred(often) == #"{"type":"string","enum":["closed","open"]}"#)
        #expect(try inferred(often + ["null"]) == #"{"type":["string","null"],"enum":["closed","open",null]}"#)
        #expect(try inferred(often) { $0.namesEnums = false } == #"{"type":"string"}"#)
        // Seldom, beside another kind, or always the same: no reason to refuse others.
        #expect(try inferred(Array(often.dropLast())) == #"{"type":"string"}"#)
        #expect(try inferred(often + ["1"]) == #"{"type":["string","integer"]}"#)
        #expect(try inferred(Array(repeating: #""open""#, count: 50)) == #"{"type":"string"}"#)
        let many = (0..<17).flatMap { Array(repeating: "\"w\($0)\"", count: 10) }
        #expect(try inferred(many) == #"{"type":"string"}"#)
        #expect(try inferred(Array(many.dropLast(10))).contains(#""enum":["w0","w1","w10""#))
    }

    @Test func boundsAreExactAndSpeltAsTheShortestOfThem() throws {
        let records = ["9007199254740993", "-2.50", "-25e-1", "-2.5", "0"]
        #expect(
            try inferred(records) { $0.hasBounds = true }
                == #"{"type":"number","minimum":-2.5,"maximum":9007199254740993}"#
        )
        let long = String(repeating: "1", count: 65)
        #expect(try inferred(["1", long]) { $0.hasBounds = true } == #"{"type":"integer"}"#)
    }

    @Test func aClosedSchemaRefusesWhatWasNeverSeen() throws {
        #expect(
            try inferred([#"{"a":[{}]}"#]) { $0.isClosed = true }
                == #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","#
                + #""additionalProperties":false}}},"required":["a"],"additionalProperties":false}"#
        )
    }

    @Test func namesThatAreDataMakeAMap() throws {
        let records = (0..<20).map { #"{"lang\#($0)":{"n":\#($0)}}"# }
        #expect(
            try inferred(records)
                == #"{"type":"object","additionalProperties":{"type":"object","properties":{"n":{"type":"integer"}},"#
                + #""required":["n"]}}"#
        )
        // One record with as many members is a record.
        let one = "{" + (0..<20).map { "\"lang\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try inferred([one]).contains("required"))
        // Of different kinds they are optional members.
        #expect(try inferred(records + [#"{"lang0":1}"#]).contains(#""properties":{"lang0""#))
        let tooMany = "{" + (0...256).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        #expect(try inferred([tooMany]) == #"{"type":"object","additionalProperties":{"type":"integer"}}"#)
    }

    @Test func equivalentNamesAreDifferentMembers() throws {
        let schema = try inferred(["{\"\u{E9}\":1}", "{\"e\u{301}\":1}"])
        #expect(!schema.contains("required"))
        #expect(schema.utf8.count { $0 == UInt8(ascii: ":") } == 6)
    }

    @Test func aDiscriminatorMakesVariants() throws {
        let records = [#"{"type":"b","n":1}"#, #"{"type":"a","x":true}"#, #"{"type":"b","n":2}"#]
        let a = #"{"type":"object","properties":{"type":{"const":"a"},"x":{"type":"boolean"}},"required":["type","x"]}"#
        let b = #"{"type":"object","properties":{"n":{"type":"integer"},"type":{"const":"b"}},"required":["n","type"]}"#
        #expect(try inferred(records, discriminator: "type") == #"{"oneOf":[\#(a),\#(b)]}"#)
        #expect(
            try inferred(records + ["null"], discriminator: "type") == #"{"anyOf":[\#(a),\#(b),{"type":"null"}]}"#
        )
        #expect(try inferred([records[1]], discriminator: "type") == a)
        let tooMany = (0..<33).map { #"{"type":"t\#($0)"}"# }
        #expect(
            try inferred(tooMany, discriminator: "type")
                == #"{"type":"object","properties":{"type":{"type":"string"}},"required":["type"]}"#
        )
    }

    @Test func whatIsTooDeepMayBeAnything() throws {
        var bounds = InferenceBounds()
        bounds.depth = 2
        #expect(
            try inferred(["[[[1]]]"], bounds) == #"{"type":"array","items":{"type":"array","items":{}}}"#
        )
    }

    /// Different keys on every level, in every record: the kind of data that would be remembered for ever.
    @Test func memoryIsBoundedWhateverTheRecordsAre() throws {
        var bounds = InferenceBounds()
        bounds.places = 500
        var inference = SchemaInference(bounds)
        let parser = JSONParser()
        for round in 0..<200 {
            let inner = (0..<10).map { #""i\#(round)-\#($0)":\#($0)"# }.joined(separator: ",")
            let record = #"{"k\#(round % 50)":{"m\#(round)":{\#(inner)}}}"#
            try parser.withDocument(record) { inference.add($0) }
            #expect(inference.placeCount <= 500)
        }
        #expect(inference.isNarrowed)
    }
}
