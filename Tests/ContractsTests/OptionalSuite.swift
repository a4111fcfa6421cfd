import Contracts
import Foundation
import JSON
import Testing

/// The optional tests of JSON-Schema-Test-Suite, which are in `Tests/SchemaSuite`.
struct OptionalSuite {
    struct Group {
        let file: String
        let draft: SchemaDraft
        let description: String
        let schema: JSON
        let tests: [(description: String, data: JSON, isValid: Bool?, output: JSON?)]

        /// The schema with the `$schema` that its draft would have.
        var contractSchema: JSON {
            guard let members = schema.members, schema["$schema"] == nil else { return schema }
            return .object([("$schema", .string(draft.metaschemaURI))] + members)
        }
    }

    static let drafts: [String: SchemaDraft] = [
        "draft4": .draft4, "draft6": .draft6, "draft7": .draft7, "draft2019-09": .draft201909,
        "draft2020-12": .draft202012,
    ]

    /// The groups of one of the files, one for each draft that a group is in.
    static func groups(_ file: String) throws -> [Group] {
        try lines(file).flatMap { line in
            try #require(line["drafts"]?.elements).map { draft in
                Group(
                    file: line["file"]?.string ?? "",
                    draft: try #require(drafts[draft.string ?? ""]),
                    description: line["description"]?.string ?? "",
                    schema: try #require(line["schema"]),
                    tests: try #require(line["tests"]?.elements).map { test in
                        (
                            test["description"]?.string ?? "", try #require(test["data"]), test["valid"]?.boolValue,
                            test["output"]
                        )
                    }
                )
            }
        }
    }

    /// Serves what the tests refer to.
    static func resolver() throws -> SchemaResolver {
        var documents: [String: [UInt8]] = [:]
        for line in try lines("remotes.ndjson") {
            documents[try #require(line["uri"]?.string)] = try #require(line["document"]).bytes
        }
        let known = documents
        return SchemaResolver { known[$0] }
    }

    private static func lines(_ file: String) throws -> [JSON] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: "SchemaSuite/\(file)")))
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: [UInt8]($0)) }
    }
}
