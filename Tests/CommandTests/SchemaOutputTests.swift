import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaOutputTests {
    private static let files = [
        "s.json": #"{"properties":{"a":{"type":"integer","title":"A"},"at":{"format":"date"}},"required":["a"]}"#,
        "twice.json": "{\n  \"type\": \"object\",\n  \"type\": \"array\"\n}",
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": #"{"required":["id"],"properties":{"id":{"format":"uuid"}}}"#,
    ]

    private static func run(_ arguments: [String], input: String) async throws -> Command.Result {
        try await Command.inFolder(files) { busbar in
            try await busbar.start(["schema", "validate"] + arguments, input: input).result()
        }
    }

    @Test func eachOutputFormatIsALineOfJSON() async throws {
        let input = "{\"a\":1}\n{\"a\":\"x\"}\n"
        let flag = try await Self.run(["--schema", "s.json", "--output", "flag"], input: input)
        #expect(flag.output == "{\"valid\":true}\n{\"valid\":false}\n")
        #expect(flag.errors == "")
        #expect(flag.status == 2)
        let detailed = try await Self.run(["--schema", "s.json", "--output", "detailed"], input: input)
        let lines = detailed.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0].hasPrefix(#"{"valid":true,"keywordLocation":"/properties/a/title","absoluteKeywordLocation":"#)
        )
        #expect(lines[0].hasSuffix(#""instanceLocation":"/a","annotation":"A"}"#))
        #expect(
            lines[1].hasPrefix(#"{"valid":false,"keywordLocation":"/properties/a/type","absoluteKeywordLocation":"#)
        )
        #expect(
            lines[1].hasSuffix(
                #""instanceLocation":"/a","error":"is a string, the contract asks for an integer"}"#
            )
        )
    }

    @Test func whatIsNoJSONHasAnOutputToo() async throws {
        let basic = try await Self.run(["--schema", "s.json", "--output", "basic"], input: "nope")
        #expect(
            basic.output.hasPrefix(#"{"valid":false,"keywordLocation":"","instanceLocation":"","errors":[{"valid":"#)
        )
        #expect(basic.output.contains("the instance is not JSON: 1:1: "))
        #expect(basic.status == 2)
    }

    @Test func twoFormsOfOutputAreAUsageError() async throws {
        let both = try await Self.run(["--schema", "s.json", "--json", "--output", "flag"], input: "")
        #expect(both.errors.hasPrefix("Error: --json and --output are two forms of the same: give one\n"))
        #expect(both.status == 64)
        #expect(try await Self.run(["--schema", "s.json", "--output", "xml"], input: "").status == 64)
    }

    @Test func formatsAreAssertedOnRequest() async throws {
        let input = #"{"id":"x"}"#
        #expect(try await Self.run(["orders"], input: input).status == 0)
        let refused = try await Self.run(["orders", "--assert-formats"], input: input)
        #expect(
            refused.output == """
                instance 0: invalid
                  /id: /id does not have the format uuid, such as 2eb8aa08-aa98-11ea-b4aa-73b441d16380 \
                (/properties/id/format)

                """
        )
        #expect(refused.status == 2)
    }

    @Test func repeatedNamesAreRefusedOnRequestWithBothPlaces() async throws {
        let input = #"{"a":1,"b":{"c":1,"c":2}}"#
        #expect(try await Self.run(["--schema", "s.json"], input: input).status == 0)
        let refused = try await Self.run(["--schema", "s.json", "--reject-duplicate-keys"], input: input)
        #expect(
            refused.output.contains("1:19: the object has the member /b/c already, at 1:13 [duplicate_key, byte 18]")
        )
        #expect(refused.status == 2)
        let contract = try await Self.run(["--schema", "twice.json", "--reject-duplicate-keys"], input: "[]")
        #expect(contract.errors.contains("twice.json:3:3: the object has the member /type already, at 2:3"))
        #expect(contract.status == 78)
        #expect(try await Self.run(["--schema", "twice.json"], input: "[]").status == 0)
    }
}
