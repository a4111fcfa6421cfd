import JSON
import Registry
import Testing

/// What settings add to schemas: metadata, rule sets, and the subject that is meant by a name.
@Suite struct SchemaDefaultsTests {
    private static func register(
        _ registry: RunningRegistry,
        _ subject: String,
        _ schema: String,
        metadata: JSON? = nil,
        ruleSet: JSON? = nil
    ) async throws -> JSON {
        var writer = JSONWriter()
        writer.object {
            $0.member("schemaType", "JSON")
            $0.member("schema", schema)
            if let metadata { $0.member("metadata", metadata) }
            if let ruleSet { $0.member("ruleSet", ruleSet) }
        }
        return try await registry.send("POST", "/subjects/\(subject)/versions", writer.text).json
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func whatIsSaidOfASchemaComesBackAsItWasSaid(_ kind: StoreKind) async throws {
        let metadata: JSON = ["tags": ["**.email": ["PII"]], "properties": ["owner": "a"], "sensitive": ["owner"]]
        let rules: JSON = [
            "domainRules": [["name": "r", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"]]
        ]
        try await kind.with { registry async throws in
            let answer = try await Self.register(registry, "s", "{}", metadata: metadata, ruleSet: rules)
            let path = "/subjects/s/versions/1"
            for json in [answer, try await registry.get(path).json, try await registry.get("/schemas/ids/1").json] {
                #expect(json["metadata"]?.description == metadata.description)
                #expect(json["ruleSet"]?.description == rules.description)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func defaultsAreBehindWhatIsSaidAndOverridesBeforeIt() async throws {
        let settings = #"""
            {"compatibility":"NONE","defaultMetadata":{"properties":{"owner":"nobody","tier":"2"},"sensitive":["owner"]},
             "overrideMetadata":{"properties":{"tier":"1"},"tags":{"a":["x"]}},
             "defaultRuleSet":{"domainRules":[{"name":"d"},{"name":"r","doc":"default"}]},
             "overrideRuleSet":{"domainRules":[{"name":"o"}]}}
            """#
        try await StoreKind.sqlite.with { registry async throws in
            #expect(try await registry.put("/config/s", settings).status == 200)
            let kept = try await registry.get("/config/s").json
            #expect(kept["overrideMetadata"]?["properties"]?["tier"] == "1")
            let own: JSON = ["properties": ["owner": "a", "more": "b"], "sensitive": ["more"]]
            let rules: JSON = ["domainRules": [["name": "r", "doc": "own"]]]
            let answer = try await Self.register(registry, "s", "{}", metadata: own, ruleSet: rules)
            #expect(
                answer["metadata"]?.description
                    == #"{"properties":{"owner":"a","more":"b","tier":"1"},"sensitive":["owner","more"],"tags":{"a":["x"]}}"#
            )
            #expect(
                answer["ruleSet"]?.description
                    == #"{"domainRules":[{"name":"d"},{"name":"r","doc":"own"},{"name":"o"}]}"#
            )
            let again = try await Self.register(registry, "s", "{}", metadata: own, ruleSet: rules)
            #expect(again["version"] == 1, "what the settings add makes no other schema")
            let silent = try await Self.register(registry, "t", "{}")
            #expect(silent["metadata"] == nil && silent["ruleSet"] == nil, "another subject has other settings")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: StoreKind.allCases)
    func aliasesStandForTheirSubject(_ kind: StoreKind) async throws {
        try await kind.with { registry async throws in
            #expect(try await registry.register("real", #"{"type":"string"}"#) == 1)
            #expect(try await registry.put("/config/other", #"{"alias":"real"}"#).text == #"{"alias":"real"}"#)
            #expect(try await registry.get("/subjects/other/versions/latest").json["subject"] == "real")
            #expect(try await registry.register("other", "true") == 2)
            #expect(try await registry.get("/subjects").text == #"["real"]"#)
            #expect(try await registry.get("/subjects/real/versions").text == "[1,2]")
            let check = try await registry.post("/compatibility/subjects/other/versions/latest", #"{"type":"null"}"#)
            #expect(check.json["is_compatible"] == false)
            #expect(try await registry.get("/schemas/ids/1?subject=other").json["subject"] == "real")
            let listed = try await registry.get("/schemas?aliases=true&latestOnly=true").json
            #expect(listed[0]?["aliases"] == ["other"])
            #expect(try await registry.get("/schemas").json[0]?["aliases"] == nil)
            // Settings are those of the name itself, or the alias could never be taken back.
            #expect(try await registry.put("/config/other", #"{"alias":""}"#).status == 200)
            #expect(try await registry.get("/subjects/other/versions").code == 40401)
            #expect(try await registry.put("/config/:.c:x", #"{"alias":"y"}"#).status == 200)
            #expect(try await registry.post("/contexts/.c/subjects/x/versions", "{}").json["subject"] == ":.c:y")
        }
    }
}
