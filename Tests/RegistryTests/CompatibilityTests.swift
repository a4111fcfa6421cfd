import JSON
import Log
import Registry
import Testing

/// What the registry says of a new version; how two schemas compare is tested where it is done.
@Suite struct CompatibilityTests {
    private static let text = #"{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}"#
    private static let number = #"{"type":"object","properties":{"a":{"type":"number"}},"additionalProperties":false}"#
    private static let wider =
        #"{"type":"object","properties":{"a":{"type":"string"},"b":{}},"additionalProperties":false}"#

    @Test(.timeLimit(.minutes(1))) func aVersionThatBreaksTheLevelIsRefusedWithItsPlace() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("s", Self.text)
            let refused = try await registry.post("/subjects/s/versions", Self.number)
            #expect(refused.status == 409)
            #expect(refused.code == 40901)
            #expect(refused.message.contains("incompatible with an earlier schema for subject \"s\""))
            #expect(refused.message.contains("#/properties/a"))
            #expect(try await registry.register("s", Self.wider) == 2)
            #expect(try await registry.post("/subjects/s/versions?force=true", Self.number).json["version"] == 3)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aCheckAnswersInConfluentsWordsAndInOurs() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("s", Self.text)
            let path = "/compatibility/subjects/s/versions/latest"
            #expect(try await registry.post(path, Self.number).text == #"{"is_compatible":false}"#)
            let verbose = try await registry.post(path + "?normalize=False&verbose=True", Self.number).json
            let messages = verbose["messages"]?.elements?.compactMap(\.string) ?? []
            #expect(
                messages == [
                    #"{errorType:"TYPE_CHANGED", description:"type changed at path '#/properties/a'"}"#,
                    "{oldSchemaVersion: 1}", "{oldSchema: '\(Self.text)'}",
                    "{validateFields: 'false', compatibility: 'BACKWARD'}",
                ]
            )
            let difference = try #require(verbose["differences"]?[0])
            #expect(difference["rule"] == "TYPE_CHANGED")
            #expect(difference["path"] == "#/properties/a")
            #expect(difference["old"] == "string")
            #expect(difference["new"] == "number")
            #expect(difference["direction"] == "backward")
            #expect(difference["oldVersion"] == 1)
            let fine = try await registry.post(path + "?verbose=true", Self.wider).text
            #expect(fine == #"{"is_compatible":true,"messages":[],"differences":[]}"#)
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatCannotBeCheckedIsAnErrorOrAMessage() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("s", Self.text)
            let path = "/compatibility/subjects/s/versions/"
            #expect(try await registry.post(path + "latest", "{bad").code == 42201)
            let verbose = try await registry.post(path + "latest?verbose=true", "{bad")
            #expect(verbose.status == 200)
            #expect(verbose.json["is_compatible"] == false)
            #expect(verbose.json["messages"]?.elements?.count == 1)
            #expect(try await registry.post(path + "7", Self.text).code == 40402)
            #expect(try await registry.post(path + "zero", Self.text).code == 42202)
            #expect(
                try await registry.post("/compatibility/subjects/none/versions/latest", Self.text).text
                    == #"{"is_compatible":true}"#
            )
        }
    }

    @Test(.timeLimit(.minutes(1))) func transitiveLevelsLookAtEveryLiveVersion() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.put("/config/s", #"{"compatibility":"NONE"}"#)
            _ = try await registry.register("s", Self.number)
            _ = try await registry.register("s", Self.text)
            let path = "/compatibility/subjects/s/versions"
            for (level, verdict) in [("BACKWARD", true), ("BACKWARD_TRANSITIVE", false), ("NONE", true)] {
                _ = try await registry.put("/config/s", #"{"compatibility":"\#(level)"}"#)
                #expect(try await registry.post(path, Self.wider).json["is_compatible"] == .bool(verdict), "\(level)")
            }
            _ = try await registry.put("/config/s", #"{"compatibility":"BACKWARD_TRANSITIVE"}"#)
            _ = try await registry.delete("/subjects/s/versions/1")
            #expect(try await registry.post(path, Self.wider).json["is_compatible"] == true)
        }
    }

    @Test(.timeLimit(.minutes(1))) func lanesOfOneGroupAreComparedWithThemselvesOnly() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.put("/config/s", #"{"compatibility":"BACKWARD","compatibilityGroup":"major"}"#)
            #expect(try await Self.register(registry, Self.text, major: 1) == 200)
            #expect(try await Self.register(registry, Self.number, major: 2) == 200)
            #expect(try await Self.register(registry, Self.text, major: 2) == 409)
            #expect(try await Self.register(registry, Self.wider, major: 1) == 200)
        }
    }

    private static func register(_ registry: RunningRegistry, _ schema: String, major: Int) async throws -> Int {
        var writer = JSONWriter()
        writer.object {
            $0.member("schemaType", "JSON")
            $0.member("schema", schema)
            $0.member("metadata", ["properties": ["major": .string("\(major)")]])
        }
        return try await registry.send("POST", "/subjects/s/versions", writer.text).status
    }

    @Test(.timeLimit(.minutes(1))) func theLenientPolicyAllowsWhatOpenObjectsMakeOfAnOptionalProperty() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("s", #"{"type":"object","properties":{"a":{"type":"string"}}}"#)
            let more = #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#
            let path = "/compatibility/subjects/s/versions/latest"
            #expect(try await registry.post(path, more).json["is_compatible"] == false)
            _ = try await registry.put("/config/s", #"{"compatibilityPolicy":"LENIENT"}"#)
            #expect(try await registry.post(path, more).json["is_compatible"] == true)
        }
    }

    @Test(.timeLimit(.minutes(1))) func theSoundPolicyShowsADocumentThatBreaks() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.register("s", #"{"type":"object","patternProperties":{"^x":{"type":"string"}}}"#)
            // Confluent never compares patternProperties.
            let stricter = #"{"type":"object","patternProperties":{"^x":{"type":"number"}}}"#
            let path = "/compatibility/subjects/s/versions/latest?verbose=true"
            #expect(try await registry.post(path, stricter).json["is_compatible"] == true)
            _ = try await registry.put("/config/s", #"{"compatibilityPolicy":"SOUND"}"#)
            let answer = try await registry.post(path, stricter).json
            #expect(answer["is_compatible"] == false)
            let example = try #require(answer["differences"]?.elements?.lazy.compactMap { $0["counterexample"] }.first)
            #expect(example.members?.contains { $0.0.hasPrefix("x") && $0.1.string != nil } == true, "\(example)")
        }
    }

    @Test(.timeLimit(.minutes(1))) func aReferenceIsSeenThrough() async throws {
        try await StoreKind.sqlite.with { registry async throws in
            _ = try await registry.put("/config/base", #"{"compatibility":"NONE"}"#)
            _ = try await registry.register("base", #"{"type":"string"}"#)
            _ = try await registry.register("base", #"{"type":"number"}"#)
            for (version, status) in [(1, 200), (2, 409)] {
                let references = #"[{"name":"base.json","subject":"base","version":\#(version)}]"#
                let schema = #"{"properties":{"a":{"$ref":"base.json"}}}"#
                let answer = try await registry.post("/subjects/s/versions", schema, references: references)
                #expect(answer.status == status)
            }
        }
    }
}
