import JSON
import Registry
import Testing

@Suite struct DeletionTests {
    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func aVersionIsHiddenFirstAndGoneThen(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            try await Self.fill(registry)
            #expect(try await registry.delete("/subjects/s/versions/1?permanent=true").code == 40407)
            #expect(try await registry.delete("/subjects/s/versions/1").text == "1")
            #expect(try await registry.delete("/subjects/s/versions/1").code == 40406)
            #expect(try await registry.get("/subjects/s/versions/1").code == 40402)
            #expect(try await registry.get("/subjects/s/versions/1?deleted=true").json["deleted"] == true)
            #expect(try await registry.get("/subjects/s/versions?deleted=true").text == "[1,2]")
            #expect(try await registry.get("/subjects/s/versions?deletedOnly=true").text == "[1]")
            #expect(try await registry.get("/subjects/s/versions?deletedAsNegative=true").text == "[-1,2]")
            #expect(try await registry.get("/schemas/ids/1").status == 200)
            #expect(try await registry.get("/schemas/ids/1/subjects").text == "[]")
            #expect(try await registry.delete("/subjects/s/versions/1?permanent=true").text == "1")
            #expect(try await registry.get("/schemas/ids/1").code == 40403)
            #expect(try await registry.delete("/subjects/s/versions/latest").text == "2")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func aSubjectIsHiddenFirstAndGoneWithItsLevelThen(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            try await Self.fill(registry)
            #expect(try await registry.delete("/subjects/s?permanent=true").code == 40405)
            #expect(try await registry.delete("/subjects/s").text == "[1,2]")
            #expect(try await registry.delete("/subjects/s").code == 40404)
            #expect(try await registry.get("/subjects").text == "[]")
            #expect(try await registry.get("/subjects?deletedOnly=true").text == #"["s"]"#)
            #expect(try await registry.get("/subjects/s/versions").code == 40401)
            #expect(try await registry.get("/config/s").json["compatibilityLevel"] == "NONE")
            #expect(try await registry.delete("/subjects/s?permanent=true").text == "[1,2]")
            #expect(try await registry.get("/config/s").code == 40408)
            #expect(try await registry.delete("/subjects/s").code == 40401)
            // Records out there carry 1 and 2: nobody gets them again.
            #expect(try await registry.register("t", #"{"title":"other"}"#) == 3)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func aDeletedSchemaComesBackAsTheNextVersionWithItsID(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            let id = try await registry.register("s", "{}")
            _ = try await registry.delete("/subjects/s")
            #expect(try await registry.register("s", "{}") == id)
            #expect(try await registry.get("/subjects/s/versions?deleted=true").text == "[2]")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func whatOthersReferToStays() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("base", #"{"type":"string"}"#)
            let references = #"[{"name":"base.json","subject":"base","version":-1}]"#
            let id = try await registry.register("s", #"{"$ref":"base.json"}"#, references: references)
            let answer = try await registry.get("/subjects/s/versions/1")
            #expect(
                answer.json["references"]?.description == #"[{"name":"base.json","subject":"base","version":1}]"#
            )
            #expect(try await registry.get("/subjects/base/versions/1/referencedby").text == "[\(id)]")
            #expect(try await registry.delete("/subjects/base").code == 42206)
            let refused = try await registry.delete("/subjects/base/versions/1")
            #expect(refused.code == 42206)
            #expect(refused.message.contains("version 1 of subject 's'"))
            _ = try await registry.delete("/subjects/s")
            #expect(try await registry.delete("/subjects/base").text == "[1]")
            #expect(try await registry.delete("/subjects/base?permanent=true").code == 42206)
            _ = try await registry.delete("/subjects/s?permanent=true")
            #expect(try await registry.delete("/subjects/base?permanent=true").text == "[1]")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aReferenceToWhatIsNotThereIsRefused() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            let references = #"[{"name":"x.json","subject":"none","version":1}]"#
            let answer = try await registry.post("/subjects/s/versions", #"{"$ref":"x.json"}"#, references: references)
            #expect(answer.code == 42201)
            #expect(answer.message.contains("'none'"))
        }
    }

    /// `s` with two versions and no level.
    private static func fill(_ registry: RunningRegistry) async throws {
        _ = try await registry.put("/config/s", #"{"compatibility":"NONE"}"#)
        #expect(try await registry.register("s", "{}") == 1)
        #expect(try await registry.register("s", #"{"type":"string"}"#) == 2)
    }
}
