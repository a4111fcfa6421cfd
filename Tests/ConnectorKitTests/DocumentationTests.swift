import ConnectorKit
import Foundation
import Testing

@Suite struct DocumentationTests {
    private let catalogue = CatalogueFixture.catalogue

    @Test func aSinksPageFollowsItsSpecs() {
        #expect(
            CatalogueFixture.http.documentation(in: catalogue) == """
                # Sink `http`

                Sends requests.

                ## Keys

                - `url` (address, required): Where to. Example: `${env:TICKETS_URL}/api/tickets`.
                - `method` (`POST`, `PUT`, `PATCH`, optional, default: `POST`): How.
                - `headers` (mapping to text, optional, default: `{}`): Headers of the request.
                - `idempotency_key` (boolean, optional, default: `true`): Whether Idempotency-Key is sent.
                - `batch` (mapping, optional): Many records in one request.
                  - `max` (whole number, required, range: 1-1000): Most records. Example: `100`.
                  - `within` (duration, optional, default: `50ms`): Longest wait.

                ## Example

                ```yaml
                to:
                  http:
                    url: ${env:TICKETS_URL}/api/tickets
                    # method: POST
                    # headers: {}
                    # idempotency_key: true
                    # batch: { max: 100 }
                ```

                """
        )
    }

    @Test func aSourcesPageNamesSecretsAndWhatIsDeprecated() {
        let page = CatalogueFixture.webhook.documentation(in: catalogue)
        #expect(page.hasPrefix("# Source `webhook`\n\nReceives signed requests.\n"))
        #expect(
            page.contains(
                "- `secret` (text, required, secret): What the sender signs with. Example: `${secret:github-webhook}`.\n"
            )
        )
        #expect(page.contains("- `max_body` (size, optional, default: `1MiB`, range: at most 64MiB): Longest body.\n"))
        #expect(page.contains("The old secret. Deprecated: Use `secret`.\n"))
    }

    @Test func everyKeyOfAConnectorFileIsDocumented() {
        let page = catalogue.connectorDocumentation
        for key in [
            "connector", "on_violation", "window", "in_flight", "attempts", "latency_p95", "base64", "target_4xx",
        ] {
            #expect(page.contains("- `\(key)` ("))
        }
        #expect(
            page.contains(
                "  - `timeout` (duration, optional, default: `10s`, range: 1ms-1h): Longest time of one attempt.\n"
            )
        )
    }

    @Test func everyScaffoldLintsClean() {
        for source in catalogue.sources {
            for sink in catalogue.sinks {
                let text = catalogue.scaffold(source: source.name, sink: sink.name) ?? ""
                let file = CatalogueFixture.read(text)
                #expect(file.isUsable)
                #expect(file.diagnostics.isEmpty, "\(text)\(file.diagnostics)")
            }
        }
        #expect(catalogue.scaffold(source: "nothing", sink: "http") == nil)
    }

    @Test func aScaffoldIsAFileToStartFrom() {
        #expect(
            catalogue.scaffold(source: "kafka", sink: "kafka", name: "copy") == """
                connector: copy
                description: What this connector is for, in a sentence.
                owner: your-team

                from:
                  kafka:
                    topic: github.issues
                    # start: earliest

                # contract: github.issues
                # dedupe: { key: header.ce_id, window: 7d }

                steps:
                  - filter: 'true'

                to:
                  kafka:
                    topic: copy.out
                    # key: '.id'

                delivery:
                  order: key
                  timeout: 10s

                tests:
                  - name: an event is delivered
                    input: [ { json: {} } ]
                    expect: { delivered: 1 }

                """
        )
    }

    @Test func theEditorsSchemaIsJSONAndClosed() throws {
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(catalogue.editorSchema.utf8)) as? [String: Any]
        )
        #expect(schema["required"] as? [String] == ["connector", "owner", "from", "to"])
        #expect(schema["additionalProperties"] as? Bool == false)
        let properties = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(Set(properties.keys) == Set(catalogue.connectorFields.map(\.name)))
        let from = try #require(properties["from"])
        #expect((from["oneOf"] as? [Any])?.count == 3)
        #expect(from["description"] as? String == "Where events come from: exactly one source.")
    }

    @Test func everyCodeIsUniqueAndMeansSomething() {
        let codes = DiagnosticCode.allCases
        #expect(Set(codes.map(\.rawValue)).count == codes.count)
        #expect(Set(codes.map(\.meaning)).count == codes.count)
        #expect(codes.allSatisfy { $0.rawValue.wholeMatch(of: /BB1\d{3}/) != nil && $0.meaning.hasSuffix(".") })
    }

    @Test func aFindingIsOneLineOfJSON() {
        let finding = CatalogueFixture.read(
            "connector: \"a\\\"b\"\nowner: t\nfrom: { kafka: { topic: x } }\nto: { file: { path: p } }\n"
        ).diagnostics[0]
        #expect(
            finding.json == #"""
                {"v":1,"code":"BB1014","severity":"error","file":"connectors/a.yaml","line":1,"column":12,"message":"`connector` is `a\"b`: no connector has that name","fix":"Use 1 to 63 of `a-z`, `0-9` and `-`."}
                """#
        )
    }
}
