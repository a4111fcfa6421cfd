import ConnectorKit
import Logging
import Testing

@Suite struct WorkerSettingsTests {
    private func load(
        _ text: String? = nil,
        environment: [String: String] = [:],
        flags: [String: String] = [:]
    ) -> WorkerSettings.Loaded {
        WorkerSettings.load(.init(text: text, environment: environment, flags: flags)) {
            ["vault/kafka": "canary-7f3a\n"][$0]
        }
    }

    @Test func everythingHasADefault() throws {
        let settings = try #require(load().settings)
        #expect(settings.brokers == .cluster(["localhost:9092"]))
        #expect(settings.kafka.isEmpty)
        #expect(settings.schemas == "schemas")
        #expect(settings.registry == nil)
        #expect(settings.state == "state")
        #expect(settings.secrets == "secrets")
        #expect(settings.http.description == "127.0.0.1:8080")
        #expect(settings.logLevel == .info)
        #expect(settings.traces == nil)
        #expect(settings.workerID == nil)
        #expect(settings.drain == .seconds(25))
    }

    @Test func readsEveryKey() throws {
        let loaded = load(
            """
            brokers: [ 'a:1', '[::1]:2' ]
            kafka: { security.protocol: sasl_ssl, sasl.password: '${secret:kafka}', socket.keepalive.enable: true }
            schemas: s
            registry: http://r:8081
            state: /var/lib/busbar
            secrets: vault
            http: 0.0.0.0:0
            telemetry: { level: debug, traces: 'http://t:4318' }
            worker: { id: w1, drain: 5s }

            """
        )
        #expect(loaded.diagnostics.isEmpty)
        let settings = try #require(loaded.settings)
        #expect(settings.brokers == .cluster(["a:1", "[::1]:2"]))
        #expect(settings.kafka.map(\.key) == ["security.protocol", "sasl.password", "socket.keepalive.enable"])
        #expect(settings.kafka.map { $0.value.reveal() } == ["sasl_ssl", "canary-7f3a", "true"])
        #expect(settings.registry?.urls == ["http://r:8081"])
        #expect(settings.http.port == 0)
        #expect(settings.workerID == "w1")
        #expect(settings.drain == .seconds(5))
        #expect(loaded.resolver?.directory == "vault")
    }

    @Test func flagBeatsEnvironmentBeatsFileBeatsDefault() throws {
        let file = "state: file\nhttp: f:1\ntelemetry: { level: debug }\n"
        let environment = [
            "BUSBAR_STATE": "env", "BUSBAR_HTTP": "e:2", "BUSBAR_TELEMETRY_LEVEL": "error", "PATH": "/bin",
        ]
        #expect(load().settings?.state == "state")
        #expect(load(file).settings?.state == "file")
        #expect(load(file, environment: environment).settings?.state == "env")
        let all = try #require(
            load(file, environment: environment, flags: ["state": "flag", "worker.drain": "9s"]).settings
        )
        #expect(all.state == "flag")
        #expect(all.http.description == "e:2")
        #expect(all.logLevel == .error)
        #expect(all.drain == .seconds(9))
    }

    @Test func kafkaPropertiesComeFromTheEnvironmentToo() throws {
        let settings = try #require(
            load(
                "kafka: { security.protocol: ssl, acks2: x }\n",
                environment: ["BUSBAR_KAFKA_SECURITY_PROTOCOL": "plaintext"]
            ).settings
        )
        #expect(settings.kafka.map { $0.value.reveal() } == ["plaintext", "x"])
    }

    @Test func aPasswordFromTheEnvironmentIsNoSecretInAFile() {
        let loaded = load(environment: ["BUSBAR_KAFKA_SASL_PASSWORD": "p"])
        #expect(loaded.diagnostics.isEmpty)
        #expect(loaded.settings?.kafka.map { $0.value.reveal() } == ["p"])
        #expect(load("kafka: { sasl.password: p }\n").diagnostics.map(\.code) == [.literalSecret])
    }

    @Test func severalBrokersMayShareOneText() {
        #expect(load(environment: ["BUSBAR_BROKERS": "a:1, b:2"]).settings?.brokers == .cluster(["a:1", "b:2"]))
        #expect(load("brokers: embedded\n").settings?.brokers == .embedded)
    }

    @Test func unknownVariablesAreWarnedAbout() {
        let loaded = load(environment: ["BUSBAR_BROKER": "a:1", "BUSBAR_SECRET_X": "s", "BUSBAR_ZZZZZZZZ": "1"])
        #expect(loaded.settings != nil)
        #expect(
            loaded.diagnostics.map(\.rendered) == [
                """
                environment variable BUSBAR_BROKER: warning: no setting is called that, so the variable has no effect [BB1060]
                  fix: Did you mean `BUSBAR_BROKERS`?
                """,
                """
                environment variable BUSBAR_ZZZZZZZZ: warning: no setting is called that, so the variable has no effect [BB1060]
                  fix: Unset it.
                """,
            ]
        )
    }

    @Test(arguments: [
        ("broker: a:1\n", "busbar.yaml:1:1: error: unknown key `broker` [BB1010]"),
        ("brokers: nowhere\n", "busbar.yaml:1:10: error: `brokers` holds `nowhere`, which is no broker [BB1014]"),
        (
            "brokers: [ embedded, 'a:1' ]\n",
            "busbar.yaml:1:10: error: `brokers` holds `embedded`, which is no broker [BB1014]"
        ),
        ("http: 8080\n", "busbar.yaml:1:7: error: `http` is `8080`: nothing can listen there [BB1014]"),
        ("http: 'x:99999'\n", "busbar.yaml:1:7: error: `http` is `x:99999`: nothing can listen there [BB1014]"),
        (
            "kafka: { group.id: x }\n",
            "busbar.yaml:1:10: error: `kafka.group.id` is set by busbar, whose guarantees rest on it [BB1035]"
        ),
        ("state: ${env:NO}\n", "busbar.yaml:1:8: error: `${env:NO}`: the environment variable is not set [BB1021]"),
        ("worker: { drain: 0s }\n", "busbar.yaml:1:18: error: `worker.drain` is `0s`, the range is 1s-1h [BB1013]"),
    ])
    func badSettingsAreFound(text: String, finding: String) {
        let loaded = load(text)
        #expect(loaded.settings == nil)
        #expect(loaded.diagnostics.map(\.description) == [finding])
    }

    @Test func aBadFlagIsNamedAsOne() {
        let loaded = load(flags: ["telemetry.level": "loud"])
        #expect(loaded.diagnostics.map(\.location.description) == ["--telemetry-level"])
        #expect(loaded.diagnostics.map(\.excerpt) == [nil])
    }

    @Test func settingsShowNoSecrets() throws {
        let settings = try #require(load("secrets: vault\nkafka: { sasl.password: '${secret:kafka}' }\n").settings)
        #expect(!"\(settings)".contains("canary"))
    }
}
