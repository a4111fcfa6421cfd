import JSON
import Registry
import Testing

@Suite struct RegistryReadTests {
    @Test(.timeLimit(.minutes(1))) func listsSubjectsAndVersions() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            #expect(try await registry.get("/subjects").text == #"["common.address","empty","orders"]"#)
            #expect(try await registry.get("/subjects/").text == #"["common.address","empty","orders"]"#)
            #expect(try await registry.get("/subjects?offset=1&limit=1").text == #"["empty"]"#)
            #expect(try await registry.get("/subjects?subjectPrefix=or&deleted=True").text == #"["orders"]"#)
            #expect(
                try await registry.get("/subjects?subjectPrefix=:*:").text == #"["common.address","empty","orders"]"#
            )
            #expect(try await registry.get("/subjects?deletedOnly=TRUE").text == "[]")
            #expect(try await registry.get("/subjects/orders/versions").text == "[1,2]")
            #expect(try await registry.get("/subjects/orders/versions?deletedAsNegative=x").text == "[1,2]")
            #expect(try await registry.get("/schemas/types").text == #"["JSON"]"#)
            #expect(try await registry.get("/").text == "{}")
        }
    }

    @Test(.timeLimit(.minutes(1))) func servesAVersionWithItsReferencesAndText() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let answer = try await registry.get("/subjects/orders/versions/1")
            #expect(answer.status == 200)
            #expect(answer.contentType == "application/vnd.schemaregistry.v1+json")
            #expect(answer.json["subject"]?.string == "orders")
            #expect(answer.json["version"] == .number(JSONLiteral(1)))
            #expect(answer.json["schemaType"]?.string == "JSON")
            #expect(answer.json["schema"]?.string == Fixture.ordersV1)
            #expect(
                answer.json["references"]?.description
                    == #"[{"name":"../common.address/v1.json","subject":"common.address","version":1}]"#
            )
            #expect(try await registry.get("/subjects/orders/versions/1/schema").text == Fixture.ordersV1)
            for latest in ["latest", "-1", "2"] {
                let answer = try await registry.get("/subjects/orders/versions/\(latest)")
                #expect(answer.json["version"] == .number(JSONLiteral(2)))
                #expect(answer.json["references"] == nil)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func servesASchemaByIDAndGUIDWithEveryPlaceItHas() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let version = try await registry.get("/subjects/orders/versions/2").json
            let id = try #require(version["id"]?.number?.text)
            let guid = try #require(version["guid"]?.string)
            let schema = try await registry.get("/schemas/ids/\(id)")
            #expect(schema.json["schema"]?.string == Fixture.ordersV2)
            #expect(schema.json["guid"]?.string == guid)
            #expect(schema.json["subject"] == nil)
            let placed = try await registry.get("/schemas/ids/\(id)?subject=empty&fetchMaxId=False")
            #expect(placed.json["subject"]?.string == "empty")
            #expect(placed.json["version"] == .number(JSONLiteral(1)))
            #expect(try await registry.get("/schemas/ids/\(id)/schema").text == Fixture.ordersV2)
            #expect(try await registry.get("/schemas/ids/\(id)/subjects").text == #"["empty","orders"]"#)
            #expect(
                try await registry.get("/schemas/ids/\(id)/versions").text
                    == #"[{"subject":"empty","version":1},{"subject":"orders","version":2}]"#
            )
            #expect(try await registry.get("/schemas/guids/\(guid)").json["schema"]?.string == Fixture.ordersV2)
        }
    }

    @Test(.timeLimit(.minutes(1))) func tellsLevelsModeAndHealth() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            #expect(try await registry.get("/config").text == #"{"compatibilityLevel":"BACKWARD"}"#)
            #expect(try await registry.get("/config/orders").text == #"{"compatibilityLevel":"FULL_TRANSITIVE"}"#)
            #expect(try await registry.get("/config/empty").text == #"{"compatibilityLevel":"NONE"}"#)
            #expect(try await registry.get("/config/none").code == 40408)
            #expect(try await registry.get("/config/none?defaultToGlobal=True").json["compatibilityLevel"] != nil)
            #expect(try await registry.get("/mode").text == #"{"mode":"READONLY"}"#)
            #expect(try await registry.get("/mode/orders").text == #"{"mode":"READONLY"}"#)
            #expect(try await registry.get("/mode/none").code == 40409)
            #expect(
                try await registry.get("/healthz").text == #"{"status":"ok","subjects":3,"schemas":3}"#
            )
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("/subjects/none/versions", 404, 40401), ("/subjects/none/versions/1", 404, 40401),
            ("/subjects/orders/versions/3", 404, 40402), ("/subjects/orders/versions/3/schema", 404, 40402),
            ("/subjects/orders/versions/0", 422, 42202), ("/subjects/orders/versions/-2", 422, 42202),
            ("/subjects/orders/versions/one", 422, 42202), ("/subjects/orders/versions/2147483648", 422, 42202),
            ("/schemas/ids/1", 404, 40403), ("/schemas/ids/1/schema", 404, 40403),
            ("/schemas/ids/1/versions", 404, 40403), ("/schemas/guids/x", 404, 40403),
            ("/schemas/ids/x", 404, 404), ("/schemas/ids/2147483648", 404, 404),
            ("/subjects?limit=many", 400, 400), ("/nothing", 404, 404), ("/subjects/orders/versions/1/x", 404, 404),
            ("/subjects/orders", 405, 405), ("/contexts/none/subjects", 404, 404),
            ("/subjects/..%2F..%2Fetc/versions", 404, 40401),
        ]
    )
    func answersWithConfluentsCodes(path: String, status: Int, code: Int) async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let answer = try await registry.get(path)
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(answer.contentType == RegistryServer.mediaType)
            #expect(!answer.message.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(1))) func headIsGetWithoutItsBody() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let answer = try await registry.send("HEAD", "/subjects/none/versions")
            #expect(answer.status == 404)
            #expect(answer.text.isEmpty)
        }
    }
}
