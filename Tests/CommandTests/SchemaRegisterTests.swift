import Foundation
import Log
import Registry
import RegistryTesting
import Testing

/// `busbar schema register` at a registry of ours.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaRegisterTests {
    private static let head =
        #""$schema":"http://json-schema.org/draft-07/schema#","additionalProperties":false"#
    private static let files = [
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json": "{\(head),\"properties\":{\"to\":{\"$ref\":\"../address/v2.json\"}}}",
        "schemas/orders/v2.json":
            "{\(head),\"properties\":{\"to\":{\"$ref\":\"../address/v2.json\"},\"x\":{\"type\":\"string\"}}}",
        "schemas/address/subject.yaml": "owner: shop\n",
        "schemas/address/v1.json": #"{"type":"string","maxLength":10}"#,
        "schemas/address/v2.json": #"{"type":"string","maxLength":20}"#,
        "narrow.json": "{\(head),\"properties\":{\"x\":{\"type\":\"string\",\"maxLength\":3}}}",
        "schemas-of-others/a/subject.yaml": "owner: shop\n",
        "schemas-of-others/a/v1.json": #"{"$ref":"../b/v1.json"}"#,
        "schemas-of-others/b/subject.yaml": "owner: shop\n",
        "schemas-of-others/b/v1.json": #"{"properties":{"a":{"$ref":"../a/v1.json"}}}"#,
    ]

    /// Runs `body` with the address of an empty registry.
    private func registry(
        _ authentication: RegistryAuthentication = .none,
        _ body: @Sendable (_ url: String) async throws -> Void
    ) async throws {
        let storage = try await TopicStorage.open(InMemoryLog())
        try await InProcessRegistry.with(storage, authentication: authentication) { try await body($0.url) }
    }

    private func run(
        _ busbar: Command,
        _ url: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> Command.Result {
        try await busbar.start(["schema", "register", "--registry", url] + arguments, environment: environment).result()
    }

    @Test func versionsAreRegisteredInOrderAfterWhatTheyReferTo() async throws {
        try await registry { url in
            try await Command.inFolder(Self.files) { busbar in
                let first = try await run(busbar, url, "orders")
                #expect(
                    first.output == """
                        address@v1  registered  version 1  id 1
                        address@v2  registered  version 2  id 2
                        orders@v1  registered  version 1  id 3
                        orders@v2  registered  version 2  id 4

                        """
                )
                // The subject that was new is linted, once.
                #expect(first.errors.contains("schemas/address/v1.json:1:1: warning: the schema has no $id"))
                #expect(!first.errors.contains("schemas/address/v2.json"))
                #expect(first.errors.hasSuffix("4 registered\n"))
                #expect(first.status == 0)
                let again = try await run(busbar, url, "--json")
                #expect(
                    again.output.hasPrefix(
                        #"{"v":1,"source":"address@v1","subject":"address","state":"unchanged","id":1,"version":1,"note":null}"#
                    )
                )
                #expect(again.errors == "4 unchanged\n")
                #expect(again.status == 0)
            }
        }
    }

    @Test func aFileOfTheFolderTakesWhatItRefersToWithIt() async throws {
        try await registry { url in
            try await Command.inFolder(Self.files) { busbar in
                let result = try await run(busbar, url, "schemas/orders/v1.json", "--subject", "orders-value")
                #expect(
                    result.output == """
                        address@v1  registered  version 1  id 1
                        address@v2  registered  version 2  id 2
                        orders@v1 as orders-value  registered  version 1  id 3

                        """
                )
                #expect(result.status == 0, "\(result.errors)")
            }
        }
    }

    @Test func aRefusalShowsTheRegistrysReasonsAndADocument() async throws {
        try await registry { url in
            try await Command.inFolder(Self.files) { busbar in
                _ = try await run(busbar, url, "orders@v2", "--subject", "orders-value")
                let refused = try await run(busbar, url, "narrow.json", "--subject", "orders-value")
                #expect(
                    refused.output.hasPrefix("narrow.json as orders-value  refused\n  the registry, level BACKWARD:\n")
                )
                #expect(refused.output.contains("    MAX_LENGTH_ADDED  #/properties/x/maxLength\n"))
                #expect(refused.output.contains("orders-value version 1 -> narrow.json   level backward, policy sound"))
                #expect(refused.output.contains(#"data that breaks: {"x":"#))
                #expect(refused.errors == "1 refused\n")
                #expect(refused.status == 2)
                let json = try await run(busbar, url, "narrow.json", "--subject", "orders-value", "--json", "--dry-run")
                #expect(json.output.contains(#""state":"refused","id":null,"version":null,"#))
                #expect(json.output.contains(#""level":"BACKWARD","messages":["#))
                #expect(json.output.contains(#""counterexample":{"#))
                #expect(json.status == 2)
            }
        }
    }

    @Test func aDryRunRegistersNothing() async throws {
        try await registry { url in
            try await Command.inFolder(Self.files) { busbar in
                for _ in 0..<2 {
                    let dry = try await run(busbar, url, "--dry-run")
                    #expect(dry.output.hasPrefix("address@v1  would be registered  (the subject is new)\n"))
                    #expect(
                        dry.output.contains("orders@v1  would be registered  (not compared: what it refers to is not")
                    )
                    #expect(dry.errors.hasSuffix("4 planned\n"))
                    #expect(dry.status == 0)
                }
            }
        }
    }

    @Test func whoAsksIsSaidByEnvironmentAndFlag() async throws {
        let users = try RegistryUsers("writer register \(PasswordHash(of: "open sesame", logRounds: 10))\n")
        try await registry(RegistryAuthentication(users: users, tokens: nil)) { url in
            try await Command.inFolder(Self.files) { busbar in
                let nobody = try await run(busbar, url, "address")
                #expect(nobody.errors.hasPrefix("busbar: the registry at \(url) does not know who asks for POST"))
                #expect(nobody.status == 1)
                let writer = try await run(
                    busbar,
                    url,
                    "address",
                    "--registry-user",
                    "writer",
                    environment: ["BUSBAR_REGISTRY_PASSWORD": "open sesame"]
                )
                #expect(writer.errors.hasSuffix("2 registered\n"))
                #expect(writer.status == 0)
            }
        }
    }

    @Test(
        arguments: [
            (["narrow.json"], Int32(64), "Error: register one file at a time, and say as what: --subject NAME\n"),
            (["orders", "address", "--subject", "a"], 64, "Error: --subject is for one subject or file\n"),
            (["ordres", "--registry", "http://127.0.0.1:1"], 78, "busbar: there is no subject 'ordres' in schemas"),
            (
                ["a", "--schemas", "schemas-of-others"], 78,
                "busbar: schemas-of-others/a/v1.json: a registry takes what a schema refers to before the schema, but these "
                    + "refer to each other: a@v1, b@v1, a@v1"
            ),
            (["orders"], 78, "busbar: no registry is named; give --registry URL, BUSBAR_REGISTRY_URL, or registry: in"),
            (
                ["orders", "--registry", "http://127.0.0.1:1"], 1,
                "busbar: the registry at http://127.0.0.1:1 cannot be asked"
            ),
        ] as [([String], Int32, String)]
    )
    func whatCannotBeDoneIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(["schema", "register"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }
}
