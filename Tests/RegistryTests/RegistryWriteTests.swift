import JSON
import Registry
import Testing

@Suite struct RegistryWriteTests {
    private static let new = RunningRegistry.schema(#"{"type":"string"}"#)

    @Test(.timeLimit(.minutes(1))) func looksUpASchemaByItsText() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let spaced = "{ \"type\": \"object\",\n \"required\": [ \"to\" ] }"
            let found = try await registry.send("POST", "/subjects/orders", RunningRegistry.schema(spaced))
            #expect(found.status == 200)
            #expect(found.json["version"] == .number(JSONLiteral(2)))
            #expect(found.json == (try await registry.get("/subjects/orders/versions/2").json))

            let turned = RunningRegistry.schema(#"{"required":["to"],"type":"object"}"#)
            #expect(try await registry.send("POST", "/subjects/orders", turned).code == 40403)
            let normalized = try await registry.send("POST", "/subjects/orders?normalize=True&deleted=False", turned)
            #expect(normalized.json["version"] == .number(JSONLiteral(2)))

            #expect(try await registry.send("POST", "/subjects/orders", Self.new).code == 40403)
            #expect(try await registry.send("POST", "/subjects/none", Self.new).code == 40401)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aSchemaWithReferencesIsFoundOnlyWithThem() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let references = #"[{"name":"../common.address/v1.json","subject":"common.address","version":1}]"#
            let with = RunningRegistry.schema(Fixture.ordersV1, references: references)
            #expect(
                try await registry.send("POST", "/subjects/orders", with).json["version"] == .number(JSONLiteral(1))
            )
            let without = RunningRegistry.schema(Fixture.ordersV1)
            #expect(try await registry.send("POST", "/subjects/orders", without).code == 40403)
        }
    }

    @Test(.timeLimit(.minutes(1))) func registeringWhatIsThereGivesItsIDAndNothingElseIsTaken() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let there = try await registry.send(
                "POST",
                "/subjects/orders/versions?normalize=False",
                RunningRegistry.schema(Fixture.ordersV2)
            )
            #expect(there.status == 200)
            #expect(there.json["id"] == (try await registry.get("/subjects/orders/versions/2").json["id"]))

            let refused = try await registry.send("POST", "/subjects/orders/versions", Self.new)
            #expect(refused.status == 422)
            #expect(refused.code == 42205)
            #expect(refused.message.contains("schemas/orders/v3.json"))
            let unknown = try await registry.send("POST", "/subjects/none/versions", Self.new)
            #expect(unknown.code == 42205)
            #expect(unknown.message.contains("schemas/none/v1.json beside a subject.yaml"))
            #expect(try await registry.get("/subjects/orders/versions").text == "[1,2]")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("PUT", "/config", 422, 42205), ("PUT", "/config/orders", 422, 42205),
            ("DELETE", "/config/orders", 422, 42205),
            ("PUT", "/mode", 422, 42205), ("PUT", "/mode/orders", 422, 42205),
            ("DELETE", "/subjects/orders", 422, 42205),
            ("DELETE", "/subjects/orders/versions/1", 422, 42205), ("PUT", "/subjects", 405, 405),
            ("POST", "/schemas/types", 405, 405), ("DELETE", "/schemas/ids/1", 405, 405),
            ("PATCH", "/subjects", 405, 405),
            ("PUT", "/nothing", 404, 404), ("PUT", "/config/%2E%2E%2Fx", 422, 42205),
        ]
    )
    func refusesToChangeAnything(method: String, path: String, status: Int, code: Int) async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let answer = try await registry.send(method, path, #"{"compatibility":"NONE","mode":"READWRITE"}"#)
            #expect(answer.status == status)
            #expect(answer.code == code)
            #expect(!answer.message.contains("schemas/.."))
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("", 400), ("{", 400), ("[]", 400), ("{}", 42201), (#"{"schemaType":"JSON","schema":"{"}"#, 42201),
            (#"{"schemaType":"JSON","schema":"1"}"#, 42201), (#"{"schema":"{}"}"#, 42201),
            (#"{"schemaType":"AVRO","schema":"{}"}"#, 42201), (#"{"schemaType":"JSON","schema":{}}"#, 42201),
            (#"{"schemaType":"JSON","schema":"{}","references":[{"name":"x"}]}"#, 42201),
        ]
    )
    func saysWhatIsWrongWithABody(body: String, code: Int) async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let answer = try await registry.send("POST", "/subjects/orders", body)
            #expect(answer.code == code)
            #expect(answer.status == (code == 400 ? 400 : 422))
        }
    }

    @Test(.timeLimit(.minutes(1))) func takesBodiesOfAnyJSONTypeAndOfNoOther() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let body = RunningRegistry.schema(Fixture.ordersV2)
            for type in [
                "application/json; charset=utf-8", "application/octet-stream", "application/vnd.schemaregistry+json",
            ] {
                #expect(try await registry.send("POST", "/subjects/orders", body, contentType: type).status == 200)
            }
            let text = try await registry.send("POST", "/subjects/orders", body, contentType: "text/plain")
            #expect(text.status == 415)
            #expect(text.code == 415)
        }
    }

    @Test(.timeLimit(.minutes(1))) func refusesABodyAboveItsBound() async throws {
        try await RunningRegistry.with(Fixture.files) { registry async throws in
            let body = String(repeating: " ", count: RegistryServer.maxBodyBytes + 1)
            #expect(try await registry.send("POST", "/subjects/orders", body).status == 413)
        }
    }
}
