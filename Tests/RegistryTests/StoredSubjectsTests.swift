import JSON
import Registry
import Testing

/// Registrations and reads over every storage that takes them.
@Suite struct StoredSubjectsTests {
    private static let text = #"{"type":"string"}"#
    private static let number = #"{"type":"number"}"#

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func theFirstSchemaIsVersionOneAndIDOne(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            let answer = try await registry.post("/subjects/s/versions", #"{ "type" : "string" }"#)
            #expect(
                answer.text == """
                    {"subject":"s","version":1,"id":1,"guid":"\(try #require(answer.json["guid"]?.string))",\
                    "schemaType":"JSON","schema":"{\\"type\\":\\"string\\"}"}
                    """
            )
            #expect(try await registry.get("/subjects/s/versions/1").text == answer.text)
            #expect(try await registry.get("/subjects/s/versions/latest/schema").text == Self.text)
            #expect(try await registry.get("/subjects").text == #"["s"]"#)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func theSameSchemaHasOneIDWhereverItIs(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            #expect(try await registry.register("a", Self.text) == 1)
            #expect(try await registry.register("a", Self.text) == 1)
            #expect(try await registry.get("/subjects/a/versions").text == "[1]")
            #expect(try await registry.register("b", Self.text) == 1)
            #expect(try await registry.register("c", Self.number) == 2)
            #expect(
                try await registry.get("/schemas/ids/1/versions").text
                    == #"[{"subject":"a","version":1},{"subject":"b","version":1}]"#
            )
            #expect(try await registry.get("/schemas/ids/1?fetchMaxId=true").json["maxId"] == .number(JSONLiteral(2)))
            let guid = try #require(try await registry.get("/schemas/ids/2").json["guid"]?.string)
            #expect(try await registry.get("/schemas/guids/\(guid)/ids").text == #"[{"context":".","id":2}]"#)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theOrderOfMembersMakesAnotherSchemaUnlessItIsNormalized() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.put("/config", #"{"compatibility":"NONE"}"#)
            let (first, turned) = (#"{"type":"object","title":"t"}"#, #"{"title":"t","type":"object"}"#)
            #expect(try await registry.register("s", first) == 1)
            #expect(try await registry.post("/subjects/s/versions?normalize=True", turned).json["version"] == 1)
            #expect(try await registry.register("s", turned) == 2)
            #expect(try await registry.put("/config/n", #"{"normalize":true}"#).status == 200)
            #expect(try await registry.register("n", first) == 2)
            #expect(try await registry.register("n", turned) == 2)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func metadataIsPartOfASchemaAndStaysUntilItIsReplaced() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.put("/config", #"{"compatibility":"NONE"}"#)
            let owned = #"""
                {"schemaType":"JSON","schema":"{}","metadata":{"properties":{"owner":"a"},"tags":{},"sensitive":[]}}
                """#
            let id = try await registry.send("POST", "/subjects/s/versions", owned).json["id"]
            #expect(try await registry.post("/subjects/s/versions", "{}").json["id"] == id)
            let next = try await registry.post("/subjects/s/versions", Self.text)
            #expect(next.json["metadata"]?["properties"]?["owner"] == "a")
            #expect(try await registry.get("/subjects/s/metadata?key=owner&value=a").json["version"] == 2)
            #expect(try await registry.get("/subjects/s/metadata?key=owner&value=b").code == 40403)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func contextsHaveIDsOfTheirOwn() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            #expect(try await registry.register("s", Self.number) == 1)
            #expect(try await registry.register(":.c:s", Self.text) == 1)
            #expect(try await registry.get("/contexts").text == #"[".",".c"]"#)
            #expect(try await registry.get("/subjects").text == #"[":.c:s","s"]"#)
            #expect(try await registry.get("/contexts/.c/subjects").text == #"[":.c:s"]"#)
            #expect(try await registry.get("/contexts/.c/subjects/s/versions/1/schema").text == Self.text)
            #expect(try await registry.get("/schemas/ids/1?subject=:.c:").json["schema"]?.string == Self.text)
            #expect(try await registry.get("/contexts/.c/schemas/ids/1/schema").text == Self.text)
            #expect(try await registry.get("/schemas/ids/1/schema").text == Self.number)
            #expect(try await registry.delete("/contexts/.c").code == 42211)
            _ = try await registry.delete("/contexts/.c/subjects/s")
            _ = try await registry.delete("/contexts/.c/subjects/s?permanent=true")
            #expect(try await registry.delete("/contexts/.c").status == 204)
            #expect(try await registry.get("/contexts").text == #"["."]"#)
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("{oops", 42201), (#"{"type":"strin"}"#, 42201), ("[1,2]", 42201), ("", 42201),
            (##"{"$ref":"#/definitions/nope"}"##, 42201), (#"{"$ref":"other.json"}"#, 42201),
            (String(repeating: "[", count: 10_000), 42201),
            (String(repeating: #"{"not":"#, count: 10_000) + "{}" + String(repeating: "}", count: 10_000), 42201),
        ]
    )
    func whatIsNoSchemaIsRefused(schema: String, code: Int) async throws {
        try await StoreKind.sqlite.with { registry async throws in
            let answer = try await registry.post("/subjects/s/versions", schema)
            #expect(answer.code == code)
            #expect(try await registry.get("/subjects").text == "[]")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["__GLOBAL", "__EMPTY", "a%01b", ":.c:"])
    func subjectsThatNobodyCanHaveAreRefused(subject: String) async throws {
        try await StoreKind.sqlite.with { registry async throws in
            #expect(try await registry.post("/subjects/\(subject)/versions", Self.text).code == 42208)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func parallelRegistrationsGetGaplessVersions(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            _ = try await registry.put("/config/s", #"{"compatibility":"NONE"}"#)
            let ids = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<24 {
                    group.addTask { try await registry.register("s", #"{"title":"\#(number)"}"#) }
                    group.addTask { try await registry.register("same", #"{"title":"same"}"#) }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(Set(ids).count == 25)
            #expect(try await registry.get("/subjects/s/versions").json.elements?.count == 24)
            #expect(try await registry.get("/subjects/s/versions/24").status == 200)
            #expect(try await registry.get("/subjects/same/versions").text == "[1]")
        }
    }
}
