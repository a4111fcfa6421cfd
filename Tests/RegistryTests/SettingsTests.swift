import JSON
import Registry
import Testing

@Suite struct SettingsTests {
    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func levelsAreSetPerSubjectAndInherited(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            #expect(try await registry.get("/config").text == #"{"compatibilityLevel":"BACKWARD"}"#)
            #expect(try await registry.get("/config/s").code == 40408)
            #expect(
                try await registry.put("/config/s", #"{"compatibility":"full"}"#).text == #"{"compatibility":"FULL"}"#
            )
            #expect(try await registry.get("/config/s").text == #"{"compatibilityLevel":"FULL"}"#)
            #expect(try await registry.put("/config/s", #"{"compatibilityPolicy":"lenient"}"#).status == 200)
            #expect(
                try await registry.get("/config/s").text
                    == #"{"compatibilityLevel":"FULL","compatibilityPolicy":"LENIENT"}"#
            )
            #expect(try await registry.put("/config/:.c:", #"{"compatibility":"FORWARD"}"#).status == 200)
            #expect(
                try await registry.get("/config/:.c:x?defaultToGlobal=true").json["compatibilityLevel"] == "FORWARD"
            )
            #expect(try await registry.delete("/config/s").json["compatibilityLevel"] == "FULL")
            #expect(try await registry.delete("/config/s").code == 40401)
            #expect(try await registry.put("/config", #"{"compatibility":"NONE"}"#).status == 200)
            #expect(try await registry.delete("/config").json["compatibilityLevel"] == "NONE")
            #expect(try await registry.get("/config/s?defaultToGlobal=true").json["compatibilityLevel"] == "BACKWARD")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (#"{"compatibility":"SIDEWAYS"}"#, 42203), (#"{"compatibility":7}"#, 42203), ("[]", 400), ("{", 400),
            (#"{"compatibilityPolicy":"LOGICAL"}"#, 42203), (#"{"normalize":"yes"}"#, 400),
            (#"{"alias":7}"#, 400), (#"{"defaultMetadata":[]}"#, 400), (#"{"validateFields":true}"#, 42205),
            (#"{"validateRules":true}"#, 42205), (#"{"overrideMetadata":{"properties":{"a":1}}}"#, 400),
            (#"{"defaultRuleSet":{"domainRules":[{"doc":"no name"}]}}"#, 42210),
        ]
    )
    func settingsThatMeanNothingHereAreRefused(body: String, code: Int) async throws {
        try await StoreKind.sqlite.with { registry async throws in
            #expect(try await registry.put("/config/s", body).code == code)
            #expect(try await registry.get("/config/s").code == 40408)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func aModeSaysWhoMayWrite(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            #expect(try await registry.put("/mode/s", #"{"mode":"READONLY"}"#).text == #"{"mode":"READONLY"}"#)
            #expect(try await registry.post("/subjects/s/versions", "{}").code == 42205)
            #expect(try await registry.put("/config/s", #"{"compatibility":"NONE"}"#).code == 42205)
            #expect(try await registry.put("/mode/s", #"{"mode":"SIDEWAYS"}"#).code == 42204)
            #expect(try await registry.put("/mode/s", #"{"mode":"FORWARD"}"#).code == 42204)
            #expect(try await registry.delete("/mode/s").text == #"{"mode":"READONLY"}"#)
            #expect(try await registry.delete("/mode/s").code == 40401)
            _ = try await registry.register("s", "{}")
            #expect(try await registry.put("/mode", #"{"mode":"READONLY_OVERRIDE"}"#).status == 200)
            #expect(try await registry.put("/mode/s", #"{"mode":"READWRITE"}"#).status == 200)
            #expect(try await registry.delete("/subjects/s").code == 42205)
            #expect(try await registry.delete("/mode").text == #"{"mode":"READONLY_OVERRIDE"}"#)
            #expect(try await registry.delete("/subjects/s").status == 200)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func importTakesIDsAndVersionsAsTheyCome() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            let seven = #"{"schemaType":"JSON","schema":"{}","id":700,"version":7}"#
            #expect(try await registry.send("POST", "/subjects/s/versions", seven).code == 42205)
            #expect(try await registry.put("/mode/s", #"{"mode":"IMPORT"}"#).status == 200)
            let imported = try await registry.send("POST", "/subjects/s/versions", seven)
            #expect(imported.json["id"] == 700)
            #expect(imported.json["version"] == 7)
            #expect(try await registry.send("POST", "/subjects/s/versions", seven).status == 200)
            let other = #"{"schemaType":"JSON","schema":"true","id":700,"version":8}"#
            #expect(try await registry.send("POST", "/subjects/s/versions", other).code == 42205)
            #expect(try await registry.post("/subjects/s/versions", "true").code == 42205)
            _ = try await registry.put("/mode/s", #"{"mode":"READWRITE"}"#)
            #expect(try await registry.register("t", "true") == 701)
            #expect(try await registry.put("/mode/s", #"{"mode":"IMPORT"}"#).code == 42205)
            #expect(try await registry.put("/mode/s?force=true", #"{"mode":"IMPORT"}"#).status == 200)
        }
    }
}
