import Kafka
import KafkaTesting
import Log
import Testing

/// What the typed configuration refuses, and what it never shows. Logins themselves need a broker: see SecurityTests.
@Suite(.timeLimit(.minutes(1))) struct SecurityConfigurationTests {
    private func failure(_ client: ClientConfiguration) async -> LogError? {
        do throws(LogError) {
            let producer = try await Producer.open(ProducerConfiguration(), client: client, logger: KafkaFixture.silent)
            await producer.close(within: .zero)
            return nil
        } catch {
            return error
        }
    }

    private func client(
        _ security: ClientConfiguration.Security?,
        _ properties: [String: String] = [:]
    ) -> ClientConfiguration {
        ClientConfiguration(brokers: ["127.0.0.1:1"], security: security, properties: properties)
    }

    @Test(arguments: [
        "security.protocol", "sasl.mechanism", "sasl.mechanisms", "sasl.password", "ssl.ca.location", "ssl.key.pem",
        "sasl.oauthbearer.config", "ssl.endpoint.identification.algorithm", "enable.ssl.certificate.verification",
    ])
    func aPropertyThatSaysWhatTheTypesSayIsRefused(_ property: String) async {
        let error = await failure(client(.tls(.init()), [property: "x"]))
        #expect(error?.code == .configuration)
        #expect(
            error?.message
                == "property \(property) says again what `security` of the configuration says; remove one of the two"
        )
    }

    @Test func everyTypedFieldIsSaidOnce() async {
        var typed = client(nil)
        typed.clientID = "me"
        typed.compression = .lz4
        typed.connectTimeout = .seconds(5)
        typed.requestTimeout = .seconds(10)
        typed.statistics = StatisticsReports { _ in }
        #expect(await failure(typed) == nil)
        let twins = [
            "client.id": "you", "compression.type": "zstd", "compression.codec": "zstd",
            "socket.connection.setup.timeout.ms": "1000", "socket.timeout.ms": "1000", "statistics.interval.ms": "1000",
        ]
        for (name, value) in twins {
            var doubled = typed
            doubled.properties = [name: value]
            #expect(await failure(doubled)?.message.hasPrefix("property \(name) says again") == true, "\(name)")
        }
    }

    @Test func propertiesAloneGoOnToWork() async {
        #expect(await failure(client(nil, ["security.protocol": "ssl", "ssl.ca.location": "probe"])) == nil)
        #expect(await failure(client(.plaintext, ["ssl.cipher.suites": "ECDHE-RSA-AES128-GCM-SHA256"])) == nil)
    }

    @Test func librdkafkaChecksWhatTheTypesHold() async {
        let missing = await failure(client(.tls(.init(trust: .file("/nowhere/ca.pem")))))
        #expect(missing?.code == .configuration)
        #expect(missing?.message.contains("ssl.ca.location") == true)
        var short = client(nil)
        short.connectTimeout = .milliseconds(1)
        #expect(await failure(short)?.message.contains("socket.connection.setup.timeout.ms") == true)
    }

    @Test func aProviderNeedsALoginByToken() async {
        var client = client(nil)
        client.tokenProvider = { throw CancellationError() }
        #expect(await failure(client)?.message.contains("sasl.mechanism: OAUTHBEARER") == true)
        client.security = .plaintext
        #expect(await failure(client)?.message.contains(".oauthBearer") == true)
    }

    @Test func nothingShowsASecret() async {
        let secret = "hunter2"
        let identity = ClientConfiguration.Identity(
            .pem(certificate: "not a certificate", key: .init(secret)),
            keyPassword: .init(secret)
        )
        let tls = ClientConfiguration.TLS(identity: identity)
        let logins: [ClientConfiguration.SASL] = [
            .plain(user: "u", password: .init(secret)), .scramSHA256(user: "u", password: .init(secret)),
            .scramSHA512(user: "u", password: .init(secret)),
        ]
        for login in logins {
            let client = client(.sasl(login, over: .tls(tls)), ["debug": "no such context"])
            var dumped = ""
            dump(client, to: &dumped)
            let error = await failure(client)
            #expect(error?.code == .configuration)
            for text in [
                "\(client)", String(reflecting: client), dumped, "\(client.security as Any)", "\(error as Any)",
            ] {
                #expect(!text.contains(secret))
            }
        }
        let token = OAuthToken(.init(secret), expires: Timestamp(milliseconds: 0), principal: "p")
        #expect(!"\(token)".contains(secret) && !String(reflecting: token).contains(secret))
        let badKey = await failure(client(.tls(tls)))
        #expect(badKey?.code == .configuration && badKey?.description.contains(secret) == false)
    }

    @Test func aTokensExpiryAndPrincipalAreReadFromItsPayload() throws {
        // {"sub":"ümlaut??>","exp":1893456000.5}: its base64url has - and _.
        let payload = "eyJzdWIiOiLDvG1sYXV0Pz8-IiwiZXhwIjoxODkzNDU2MDAwLjV9"
        let token = try OAuthToken(jwt: "e30.\(payload).c2ln", extensions: ["tenant": "a"])
        #expect(token.expires == Timestamp(milliseconds: 1_893_456_000_500))
        #expect(token.principal == "ümlaut??>")
        #expect(token.value.reveal() == "e30.\(payload).c2ln")
        #expect(token.extensions == ["tenant": "a"])
        // {"sub":"a"}, {"exp":1}, {"sub":"a","exp":1e300}, no base64, no JSON, too few parts.
        for bad in [
            "e30.eyJzdWIiOiJhIn0.c", "e30.eyJleHAiOjF9.c", "e30.eyJzdWIiOiJhIiwiZXhwIjoxZTMwMH0.c", "e30.!.c",
            "e30.aGVsbG8.c", "opaque",
        ] {
            let error = #expect(throws: LogError.self) { try OAuthToken(jwt: bad) }
            #expect(error?.code == .authentication && error?.message.contains(bad) == false)
        }
    }
}
