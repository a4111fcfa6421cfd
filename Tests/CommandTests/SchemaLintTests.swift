import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaLintTests {
    private static let files = [
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": """
        {
          "$id": "https://example.com/orders",
          "$schema": "http://json-schema.org/draft-07/schema#",
          "properties": { "n": { "type": "integer", "minimum": 0 } }
        }
        """,
        "schemas/clean/subject.yaml": "owner: shop\ncompatibility: none\n",
        "schemas/clean/v1.json": """
        { "$id": "https://example.com/clean", "$schema": "http://json-schema.org/draft-07/schema#" }
        """,
        "file.json": #"{"$id":"https://example.com/a","$schema":"http://json-schema.org/draft-07/schema#"}"#,
    ]

    @Test func eachFindingHasItsPlaceAndWhatToDo() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.run("schema", "lint")
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 4)
            #expect(lines[0].hasPrefix("schemas/orders/v1.json:1:1: warning: the object accepts further members"))
            #expect(lines[0].hasSuffix("[OPEN_CONTENT_MODEL]"))
            #expect(lines[1].hasPrefix("    fix: Close it with"))
            #expect(lines[2].hasPrefix("schemas/orders/v1.json:4:24: warning: the number has no maximum;"))
            #expect(result.errors == "2 contracts: 2 findings\n")
            #expect(result.status == 2)
        }
    }

    @Test func theJSONIsALineForEach() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.run("schema", "lint", "orders@v1", "--json")
            let lines = result.output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(
                lines[1].hasPrefix(
                    #"{"v":1,"rule":"UNBOUNDED_NUMBER","severity":"warning","file":"schemas/orders/v1.json","line":4,"#
                        + #""column":24,"pointer":"/properties/n","message":"#
                )
            )
            #expect(result.status == 2)
        }
    }

    @Test func theLevelDecides() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let own = try await busbar.run("schema", "lint", "clean")
            #expect(own.output == "")
            #expect(own.errors == "1 contract: 0 findings\n")
            #expect(own.status == 0)
            let none = try await busbar.run("schema", "lint", "orders", "file.json", "--level", "none")
            #expect(none.errors == "2 contracts: 0 findings\n")
            #expect(none.status == 0)
            let unknown = try await busbar.run("schema", "lint", "ordres")
            #expect(unknown.errors.hasPrefix("busbar: there is no subject 'ordres' in schemas"))
            #expect(unknown.status == 78)
        }
    }
}
