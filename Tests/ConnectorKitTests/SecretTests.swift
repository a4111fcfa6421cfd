import ConnectorKit
import Synchronization
import Testing

@Suite struct SecretTests {
    private static let canary = "canary-7f3a"
    private static let resolver = SecretResolver(
        environment: { ["URL": "http://x", "BUSBAR_SECRET_BY_ENV_X": canary, "BAD": "ftp://x"][$0] },
        file: { ["secrets/s": "\(canary)\n", "/run/f": canary, "secrets/two": "a\nb\n\n"][$0] },
        directory: "secrets"
    )

    private func sink(_ text: String) throws -> (Fields, ConnectorDefinition) {
        let connector = try CatalogueFixture.read(
            "connector: a\nowner: t\nfrom: { kafka: { topic: in } }\nto:\n  http:\n" + text.indented
        ).usableDefinition()
        let resolved = try connector.resolved(by: Self.resolver, catalogue: CatalogueFixture.catalogue)
        return (resolved.routes[0].fields, resolved)
    }

    @Test(arguments: [
        ("a", ["a"]), ("", [""]), ("$x $", ["$x $"]), ("$${env:X}", ["${env:X}"]),
        ("a${env:X_1}b", ["a", "${env:X_1}", "b"]),
        ("${secret:a-b.c}${file:/x y}", ["${secret:a-b.c}", "${file:/x y}"]),
    ])
    func readsReferences(text: String, parts: [String]) throws {
        let template = try TextTemplate(parsing: text)
        let shown = template.parts.map { part in
            switch part {
            case .literal(let text): text
            case .reference(let reference): reference.description
            }
        }
        #expect(shown == parts)
    }

    @Test(arguments: [
        "${", "${}", "${env}", "${env:}", "${env:1X}", "${env:A-B}", "${secret:../x}", "${secret:.x}", "${vault:x}",
        "${ENV:X}",
    ])
    func refusesMalformedReferences(text: String) {
        #expect(throws: TextTemplate.SyntaxError.self) { try TextTemplate(parsing: text) }
    }

    @Test func resolvesFromEveryPlace() throws {
        let (fields, _) = try sink(
            "url: ${env:URL}/t\nheaders: { A: '${secret:s}', B: '${secret:by-env.x}', C: '${file:/run/f}!', D: d, E: '${secret:two}' }\n"
        )
        #expect(fields.string("url") == "http://x/t")
        let headers = fields.secretMap("headers").map { $0.value.reveal() }
        #expect(
            headers == [Self.canary, Self.canary, Self.canary + "!", "d", "a\nb\n"],
            "one line break at the end goes"
        )
    }

    @Test func saysWhatToSetWhenAReferenceHasNoValue() throws {
        let text =
            "connector: a\nowner: t\nfrom: { webhook: { path: '${env:NO}', secret: '${secret:no-such}' } }\nto: { http: { url: '${file:/no}' } }\n"
        var environment = CatalogueFixture.offline
        environment.resolver = Self.resolver
        let expected = """
            connectors/a.yaml:3:26: error: `${env:NO}`: the environment variable is not set [BB1021]
            from: { webhook: { path: '${env:NO}', secret: '${secret:no-such}' } }
                                     ^
              fix: Set `NO` in the worker's environment.
            """
        let findings = CatalogueFixture.read(text, environment: environment).diagnostics
        #expect(findings.map(\.code) == [.unresolvedReference, .unresolvedReference, .unresolvedReference])
        #expect(findings.first?.rendered == expected)
        #expect(
            findings[1].fix == "Create the file `secrets/no-such` or the environment variable `BUSBAR_SECRET_NO_SUCH`."
        )
        #expect(CatalogueFixture.read(text).diagnostics.isEmpty, "offline, only the syntax is checked")
    }

    @Test func anAddressMustBeOneOnceItIsPutTogether() throws {
        let thrown = #expect(throws: ConfigurationError.self) { try sink("url: ${env:BAD}\n") }
        #expect(thrown?.code == .invalidValue)
        #expect(thrown?.description.contains("ftp") == false)
    }

    @Test func secretsShowNowhere() throws {
        let (fields, connector) = try sink("url: http://x/${secret:s}\nheaders: { A: 'Bearer ${secret:s}' }\n")
        var dumped = ""
        dump(connector, to: &dumped)
        dump(fields, to: &dumped)
        let shown = ["\(fields)", "\(connector)", String(reflecting: connector), dumped]
        #expect(shown.allSatisfy { !$0.contains(Self.canary) })
        #expect(fields.secretMap("headers")[0].value.reveal() == "Bearer " + Self.canary)
        #expect("\(SecretString(Self.canary))" == "***")
    }

    @Test func aSecretWrittenIntoTheFileShowsNowhereEither() throws {
        let text =
            "connector: a\nowner: t\nfrom: { webhook: { path: /x, secret: canary-7f3a } }\nto: { file: { path: x } }\n"
        let connector = try CatalogueFixture.read(text).usableDefinition()
        var dumped = "\(connector)"
        dump(connector, to: &dumped)
        #expect(!dumped.contains(Self.canary))
        #expect(connector.source.fields.secret("secret").reveal() == Self.canary)
    }

    @Test(arguments: [
        "from: { webhook: { path: /x, secret: canary-7f3a, max_body: 0B } }",
        "from: { webhook: { path: /x, secret: [ canary-7f3a ] } }",
        "from: { webhook: { path: /x, secret: { a: canary-7f3a } } }",
        "from: { webhook: { path: /x, secert: canary-7f3a } }",
        "from: { webhook: { path: /x, secret: 'canary-7f3a ${env' } }",
        "from: { webhook: { path: /x, secret: '${canary-7f3a}' } }",
        "from: { webhook: { path: /x, secret: \"canary\\u002d7f3a\", max_body: 0B } }",
        "from:\n  webhook:\n    path: /x\n    secret: |\n      canary-7f3a\n      more\n    max_body: 0B",
        "from:\n  webhook:\n    secret: |\n      canary-7f3a\n     more\n",
        "from: { webhook: { path: /x, secret: canary-7f3a",
        "secret: canary-7f3a\nsecret: canary-7f3a",
        "from: { kafka: { topic: in } }\nto: { http: { url: http://x, headers: { X-Api-Key: canary-7f3a, Z: [] } } }",
    ])
    func noFindingShowsASecret(text: String) {
        let findings = CatalogueFixture.read("connector: a\nowner: t\n" + text + "\n").diagnostics
        #expect(!findings.isEmpty)
        for finding in findings {
            #expect(!finding.rendered.contains(Self.canary))
            #expect(!finding.rendered.contains("u002d7f3a"))
            #expect(!finding.json.contains(Self.canary))
        }
    }

    @Test func aRotatedSecretIsSeenWhenItIsReadAgain() throws {
        let current = Box("first")
        let resolver = SecretResolver(environment: { _ in nil }, file: { _ in current.value }, directory: "secrets")
        var decoder = FieldDecoder()
        let document = try ConfigDocument("token: ${secret:t}\n", file: "a.yaml")
        let fields = try decoder.decode(document.root, as: [FieldSpec("token", .secret, .required, doc: "")])
            .resolved(by: resolver)
        let source = fields.secretSource("token")
        current.set("second")
        #expect(fields.secret("token").reveal() == "first")
        #expect(try source.current().reveal() == "second")
        current.set(nil)
        #expect(throws: ConfigurationError.self) { try source.current() }
    }
}

private final class Box: Sendable {
    private let content: Mutex<String?>
    init(_ value: String?) { content = Mutex(value) }
    var value: String? { content.withLock { $0 } }
    func set(_ value: String?) { content.withLock { $0 = value } }
}

extension String {
    fileprivate var indented: String {
        split(separator: "\n").map { "    \($0)\n" }.joined()
    }
}
