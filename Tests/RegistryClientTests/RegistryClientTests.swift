import Contracts
import HTTPService
import JSON
import Log
import Registry
import RegistryClient
import RegistryTesting
import TestKit
import Testing

/// The client with busbar's own registry.
@Suite(.timeLimit(.minutes(1)))
struct RegistryClientTests {
    @Test func whatIsRegisteredIsFoundByEveryName() async throws {
        try await withRegistry { registry in
            let client = try RegistryClient(to: registry.url)
            let first = try await client.register(SchemaSubmission(schema(of: "a")), under: "orders-value")
            let second = try await client.register(
                SchemaSubmission(schema(of: "a", type: "number")),
                under: "payments/eu value"
            )
            #expect(first.id == 1 && second.id == 2)
            let byID = try await client.schema(id: 1)
            #expect(byID.text == schema(of: "a") && byID.type == "JSON" && byID.id == 1)
            let guid = try #require(byID.guid)
            #expect(try await client.schema(guid: guid).text == schema(of: "a"))
            let latest = try await client.schema(subject: "orders-value", version: .latest)
            #expect(latest.version == 1 && latest.id == 1 && latest.subject == "orders-value")
            let odd = try await client.schema(subject: "payments/eu value", version: .number(1))
            #expect(odd.text == schema(of: "a", type: "number"))
            #expect(try await client.subjects() == ["orders-value", "payments/eu value"])
            #expect(try await client.subjects(prefix: "pay") == ["payments/eu value"])
            #expect(try await client.versions(of: "payments/eu value") == [1])
            #expect(try await client.level(of: "orders-value") == "BACKWARD")
            let found = try await client.lookup(SchemaSubmission(schema(of: "a")), under: "orders-value")
            #expect(found.version == 1 && found.id == 1)
        }
    }

    @Test func theVerdictComesWithItsReasons() async throws {
        try await withRegistry { registry in
            let client = try RegistryClient(to: registry.url)
            _ = try await client.register(SchemaSubmission(schema(of: "a")), under: "s")
            let changed = SchemaSubmission(schema(of: "a", type: "integer"))
            let report = try await client.compatibility(of: changed, with: "s")
            #expect(!report.isCompatible)
            #expect(report.messages.contains { $0.contains("TYPE_CHANGED") })
            #expect(report.differences.first?["path"] != nil)
            let unchanged = SchemaSubmission(schema(of: "a"))
            let same = try await client.compatibility(of: unchanged, with: "s", version: .latest)
            #expect(same.isCompatible && same.messages.isEmpty)
            let error = await #expect(throws: RegistryClientError.self) {
                try await client.register(changed, under: "s")
            }
            #expect(error?.code == .incompatible && error?.status == 409)
            #expect(error?.message.contains("TYPE_CHANGED") == true)
        }
    }

    @Test func whatIsNotThereIsSaidWithTheRegistrysNumber() async throws {
        try await withRegistry { registry in
            let client = try RegistryClient(to: registry.url)
            let cases: [(Int, @Sendable () async throws -> Void)] = [
                (40403, { _ = try await client.schema(id: 77) }),
                (40401, { _ = try await client.versions(of: "nobody") }),
                (40401, { _ = try await client.schema(subject: "nobody", version: .latest) }),
            ]
            for (number, ask) in cases {
                let error = await #expect(throws: RegistryClientError.self) { try await ask() }
                #expect(error?.code == .notFound && error?.errorCode == number && error?.isTransient == false)
            }
            let error = await #expect(throws: RegistryClientError.self) {
                try await client.register(SchemaSubmission(#"{"type":"strnig"}"#), under: "s")
            }
            #expect(error?.code == .invalid && error?.errorCode == 42201)
        }
    }

    @Test func aSchemaComesWithEverythingItRefersTo() async throws {
        try await withRegistry { registry in
            let client = try RegistryClient(to: registry.url)
            let street = #"{"type":"string","maxLength":5}"#
            _ = try await client.register(SchemaSubmission(street), under: "street")
            let address = SchemaSubmission(
                #"{"type":"object","properties":{"street":{"$ref":"street.json"}}}"#,
                references: [ServedReference(name: "street.json", subject: "street", version: 1)]
            )
            _ = try await client.register(address, under: "address")
            let order = SchemaSubmission(
                #"{"type":"object","properties":{"to":{"$ref":"address.json"}}}"#,
                references: [ServedReference(name: "address.json", subject: "address", version: 1)]
            )
            let id = try #require(try await client.register(order, under: "order").id)
            let bundle = try await client.bundle(try await client.schema(id: id))
            #expect(bundle.documents.keys.sorted() == ["address.json", "street.json"])
            let contract = try bundle.contract()
            let short = try JSONDocument(Array(#"{"to":{"street":"abc"}}"#.utf8))
            let long = try JSONDocument(Array(#"{"to":{"street":"abcdef"}}"#.utf8))
            #expect(short.withRoot { contract.violations(of: $0) }.isEmpty)
            #expect(long.withRoot { contract.violations(of: $0) }.first.map { "\($0.instance)" } == "/to/street")
        }
    }

    @Test func aPasswordOpensWhatNobodyMayRead() async throws {
        let hash = try PasswordHash(of: "open sesame", logRounds: 10)
        let users = try RegistryUsers("ci read \(hash)\n")
        try await withRegistry(authentication: RegistryAuthentication(users: users, tokens: nil)) { registry in
            let client = try RegistryClient(
                to: registry.url,
                credentials: .basic(user: "ci", password: "open sesame")
            )
            #expect(try await client.subjects() == [])
            let refused = await #expect(throws: RegistryClientError.self) {
                try await client.register(SchemaSubmission("{}"), under: "s")
            }
            #expect(refused?.code == .forbidden)
            let stranger = try RegistryClient(to: registry.url, credentials: .basic(user: "ci", password: "guess"))
            let unknown = await #expect(throws: RegistryClientError.self) { try await stranger.subjects() }
            #expect(unknown?.code == .unauthenticated)
            #expect(unknown?.description.contains("guess") == false)
        }
    }

    @Test(.enabled(if: TestCertificates.canBeMade, "the openssl program is not there"))
    func aCertificateIsShownAndTheRegistrysIsBelieved() async throws {
        let files = try TestCertificates()
        let storage = try await TopicStorage.open(InMemoryLog())
        try await InProcessRegistry.with(
            storage,
            tls: .init(
                certificate: files.certificate("server"),
                key: files.key("server"),
                clientAuthority: files.certificate("authority")
            )
        ) { registry in
            let trusted = RegistryClientConfiguration.TLS(
                authorities: files.certificate("authority"),
                certificate: files.certificate("alice"),
                key: files.key("alice")
            )
            #expect(try await RegistryClient(to: registry.url, tls: trusted).subjects() == [])
            let strange = RegistryClientConfiguration.TLS(authorities: files.certificate("stranger-authority"))
            let nameless = RegistryClientConfiguration.TLS(authorities: files.certificate("authority"))
            for tls in [strange, nameless] {
                let client = try RegistryClient(to: registry.url, rounds: 1, tls: tls)
                let error = await #expect(throws: RegistryClientError.self) { try await client.subjects() }
                #expect(error?.code == .unreachable)
            }
        }
    }
}
