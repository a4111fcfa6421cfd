import Foundation
import Log
import Registry
import RegistryTesting
import Testing

/// `busbar schema check --base registry:URL` at a registry of ours.
@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaCheckRegistryTests {
    private static let head =
        #""$schema":"http://json-schema.org/draft-07/schema#","additionalProperties":false"#
    private static let files = [
        "schemas/address/subject.yaml": "owner: shop\n",
        "schemas/address/v1.json": #"{"type":"string","maxLength":20}"#,
        "schemas/orders/subject.yaml": "owner: shop\n",
        "schemas/orders/v1.json":
            "{\(head),\n  \"properties\": {\"to\": {\"$ref\": \"../address/v1.json\"}, \"x\": {\"type\": \"string\"}}}\n",
    ]
    /// More may be there.
    private static let wider = Self.files["schemas/orders/v1.json"]?.replacing(
        #""x":"#,
        with: #""y": {"type": "null"}, "x":"#
    )
    /// Less may be.
    private static let narrower = Self.files["schemas/orders/v1.json"]?.replacing(
        #""string"}"#,
        with: #""string", "maxLength": 3}"#
    )

    /// Runs `body` in the folder with the address of a registry that has all of it.
    private func registered(
        _ authentication: RegistryAuthentication = .none,
        environment: [String: String] = [:],
        _ body: @Sendable (Command, _ url: String) async throws -> Void
    ) async throws {
        let storage = try await TopicStorage.open(InMemoryLog())
        try await InProcessRegistry.with(storage, authentication: authentication) { registry in
            try await Command.inFolder(Self.files) { busbar in
                let first = try await busbar.start(
                    ["schema", "register", "--registry", registry.url],
                    environment: environment
                ).result()
                try #require(first.status == 0, "\(first.errors)")
                try await body(busbar, registry.url)
            }
        }
    }

    private func check(
        _ busbar: Command,
        _ url: String,
        _ arguments: String...,
        environment: [String: String] = [:]
    ) async throws -> Command.Result {
        try await busbar.start(
            ["schema", "check", "--base", "registry:\(url)"] + arguments,
            environment: environment
        ).result()
    }

    private static func write(_ text: String?, to path: String, _ busbar: Command) throws {
        try Data(try #require(text).utf8).write(to: busbar.folder.appending(path: path))
    }

    @Test func aFolderThatIsRegisteredHasNothingNew() async throws {
        try await registered { busbar, url in
            let result = try await check(busbar, url)
            #expect(result.output == "")
            #expect(result.errors == "0 errors, 0 warnings in 0 of 2 subjects; 0 changed against \(url)\n")
            #expect(result.status == 0)
        }
    }

    @Test func aNewVersionIsHeldAgainstWhatIsRegistered() async throws {
        try await registered { busbar, url in
            try Self.write(Self.wider, to: "schemas/orders/v2.json", busbar)
            let wider = try await check(busbar, url)
            #expect(wider.output == "")
            #expect(wider.errors.hasSuffix(" in 0 of 2 subjects; 1 changed against \(url)\n"))
            #expect(wider.status == 0)
            try Self.write(Self.narrower, to: "schemas/orders/v2.json", busbar)
            let narrower = try await check(busbar, url)
            #expect(
                narrower.output.hasPrefix(
                    """
                    schemas/orders  new: v2   level backward, policy sound
                      ERROR    MAX_LENGTH_ADDED  #/properties/x/maxLength  schemas/orders/v2.json:2:
                    """
                ),
                "\(narrower.output)"
            )
            #expect(narrower.output.contains(#"data that breaks: {"x":"#))
            #expect(narrower.status == 2)
        }
    }

    @Test func aVersionThatIsRegisteredStaysAsItIs() async throws {
        try await registered { busbar, url in
            try Self.write(Self.narrower, to: "schemas/orders/v1.json", busbar)
            let result = try await check(busbar, url, "--format", "json")
            #expect(result.output.hasPrefix(#"{"v":1,"rule":"VERSION_EDITED","severity":"error","subject":"orders","#))
            #expect(result.status == 2)
        }
    }

    @Test func whoAsksIsInTheEnvironmentOrTheSettings() async throws {
        let users = try RegistryUsers("writer register \(PasswordHash(of: "open sesame", logRounds: 10))\n")
        let known = ["BUSBAR_REGISTRY_USER": "writer", "BUSBAR_REGISTRY_PASSWORD": "open sesame"]
        try await registered(RegistryAuthentication(users: users, tokens: nil), environment: known) { busbar, url in
            let nobody = try await check(busbar, url)
            #expect(nobody.errors.hasPrefix("busbar: the registry at \(url) does not know who asks for GET"))
            #expect(nobody.status == 78)
            #expect(try await check(busbar, url, environment: known).status == 0)
            let settings = "registry: { url: \"\(url)\", user: writer, password: \"${secret:registry}\" }\n"
            try Self.write(settings, to: "busbar.yaml", busbar)
            #expect(try await check(busbar, url, environment: ["BUSBAR_SECRET_REGISTRY": "open sesame"]).status == 0)
        }
    }

    @Test func aRegistryThatIsAwayIsNoGoodNews() async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await check(busbar, "http://127.0.0.1:1")
            #expect(result.errors.hasPrefix("busbar: the registry at http://127.0.0.1:1 cannot be asked"))
            #expect(result.output == "")
            #expect(result.status == 78)
        }
    }
}
