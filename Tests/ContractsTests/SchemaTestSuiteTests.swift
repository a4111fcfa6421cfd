import Contracts
import Foundation
import JSON
import TestFiles
import Testing

@Suite struct SchemaTestSuiteTests {
    static let folder = SharedFiles.present("data/JSON-Schema-Test-Suite")

    /// Required cases of each draft, so that a missing file cannot pass unseen.
    @Test(
        .enabled(if: folder != nil, "the shared folder with JSON-Schema-Test-Suite is absent"),
        arguments: [
            (SchemaDraft.draft202012, "draft2020-12", 1299), (.draft201909, "draft2019-09", 1259),
            (.draft7, "draft7", 927), (.draft6, "draft6", 839), (.draft4, "draft4", 618),
        ]
    )
    func agreesWithEveryRequiredCase(draft: SchemaDraft, name: String, cases: Int) throws {
        let folder = try #require(Self.folder)
        let resolver = Self.resolver(remotes: folder.appending(path: "remotes"))
        let parser = JSONParser()
        let scratch = ValidationScratch()
        var count = 0
        for file in try SharedFiles.files(in: folder.appending(path: "tests/\(name)"), suffix: ".json") {
            let groups = try JSON(parsing: [UInt8](Data(contentsOf: file))).elements ?? []
            for group in groups {
                let title = "\(name)/\(file.lastPathComponent): \(group["description"]?.string ?? "")"
                let contract: Contract
                do {
                    contract = try Contract(compiling: try Self.schema(group, draft), resolver: resolver)
                } catch {
                    Issue.record("\(title) does not compile: \(error)")
                    continue
                }
                for test in group["tests"]?.elements ?? [] {
                    count += 1
                    let expected = test["valid"]?.boolValue
                    try parser.withDocument(try #require(test["data"]).bytes) { root in
                        let first = contract.validate(root, using: scratch)
                        let all = contract.violations(of: root)
                        let about: Comment = "\(title): \(test["description"]?.string ?? "") \(all)"
                        #expect(contract.isValid(root, using: scratch) == expected, about)
                        #expect((first == nil) == expected, about)
                        #expect(all.isEmpty == expected, about)
                    }
                }
            }
        }
        #expect(count == cases)
    }

    /// The suite of an older draft names no `$schema`, which would make every schema draft-07.
    static func schema(_ group: JSON, _ draft: SchemaDraft) throws -> JSON {
        let schema = try #require(group["schema"])
        guard let members = schema.members, schema["$schema"] == nil else { return schema }
        return .object([("$schema", .string(draft.metaschemaURI))] + members)
    }

    static func resolver(remotes: URL) -> SchemaResolver {
        SchemaResolver { uri in
            let prefix = "http://localhost:1234/"
            guard uri.hasPrefix(prefix) else { return nil }
            let file = remotes.appending(path: String(uri.dropFirst(prefix.count)))
            guard FileManager.default.fileExists(atPath: file.path) else { return nil }
            return [UInt8](try Data(contentsOf: file))
        }
    }
}
