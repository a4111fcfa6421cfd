import Contracts
import Foundation
import JSON
import Registry
import TestFiles
import Testing

@Suite struct SchemaIdentityTests {
    private static let golden = "data/schema/confluent/schema-md5-golden-data.json"

    @Test(.enabled(if: SharedFiles.present(golden) != nil, "Confluent's golden GUIDs are not beside the repository"))
    func guidsAreConfluents() throws {
        let data = try JSON(parsing: Array(Data(contentsOf: SharedFiles.url(Self.golden))))
        let text = try #require(data["schemas"]?["json"]?.string)
        let expected = try #require(data["expectedHashes"]?["JSON"])
        let references = try #require(data["references"]?.elements).map { reference in
            RegisteredReference(
                name: try #require(reference["name"]?.string),
                subject: try #require(reference["subject"]?.string),
                version: try #require(reference["version"]?.number.flatMap { Int($0.text) })
            )
        }
        // Each digit says whether references, metadata and rules are part of it.
        for (parts, guid) in try #require(expected.members) {
            let flags = parts.map { $0 == "1" }
            let identity = SchemaIdentity(
                text: Array(text.utf8),
                references: flags[0] ? references : [],
                metadata: flags[1] ? data["metadata"] : nil,
                ruleSet: flags[2] ? data["rules"] : nil
            )
            #expect(identity.guid == guid.string, "\(parts)")
        }
    }

    /// Committed ids: should this test fail, every id that is stored in somebody's records has changed its meaning.
    @Test func idsOfKnownTextsStayWhatTheyAre() {
        let identity = SchemaIdentity(text: Array(#"{"type":"object"}"#.utf8))
        #expect(identity.guid == "01fc056e-ed58-c88f-e1c5-07fcd84dd4b7")
        #expect(identity.id == 0x01FC_056E)
    }

    @Test func idsAreNoFunctionOfWhatElseIsThere() throws {
        let folder = try SchemaFolder([
            "m/subject.yaml": "owner: x\n", "m/v1.json": "{\"type\":\"object\"}", "m/v2.json": #"{"type":"array"}"#,
        ])
        let before = try ids(folder)
        try folder.add("m/v3.json", #"{"type":"string"}"#)
        try folder.add("a/subject.yaml", "owner: x\n")
        try folder.add("a/v1.json", #"{"type":"number"}"#)
        try folder.add("m/v1.json", "{\n  \"type\": \"object\"\n}\n")
        #expect(try ids(folder) == before)
        #expect(Set(before).count == 2)
    }

    @Test func aSchemaWithTheIDOfAnotherIsRefusedByName() throws {
        // Two texts whose MD5s share their first 31 bits, found by search.
        let folder = try SchemaFolder([
            "a/subject.yaml": "owner: x\n", "a/v1.json": Self.collision.0,
            "b/subject.yaml": "owner: x\n", "b/v1.json": Self.collision.1,
        ])
        let error = try #require(throws: RegistryError.self) { try folder.storage() }
        #expect(error.code == .store)
        #expect(error.message.contains("b/v1.json"))
        #expect(error.message.contains("a/v1.json"))
        #expect(error.message.contains("$comment"))
    }

    static let collision = (#"{"$comment":"3363"}"#, #"{"$comment":"62922"}"#)

    /// The ids of the first two versions of `m`.
    private func ids(_ folder: SchemaFolder) throws -> [String] {
        let values = try folder.storage().prepareForWriting().compactMap { try $0.value.map { try JSON(parsing: $0) } }
        return values.filter { $0["subject"]?.string == "m" }.compactMap { $0["id"]?.number?.text }.prefix(2).map(
            \.self
        )
    }
}
