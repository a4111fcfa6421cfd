import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct LintCommandTests {
    /// A file that is wrong, and what lint says about it, byte for byte.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let output: String
    }

    private static let head = "connector: orders\nowner: shop\nfrom:\n  kafka: { topic: orders }\n"
    private static let tail = "to:\n  kafka: { topic: copies }\n"

    static let rows = [
        Row(
            testDescription: "malformed YAML",
            file: "connector: orders\n  owner: shop\n",
            output: """
                c.yaml:2:8: error: the text is not YAML: mapping values are not allowed in this context [BB1002]
                  fix: Put a value that holds `: ` in quotes, or check the indentation.

                """
        ),
        Row(
            testDescription: "an unknown key",
            file: head + tail + "delivery:\n  in_flght: 64\n",
            output: """
                c.yaml:8:3: error: unknown key `in_flght` in `delivery` [BB1010]
                  in_flght: ***
                  ^
                  fix: Did you mean `in_flight`?

                """
        ),
        Row(
            testDescription: "a wrong type",
            file: head + tail + "delivery:\n  in_flight: many\n",
            output: """
                c.yaml:8:14: error: `delivery.in_flight` takes a whole number, found `many` [BB1012]
                  in_flight: many
                             ^
                  fix: Write a whole number, for example `10`.

                """
        ),
        Row(
            testDescription: "a missing secret",
            file: head + "to:\n  http:\n    url: http://shop.test/\n    headers: { A: \"${secret:shop-token}\" }\n",
            output: """
                c.yaml:8:19: error: `${secret:shop-token}`: there is no such secret [BB1021]
                    headers: { A: "${secret:shop-token}" }
                                  ^
                  fix: Create the file `secrets/shop-token` or the environment variable `BUSBAR_SECRET_SHOP_TOKEN`.

                """
        ),
        Row(
            testDescription: "a contract that does not exist",
            file: head + "contract: ordres\n" + tail,
            output: """
                c.yaml:5:11: error: `contract` is `ordres`: the contract `ordres` cannot be used: there is no subject \
                'ordres' in schemas; did you mean 'orders'? [BB1041]
                contract: ordres
                          ^
                  fix: Look into schemas.

                """
        ),
    ]

    private static let contracts = [
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": #"{"type":"object"}"#,
    ]

    @Test(arguments: rows)
    func aFindingSaysWhereWhatAndWhatToDo(_ row: Row) async throws {
        try await Command.inFolder(Self.contracts.merging(["c.yaml": row.file]) { $1 }) { busbar in
            let result = try await busbar.run("lint", "c.yaml", "--check-references")
            #expect(result.output == row.output)
            #expect(result.errors == "1 file: 1 error, 0 warnings\n")
            #expect(result.status == 2)
        }
    }

    @Test func aProgramThatDoesNotCompileIsAFinding() async throws {
        let file = Self.head + "steps:\n  - filter: '.a ='\n" + Self.tail
        try await Command.inFolder(["c.yaml": file]) { busbar in
            let result = try await busbar.run("lint", "c.yaml")
            #expect(result.output.hasPrefix("c.yaml:6:13: error: 1:5: unexpected the end of the program [syntax]\n"))
            #expect(result.output.contains("  - filter: '.a ='\n            ^\n"))
            #expect(result.status == 2)
        }
    }

    @Test func aContractThatIsNoSchemaIsAFinding() async throws {
        let files = [
            "c.yaml": Self.head + Self.tail, "schemas/orders/subject.yaml": "owner: shop\n",
            "schemas/orders/v1.json": #"{"type":12}"#,
        ]
        try await Command.inFolder(files) { busbar in
            let result = try await busbar.run("lint", "c.yaml", "--json")
            #expect(
                result.output.hasPrefix(
                    #"{"v":1,"code":"invalid_schema","severity":"error","file":"schemas/orders/v1.json","line":1,"column":9,"#
                )
            )
            #expect(result.status == 2)
        }
    }

    @Test func aCleanFolderIsZero() async throws {
        try await Command.inFolder(["connectors/c.yaml": Self.head + Self.tail]) { busbar in
            let result = try await busbar.run("lint")
            #expect(result.output == "")
            #expect(result.errors == "1 file: 0 errors, 0 warnings\n")
            #expect(result.status == 0)
        }
    }

    @Test func warningsAreFindingsOnlyWhereAskedFor() async throws {
        let file = Self.head + "runbook: none.md\n" + Self.tail
        try await Command.inFolder(["c.yaml": file]) { busbar in
            #expect(try await busbar.run("lint", "c.yaml").status == 0)
            let strict = try await busbar.run("lint", "c.yaml", "--strict", "--json")
            #expect(strict.status == 2)
            #expect(
                strict.output == """
                    {"v":1,"code":"BB1040","severity":"warning","file":"c.yaml","line":5,"column":10,"message":"`runbook` is \
                    `none.md`, and there is no such file","fix":"Write the page, or correct the path: it counts from here and \
                    from the working directory."}

                    """
            )
        }
    }

    @Test func whatIsNotThereIsAUsageError() async throws {
        try await Command.inFolder(["empty/readme": ""]) { busbar in
            let missing = try await busbar.run("lint", "nowhere")
            #expect(missing.errors == "busbar: nowhere: there is no such file or folder\n")
            #expect(missing.status == 64)
            let empty = try await busbar.run("lint", "empty")
            #expect(empty.errors == "busbar: empty: there are no *.yaml files in it\n")
            #expect(empty.status == 64)
            let schemas = try await busbar.run("lint", "empty", "--schemas", "none")
            #expect(schemas.errors == "busbar: none: there is no such folder\n")
            #expect(schemas.status == 64)
        }
    }
}
