import ConnectorKit
import Testing

@Suite struct RegistrySettingsTests {
    private func load(_ text: String, environment: [String: String] = [:]) -> WorkerSettings.Loaded {
        WorkerSettings.load(.init(text: text, environment: environment)) { ["secrets/registry": "canary-7f3a\n"][$0] }
    }

    @Test func anAddressAloneIsTheShortForm() throws {
        let registry = try #require(load("registry: http://r:8081\n").settings?.registry)
        #expect(registry.urls == ["http://r:8081"])
        #expect(registry.timeout == .seconds(5))
        guard case .nobody = registry.login else {
            Issue.record("\(registry.login)")
            return
        }
    }

    @Test func theLongFormSaysWhoAsksAndWhoIsBelieved() throws {
        let loaded = load(
            """
            registry:
              url: [ 'https://a:8081', 'https://b:8081' ]
              user: worker
              password: ${secret:registry}
              authorities: ca.pem
              certificate: w.pem
              key: w.key
              timeout: 2s

            """
        )
        #expect(loaded.diagnostics.isEmpty)
        let registry = try #require(loaded.settings?.registry)
        #expect(registry.urls == ["https://a:8081", "https://b:8081"])
        #expect(registry.authorities == "ca.pem" && registry.certificate == "w.pem" && registry.key == "w.key")
        #expect(registry.timeout == .seconds(2))
        guard case .basic(let user, let password) = registry.login else {
            Issue.record("\(registry.login)")
            return
        }
        #expect(user == "worker")
        #expect(try password.current().reveal() == "canary-7f3a")
        #expect(!"\(registry)".contains("canary"))
    }

    @Test func theEnvironmentHasEachKey() throws {
        #expect(load("", environment: ["BUSBAR_REGISTRY": "http://e:1"]).settings?.registry?.urls == ["http://e:1"])
        let file = "registry: { url: 'http://f:1' }\n"
        let loaded = load(file, environment: ["BUSBAR_REGISTRY_URL": "http://e:2", "BUSBAR_REGISTRY_TOKEN": "t-1"])
        #expect(loaded.diagnostics.isEmpty)
        let registry = try #require(loaded.settings?.registry)
        #expect(registry.urls == ["http://e:2"])
        guard case .bearer(let token) = registry.login else {
            Issue.record("\(registry.login)")
            return
        }
        #expect(try token.current().reveal() == "t-1")
    }

    @Test(arguments: [
        (
            "registry: { url: 'http://r:1', user: u }\n",
            "busbar.yaml:1:38: error: `registry.user` is nothing without `registry.password` [BB1035]"
        ),
        (
            "registry: { url: 'http://r:1', certificate: c }\n",
            "busbar.yaml:1:45: error: `registry.certificate` is nothing without `registry.key` [BB1035]"
        ),
        (
            "registry: { url: 'http://r:1', user: u, password: '${secret:registry}', token: '${secret:registry}' }\n",
            "busbar.yaml:1:80: error: `user` says who asks, and so does `token` [BB1035]"
        ),
        ("registry: { user: u }\n", "busbar.yaml:1:11: error: `registry.url` is missing [BB1011]"),
        ("registry: r:8081\n", "busbar.yaml:1:11: error: `registry` is `r:8081`: no http or https address [BB1014]"),
    ])
    func whatContradictsItselfIsFound(text: String, finding: String) {
        let loaded = load(text)
        #expect(loaded.settings == nil)
        #expect(loaded.diagnostics.map(\.description) == [finding])
    }

    @Test func whetherThereIsOneIsKnownWithoutItsSecrets() {
        let file = "registry: { url: 'http://r:1', token: '${secret:nowhere}' }\n"
        #expect(WorkerSettings.namesRegistry(.init(text: file)))
        #expect(WorkerSettings.namesRegistry(.init(environment: ["BUSBAR_REGISTRY": "http://r:1"])))
        #expect(!WorkerSettings.namesRegistry(.init(text: "state: s\n")))
    }

    @Test func theLatestVersionHasAName() {
        #expect(SubjectReference("orders@latest") == SubjectReference("orders"))
        #expect(SubjectReference("orders@v3")?.version == 3)
        #expect(SubjectReference("orders@newest") == nil)
    }
}
