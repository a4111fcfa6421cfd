import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaDiffTests {
    private static let files = [
        "old.json": #"{"properties":{"id":{"type":"string"},"note":{"$ref":"common/text.json"}}}"#,
        "new.json": """
        {
          "properties": {
            "id": { "type": "string" },
            "note": { "type": "string", "maxLength": 20 }
          },
          "required": ["id"],
          "description": "orders"
        }
        """,
        "common/text.json": #"{"type":"string","maxLength":500}"#,
        "bad.json": #"{"type":12}"#,
        "schemas/orders/subject.yaml": "owner: shop\ncompatibility: full\ntopics: [orders, orders.eu]\n",
        "schemas/orders/v1.json": #"{"type":"string"}"#,
        "schemas/orders/v2.json": "{\"type\":[\"string\",\"null\"]}\n",
        "schemas/events/subject.yaml": "owner: web\ndescription: Clicks.\n",
        "schemas/events/v1.json": "true",
    ]

    @Test func theTextShowsWhereAndWhatAndWhatToDo() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.run("schema", "diff", "old.json", "new.json", "--policy", "confluent")
            #expect(
                result.output == """
                    old.json -> new.json   level backward, policy confluent, draft-07
                      ERROR    REQUIRED_ATTRIBUTE_ADDED  #/required/id  new.json:6:16
                               old: absent   new: "id"
                               fix: Keep the property optional.
                                    Give the property a default that readers fill in.
                                    Level forward allows it, if the writers can be changed first.
                                    Start a new subject, or a new major version in a compatibility group of its own, \
                    and move the readers over.
                      ERROR    MAX_LENGTH_DECREASED  #/properties/note/maxLength  new.json:4:46
                               old: 500   new: 20
                               fix: Keep the bound as wide as it was and have writers keep within the narrower one.
                                    Add a property with the narrower bound beside this one.
                                    Level forward allows it, if the writers can be changed first.
                                    Start a new subject, or a new major version in a compatibility group of its own, \
                    and move the readers over.
                      ok       DESCRIPTION_CHANGED  #/  new.json:7:18

                    """
            )
            #expect(result.errors == "2 errors, 1 harmless difference: incompatible\n")
            #expect(result.status == 2)
        }
    }

    @Test func theJSONIsOneObject() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let forward = try await busbar.run(
                "schema",
                "diff",
                "orders@v1",
                "orders",
                "--policy",
                "confluent",
                "--level",
                "forward",
                "--json"
            )
            #expect(
                forward.output == """
                    {"verdict":"incompatible","differences":[{"rule":"TYPE_CHANGED","path":"#/","old":"string",\
                    "new":["string","null"],"counterexample":null,"advice":["Add a property of another name with the new \
                    type and go on writing the old one.","Start a new subject, or a new major version in a compatibility \
                    group of its own, and move the readers over."],"effect":"incompatible","direction":"forward",\
                    "old_pointer":"/type","new_pointer":"/type","reason":null,"error":null}]}

                    """
            )
            #expect(forward.errors == "")
            #expect(forward.status == 2)
            let backward = try await busbar.run(
                "schema",
                "diff",
                "orders@v1",
                "orders@v2",
                "--policy",
                "confluent",
                "--json"
            )
            #expect(backward.output.hasPrefix(#"{"verdict":"compatible","differences":[{"rule":"SUM_TYPE_EXTENDED","#))
            #expect(backward.status == 0)
        }
    }

    @Test func lenientAllowsWhatConfluentRefusesByContentModelOnly() async throws {
        let files = [
            "a.json": #"{"properties":{"a":true}}"#, "b.json": #"{"properties":{"a":true,"b":{"type":"null"}}}"#,
        ]
        try await Command.inFolder(files) { busbar in
            let strict = try await busbar.run("schema", "diff", "a.json", "b.json", "--policy", "confluent")
            #expect(strict.status == 2)
            #expect(strict.output.contains("Policy lenient allows it; "))
            let lenient = try await busbar.run("schema", "diff", "a.json", "b.json", "--policy", "lenient")
            #expect(lenient.errors == "1 harmless difference: compatible\n")
            #expect(lenient.status == 0)
            let same = try await busbar.run("schema", "diff", "a.json", "a.json", "--policy", "confluent")
            #expect(same.errors == "0 harmless differences: compatible\n")
        }
    }

    @Test(arguments: [
        (
            ["orders@v1", "ordres"], Int32(78),
            "busbar: there is no subject 'ordres' in schemas; did you mean 'orders'?"
        ),
        (["orders@1", "orders"], 64, "busbar: 'orders@1' names no version"),
        (["old.json", "bad.json"], 78, "busbar: bad.json:1:9: this is no schema: "),
        (["old.json", "none.json"], 64, "busbar: none.json: there is no such file"),
        (["old.json"], 64, "Error: Missing expected argument '<new>'"),
        (["a", "b", "--level", "none"], 64, "Error: The value 'none' is invalid for '--level <level>'"),
        (["a", "b", "--policy", "loose"], 64, "Error: The value 'loose' is invalid for '--policy <policy>'"),
    ])
    func whatCannotBeComparedIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(["schema", "diff"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }

    @Test func theFolderIsListed() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let text = try await busbar.run("schema", "list")
            #expect(text.output == "events  v1  backward  web\norders  v2  full  shop\n")
            #expect(text.errors == "2 subjects\n")
            let json = try await busbar.run("schema", "list", "--json")
            #expect(
                json.output == """
                    {"v":1,"subject":"events","latest":1,"compatibility":"backward","owner":"web","topics":[],\
                    "description":"Clicks."}
                    {"v":1,"subject":"orders","latest":2,"compatibility":"full","owner":"shop",\
                    "topics":["orders","orders.eu"],"description":null}

                    """
            )
            let none = try await busbar.run("schema", "list", "--schemas", "none")
            #expect(none.status == 78)
        }
    }

    @Test func oneVersionIsShownAsItIsWritten() async throws {
        try await Command.inFolder(Self.files) { busbar in
            #expect(try await busbar.run("schema", "show", "orders@v1").output == #"{"type":"string"}"# + "\n")
            #expect(try await busbar.run("schema", "show", "orders").output == #"{"type":["string","null"]}"# + "\n")
            let json = try await busbar.run("schema", "show", "orders@v1", "--json")
            #expect(
                json.output == """
                    {"v":1,"subject":"orders","version":1,"latest":2,"draft":"draft-07","compatibility":"full",\
                    "owner":"shop","schema":{"type":"string"}}

                    """
            )
            #expect(try await busbar.run("schema", "show", "orders@v7").status == 78)
            #expect(try await busbar.run("schema", "show", "orders@7").status == 64)
        }
    }
}
