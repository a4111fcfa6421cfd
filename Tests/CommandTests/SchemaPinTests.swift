import Foundation
import JSON
import TestKit
import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaPinTests {
    private static let money = #"{"definitions":{"amount":{"type":"integer"}}}"#
    private static let lock = "schemas/references.lock.json"

    /// Runs `body` in a folder with a contract that refers to a document of a server.
    private func serving(
        _ answer: TargetAnswer,
        _ body: (_ busbar: Command, _ uri: String, _ target: FakeTarget) async throws -> Void
    ) async throws {
        let target = try await FakeTarget.start()
        target.answer(answer)
        let uri = "\(target.url)/money.json"
        let files = [
            "schemas/orders/subject.yaml": "owner: shop\n",
            "schemas/orders/v1.json": ##"{"properties":{"price":{"$ref":"\##(uri)#/definitions/amount"}}}"##,
            "schema.json": ##"{"items":{"$ref":"\##(uri)#/definitions/amount"}}"##, "money.json": Self.money,
        ]
        let result: Result<Void, any Error>
        do {
            try await Command.inFolder(files) { try await body($0, uri, target) }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await target.stop()
        try result.get()
    }

    private static func ok(_ body: String) -> TargetAnswer { TargetAnswer(body: Array(body.utf8)) }

    private func read(_ path: String, _ busbar: Command) throws -> String {
        String(decoding: try Data(contentsOf: busbar.folder.appending(path: path)), as: UTF8.self)
    }

    @Test func aDocumentIsFetchedOnceAndThenReadFromItsCopy() async throws {
        try await serving(Self.ok(Self.money)) { busbar, uri, target async throws in
            let before = try await busbar.run("schema", "validate", "orders", input: #"{"price":1}"#)
            #expect(before.status == 78)
            #expect(before.errors.contains("pinned: busbar schema pin '\(uri)' --allow-http"), "\(before.errors)")
            let pinned = try await busbar.run("schema", "pin", uri + "#/definitions/amount", "--allow-http")
            #expect(pinned.status == 0, "\(pinned.errors)")
            #expect(pinned.output.hasPrefix("pinned     \(uri)  schemas/.references/127.0.0.1_"), "\(pinned.output)")
            #expect(pinned.errors == "")
            #expect(try JSON(parsing: try read(Self.lock, busbar))["references"]?[uri] != nil)
            // From here on nobody asks the server.
            try await target.stop()
            #expect(target.requests.map(\.path) == ["/money.json"])
            #expect(try await busbar.run("schema", "validate", "orders", input: #"{"price":1}"#).status == 0)
            #expect(try await busbar.run("schema", "validate", "orders", input: #"{"price":""}"#).status == 2)
            let file = try await busbar.run("schema", "validate", "--schema", "schema.json", input: "[1]\n[null]\n")
            #expect(file.status == 2)
            #expect(file.errors.hasSuffix("2 instances: 1 invalid\n"), "\(file.errors)")
            #expect(try await busbar.run("schema", "diff", "schema.json", "schema.json").status == 0)
            #expect(try await busbar.run("schema", "check", "--base", "none").status == 0)
            #expect(try await busbar.run("lint").errors.contains("broken_pin") == false)
            let again = try await busbar.run("schema", "pin", uri, "--file", "money.json", "--json")
            #expect(try JSON(parsing: again.output)["state"] == "unchanged", "\(again.output)\(again.errors)")
        }
    }

    @Test func aCheckTellsWhichCopiesAreNotWhatWasPinned() async throws {
        try await serving(Self.ok(Self.money)) { busbar, uri, _ async throws in
            #expect(try await busbar.run("schema", "pin", "--check").errors == "0 pins: 0 broken\n")
            let pinned = try await busbar.run("schema", "pin", uri, "--file", "money.json", "--json")
            let pin = try JSON(parsing: pinned.output)
            #expect(pin["state"] == "pinned" && pin["uri"]?.string == uri)
            let copy = try #require(pin["file"]?.string)
            let fine = try await busbar.run("schema", "pin", "--check")
            #expect(fine.output == "intact     \(uri)  \(copy)\n")
            #expect(fine.status == 0)
            try Data("{}".utf8).write(to: busbar.folder.appending(path: copy))
            let broken = try await busbar.run("schema", "pin", "--check")
            #expect(
                broken.output.hasPrefix(
                    "broken     \(uri)  \(copy)\n           \(copy): the copy of the pinned document"
                )
            )
            #expect(broken.errors == "1 pin: 1 broken\n")
            #expect(broken.status == 2)
            let contract = try await busbar.run("schema", "validate", "orders", input: "{}")
            #expect(contract.errors.contains("is not what was pinned"), "\(contract.errors)")
            #expect(contract.status == 78)
            // What was pinned is had again by pinning it.
            #expect(try await busbar.run("schema", "pin", uri, "--file", "money.json").output.hasPrefix("unchanged  "))
            #expect(try await busbar.run("schema", "pin", "--check").status == 0)
        }
    }

    @Test func anotherDocumentNeedsToBeAskedFor() async throws {
        try await serving(Self.ok(#"{"definitions":{"amount":{}}}"#)) { busbar, uri, _ async throws in
            _ = try await busbar.run("schema", "pin", uri, "--file", "money.json")
            let lock = try read(Self.lock, busbar)
            let refused = try await busbar.run("schema", "pin", uri, "--allow-http")
            #expect(refused.status == 2)
            #expect(refused.errors.hasPrefix("busbar: '\(uri)' is pinned to SHA-256 "), "\(refused.errors)")
            #expect(try read(Self.lock, busbar) == lock)
            let replaced = try await busbar.run("schema", "pin", uri, "--allow-http", "--replace")
            #expect(replaced.output.hasPrefix("replaced   "))
            #expect(try read(Self.lock, busbar) != lock)
            #expect(try await busbar.run("schema", "validate", "orders", input: #"{"price":""}"#).status == 0)
        }
    }

    @Test func whatADocumentNeedsInItsTurnIsSaid() async throws {
        try await serving(Self.ok(#"{"items":{"$ref":"b.json"}}"#)) { busbar, uri, _ async throws in
            let result = try await busbar.run("schema", "pin", uri, "--allow-http")
            #expect(result.status == 0)
            #expect(
                result.errors.hasPrefix(
                    "busbar: the document cannot be used as a schema by itself: schemas/.references/127.0.0.1_"
                ),
                "\(result.errors)"
            )
            #expect(result.errors.contains("busbar schema pin '\(uri.replacing("money", with: "b"))'"))
        }
    }

    private static let refused: [(TargetAnswer, String)] = [
        (ok("{"), "is not JSON: "), (ok(String(repeating: " ", count: 9 << 20)), "has more than 8 MiB"),
        (.status(404), "cannot be fetched: it is answered 404"),
        (
            TargetAnswer(status: 302, headers: [.init("Location", "https://example.org/x")]),
            "is redirected to https://example.org/x, which is not followed"
        ),
        (TargetAnswer(body: Array(money.utf8), manner: .cutShort(bytes: 9)), "cannot be fetched: "),
    ]

    @Test(arguments: 0..<5) func whatCannotBeHadIsNotPinned(index: Int) async throws {
        let (answer, message) = Self.refused[index]
        try await serving(answer) { busbar, uri, target async throws in
            let result = try await busbar.run("schema", "pin", uri, "--allow-http")
            #expect(result.errors.contains(message), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == 1)
            #expect(target.requests.count == 1)
            #expect(!FileManager.default.fileExists(atPath: busbar.folder.appending(path: Self.lock).path))
        }
    }

    @Test(arguments: [
        (["http://example.invalid/a.json"], "what comes over http may come from anybody"),
        (["ftp://example.invalid/a.json"], "only https is fetched; give the document with --file"),
        (["urn:example:a"], "only https is fetched"),
        (["urn:example:a", "--file", "nowhere"], "there is no such file"),
        (["a.json"], "cannot be pinned: only absolute URIs can"),
        (["http://json-schema.org/draft-07/schema#"], "is a published metaschema, which needs no pin"),
        ([], "name what to pin, or --check"), (["--check", "urn:a"], "--check is about all pins"),
    ])
    func whatCannotBePinnedIsAUsageError(arguments: [String], message: String) async throws {
        try await Command.inFolder(["schemas/x": ""]) { busbar in
            let result = try await busbar.start(["schema", "pin"] + arguments).result()
            #expect(result.errors.contains(message), "\(result.errors)")
            #expect(result.status == 64)
        }
    }

    @Test func theRegistryTakesNoPinnedReferences() async throws {
        try await serving(Self.ok(Self.money)) { busbar, uri, _ async throws in
            _ = try await busbar.run("schema", "pin", uri, "--file", "money.json")
            let result = try await busbar.run("schema", "register", "orders", "--registry", "http://127.0.0.1:1")
            #expect(result.errors.contains("registries know no pins"), "\(result.errors)")
            #expect(result.status == 78)
        }
    }
}
