import Contracts
import Foundation
import JSON
import Testing

@testable import SchemaCheck

/// Remote documents that contracts refer to, in a check.
@Suite(.timeLimit(.minutes(1))) struct PinReviewTests {
    private static let uri = "https://example.org/money.json"
    private static let v1 =
        #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","allOf":[{"$ref":"\#(uri)#/definitions/a"}]}"#

    /// The files of pins.
    private static func pinned(_ documents: [String: String]) -> [String: String] {
        var pins = ReferencePins()
        var files: [String: String] = [:]
        for (uri, text) in documents { files[pins.pin(uri, to: Array(text.utf8)).file] = text }
        files[ReferencePins.lockFile] = pins.lock
        return files
    }

    private static func document(_ length: Int) -> String {
        #"{"definitions":{"a":{"type":"string","maxLength":\#(length)}}}"#
    }

    private static let nine = pinned([uri: document(9)])
    private static let files = ["orders/v1.json": v1].merging(nine) { $1 }

    @Test func aPinnedDocumentIsPartOfTheVersion() async {
        let report = await CheckInput.check(Self.files)
        #expect(report.errorPlaces == [])
        let next = Self.v1.replacing("]", with: #",{"maxLength":5}]"#)
        let changed = await CheckInput.check(
            Self.files.merging(["orders/v2.json": next]) { $1 },
            released: Self.files
        )
        #expect(changed.findings.map(\.change?.counterexample?.kind) == [.string], "\(changed.errorPlaces)")
    }

    @Test func whatIsNotPinnedIsSaidWithTheCommand() async throws {
        let report = await CheckInput.check(["orders/v1.json": Self.v1])
        #expect(report.findings.map(\.rule) == ["SCHEMA_INVALID"])
        #expect(report.findings.first?.message.hasSuffix("pinned: busbar schema pin '\(Self.uri)'") == true)
    }

    @Test func anotherDocumentUnderTheSameURIEditsReleasedVersions() async throws {
        let edited = ["orders/v1.json": Self.v1, "users/v1.json": "true"].merging(
            Self.pinned([Self.uri: Self.document(5)])
        ) {
            $1
        }
        let released = Self.files.merging(["users/v1.json": "true"]) { $1 }
        let report = await CheckInput.check(edited, released: released)
        #expect(report.errorPlaces == ["REFERENCE_EDITED orders v1 schemas/references.lock.json"])
        #expect(
            report.findings.first?.message.hasPrefix(
                "v1 was released and refers to '\(Self.uri)', which was pinned to SHA-256 "
            ) == true
        )
        let gone = await CheckInput.check(["orders/v1.json": Self.v1, "users/v1.json": "true"], released: released)
        #expect(gone.errorPlaces == ["REFERENCE_EDITED orders v1 schemas/references.lock.json"])
        #expect(gone.findings.first?.message.hasSuffix("which was pinned and is not any more") == true)
    }

    @Test func aPinThatNoReleasedVersionNeedsMayChange() async {
        let other = "https://example.org/other.json"
        let before = Self.pinned([Self.uri: Self.document(9), other: "{}"])
        let after = Self.pinned([Self.uri: Self.document(9), other: "true"])
        let version = ["orders/v1.json": Self.v1]
        let report = await CheckInput.check(
            version.merging(after) { $1 },
            released: version.merging(before) { $1 }
        )
        #expect(report.findings.isEmpty)
        // With a pin more nothing changes, and nothing is looked into.
        let more = await CheckInput.check(version.merging(before) { $1 }, released: Self.files)
        #expect(more.subjects.isEmpty)
    }

    @Test func aCopyThatWasChangedIsAnError() async throws {
        var files = Self.files
        let copy = try #require(files.keys.first { $0.hasPrefix(".references/") })
        files[copy] = Self.document(10)
        let report = await CheckInput.check(files, released: Self.files)
        #expect(report.errorPlaces == ["PIN_INVALID references.lock.json schemas/\(copy)"])
        files[copy] = nil
        files["orders/v2.json"] = Self.v1
        let gone = await CheckInput.check(files, released: Self.files)
        // The new version reads the document that was released.
        #expect(gone.errorPlaces == ["PIN_INVALID references.lock.json schemas/\(copy)"])
    }

    @Test func aBrokenFileOfPinsIsAnErrorOfItsOwn() async {
        let files = Self.files.merging([ReferencePins.lockFile: "{\n \"v\": 3}"]) { $1 }
        let report = await CheckInput.check(files, released: Self.files)
        #expect(report.errorPlaces == ["PIN_INVALID references.lock.json schemas/references.lock.json:2:7"])
    }

    @Test func aFolderAndACommitHaveTheSamePins() async throws {
        let files = Dictionary(uniqueKeysWithValues: Self.files.map { ("schemas/\($0.key)", $0.value) })
        try await TemporaryFolder.with(files.merging(["schemas/orders/subject.yaml": CheckInput.owner]) { $1 }) {
            (folder: TemporaryFolder) async throws -> Void in
            try await folder.git("init", "-q", "-b", "main")
            try await folder.commit()
            let schemas = "\(folder.path)/schemas"
            let tree = try SchemaTree(folder: schemas)
            #expect(throws: Never.self) { _ = try tree.compared("orders", version: 1) }
            let repository = try await GitRepository(containing: schemas)
            #expect(try await repository.tree(at: "HEAD", beside: SchemaTree()).pins == tree.pins)
            #expect(try await repository.tree(at: "HEAD", beside: tree).pins == tree.pins)
            let copy = try #require(Self.nine.keys.first { $0.hasPrefix(".references/") })
            for path in [ReferencePins.lockFile, copy] {
                let scope = try CheckScope.scopes(of: ["\(schemas)/\(path)", "\(schemas)/orders"])
                #expect(scope == [try CheckScope.scopes(of: [schemas])[0]])
            }
        }
    }

    @Test func aRegistryHasNoPinsOfItsOwn() async throws {
        let source = RegistrySource(versions: { _ in [1] }, schema: { _, _ in Array(Self.v1.utf8) })
        let tree = CheckInput.tree(Self.files)
        let released = try await source.released(of: tree, name: "http://registry")
        let report = await SchemaCheck(folder: "schemas").run(tree, released: released)
        #expect(report.findings.isEmpty)
    }
}
