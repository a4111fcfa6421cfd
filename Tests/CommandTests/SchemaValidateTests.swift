import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaValidateTests {
    private static let files = [
        "s.json": #"{"type":"object","properties":{"a":{"type":"array","items":{"$ref":"common/int.json"}}}}"#,
        "common/int.json": #"{"type":"integer"}"#,
        "bad.json": #"{"type":12}"#,
        "event.json": "{\n  \"a\": [\"x\"]\n}\n",
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": #"{"required":["id"]}"#,
        "schemas/orders/v2.json": #"{"required":["id","name"]}"#,
    ]

    @Test func eachLineHasItsVerdict() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let input = "{\"a\":[\"x\"]}\n{\"a\":[1]}\n\nnope\r\n{\"a\":3}"
            let result = try await busbar.run("schema", "validate", "--schema", "s.json", "--json", "-", input: input)
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(
                lines[0] == """
                    {"index":0,"valid":false,"errors":[{"instance":"/a/0","keyword":"\(keyword(result.output))",\
                    "message":"/a/0 is a string, the contract asks for an integer"}]}
                    """
            )
            #expect(lines[1] == #"{"index":1,"valid":true,"errors":[]}"#)
            #expect(lines[2].hasPrefix(#"{"index":2,"valid":false,"errors":[{"instance":"","keyword":"","message":"#))
            #expect(
                lines[3] == """
                    {"index":3,"valid":false,"errors":[{"instance":"/a","keyword":"/properties/a/type",\
                    "message":"/a is a number, the contract asks for an array"}]}
                    """
            )
            #expect(result.errors == "")
            #expect(result.status == 2)
        }
    }

    /// The keyword lies in a document beside the contract, whose address depends on the folder.
    private func keyword(_ output: String) -> String {
        let start = output.firstRange(of: #""keyword":""#)?.upperBound ?? output.startIndex
        let keyword = String(output[start...].prefix { $0 != "\"" })
        #expect(keyword.hasSuffix("/common/int.json#/type"))
        return keyword
    }

    @Test func aJSONFileIsOneInstance() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let invalid = try await busbar.run("schema", "validate", "orders@v1", "event.json")
            #expect(
                invalid.output == """
                    event.json: invalid
                      the document: the document lacks the member 'id', which the contract requires (/required)

                    """
            )
            #expect(invalid.errors == "1 instance: 1 invalid\n")
            #expect(invalid.status == 2)
        }
    }

    @Test func aSubjectIsItsNewestVersionUnlessOneIsNamed() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let input = #"{"id":1}"#
            #expect(try await busbar.run("schema", "validate", "orders@v1", input: input).status == 0)
            #expect(try await busbar.run("schema", "validate", "orders", input: input).status == 2)
            let valid = try await busbar.run("schema", "validate", "orders@v1", "-", input: input)
            #expect(valid.output == "instance 0: valid\n")
            #expect(valid.errors == "1 instance: 0 invalid\n")
        }
    }

    @Test(arguments: [
        (["ordres"], Int32(78), "busbar: there is no subject 'ordres' in schemas; did you mean 'orders'?"),
        (["orders@v3"], 78, "busbar: subject 'orders' has no version 3; it has v1 to v2"),
        (["orders@3"], 64, "busbar: 'orders@3' names no version"),
        (["--schema", "bad.json"], 78, "busbar: bad.json:1:9: this is no schema: "),
        (["--schema", "none.json"], 64, "busbar: none.json: there is no such file"),
        (["orders", "none.json"], 64, "busbar: none.json: the file cannot be read\n"),
        ([], 64, "Error: name a contract: SUBJECT[@vN], or --schema FILE\n"),
    ])
    func whatCannotBeUsedIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(["schema", "validate"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }
}
