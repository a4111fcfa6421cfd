import Foundation
import Testing

@Suite(.enabled(if: Command.isBuilt, Command.absence), .timeLimit(.minutes(2)))
struct SchemaCheckTests {
    private static let v1 =
        #"{"$id":"x","$schema":"http://json-schema.org/draft-07/schema#","type":"object","#
        + #""properties":{"id":{"type":"string"},"note":{"type":"string"}},"additionalProperties":false}"#
    private static let v2 = Self.v1.replacing(#","note":{"type":"string"}"#, with: "")
    private static let files = [
        "schemas/orders/subject.yaml": "owner: shop\ntopics: [orders]\n", "schemas/orders/v1.json": Self.v1,
        "connectors/notes.yaml": """
        connector: notes
        description: Keeps notes.
        owner: shop
        from: { kafka: { topic: orders } }
        contract: orders
        steps:
          - filter: '.note != null'
        to:
          kafka: { topic: orders.kept }
        """,
    ]

    /// `git` as nobody in particular.
    private static let identity = [
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    ]

    private static func git(_ busbar: Command, _ arguments: String...) async throws {
        let result = try await RunningCommand(
            URL(filePath: "/usr/bin/git"),
            arguments,
            in: busbar.folder,
            input: "",
            environment: identity
        ).result()
        try #require(result.status == 0, "\(result.errors)")
    }

    private static func inRepository(_ body: (Command) async throws -> Void) async throws {
        try await Command.inFolder(files) { busbar in
            try await git(busbar, "init", "-q", "-b", "main")
            try await git(busbar, "add", "-A")
            try await git(busbar, "commit", "-q", "-m", "first")
            try await git(busbar, "checkout", "-q", "-b", "feature")
            try await body(busbar)
        }
    }

    private static func write(_ text: String, to path: String, _ busbar: Command) throws {
        try Data(text.utf8).write(to: busbar.folder.appending(path: path))
    }

    @Test func aBranchThatChangesNothingIsFine() async throws {
        try await Self.inRepository { busbar in
            let result = try await busbar.run("schema", "check")
            #expect(result.output == "")
            #expect(
                result.errors.hasPrefix(
                    "0 errors, 0 warnings in 0 of 1 subject; 0 changed against git main (merge base "
                )
            )
            #expect(result.status == 0)
        }
    }

    @Test func aFieldThatGoesAwayIsRefusedWithTheConnectorThatReadsIt() async throws {
        try await Self.inRepository { busbar in
            try Self.write(Self.v2, to: "schemas/orders/v2.json", busbar)
            let result = try await busbar.run("schema", "check")
            #expect(
                result.output.hasPrefix(
                    """
                    schemas/orders  new: v2   level backward, policy sound
                      ERROR    PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL  #/properties/note  schemas/orders/v2.json:1:
                    """
                ),
                "\(result.output)"
            )
            #expect(result.output.contains(#"data that breaks: {"note":"#))
            #expect(result.output.contains("\n  ERROR    FIELD_READ_GONE  connectors/notes.yaml:7:13\n"))
            #expect(result.status == 2)
            let github = try await busbar.run("schema", "check", "--format", "github")
            #expect(github.output.hasPrefix("::error file=schemas/orders/v2.json,line=1,col="))
            #expect(github.status == 2)
            let other = try await busbar.run(
                "schema",
                "check",
                "schemas/orders",
                "--level",
                "forward",
                "--connectors",
                "schemas"
            )
            #expect(other.status == 0, "\(other.output)\(other.errors)")
        }
    }

    /// What README.md shows in four spaces, from the folder's name on.
    private static let shown: [String] = {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let readme = FileManager.default.contents(atPath: root.appending(path: "README.md").path) ?? Data()
        let lines = String(decoding: readme, as: UTF8.self).components(separatedBy: "\n")
        return lines.drop { !$0.hasPrefix("    schemas/orders  new: ") }.prefix { $0.hasPrefix("    ") }
            .map { String($0.dropFirst(4)) }
    }()

    @Test func theREADMEShowsWhatIsPrinted() async throws {
        let v1 = """
            {
              "$id": "https://example.org/orders/v1.json",
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "type": "object",
              "required": ["id"],
              "properties": {
                "id": { "type": "string" },
                "note": { "type": "string" }
              },
              "additionalProperties": false
            }
            """
        let files = [
            "schemas/orders/subject.yaml": "owner: shop\n", "schemas/orders/v1.json": v1,
            "schemas/orders/v2.json": v1.replacing(#"["id"]"#, with: #"["id", "note"]"#),
        ]
        try await Command.inFolder(files) { busbar in
            let result = try await busbar.run("schema", "check", "--base", "none")
            let lines = result.output.components(separatedBy: "\n")
            // There the first version is released, here both are new.
            #expect(lines[0].replacing("new: v1, v2", with: "new: v2") == Self.shown.first)
            #expect(Self.shown.count == 6)
            #expect(lines.dropFirst().starts(with: Self.shown.dropFirst()), "\(result.output)")
        }
    }

    @Test func warningsCountWhereTheCommandSaysSo() async throws {
        try await Self.inRepository { busbar in
            try Self.write("owner: shop\ncompatibility: none\n", to: "schemas/orders/subject.yaml", busbar)
            let loose = try await busbar.run("schema", "check", "--format", "json")
            #expect(loose.output.hasPrefix(#"{"v":1,"rule":"LEVEL_LOWERED","severity":"warning","subject":"orders","#))
            #expect(loose.status == 0)
            #expect(try await busbar.run("schema", "check", "--strict").status == 2)
        }
    }

    @Test func withoutGitAnotherBaseIsAskedFor() async throws {
        try await Self.inRepository { busbar in
            let result = try await busbar.run("schema", "check", environment: ["PATH": "/nowhere"])
            #expect(
                result.errors.hasPrefix("busbar: there is no git on this machine; install it, or name"),
                "\(result.errors)"
            )
            #expect(result.status == 78)
            #expect(
                try await busbar.run("schema", "check", "--base", "none", environment: ["PATH": "/nowhere"]).status == 0
            )
        }
    }

    @Test func aFolderIsABaseToo() async throws {
        try await Command.inFolder(
            Self.files.merging(["old/orders/v1.json": Self.v2, "old/users/v1.json": "{}"]) { $1 }
        ) {
            busbar in
            let result = try await busbar.run("schema", "check", "--base", "dir:old", "--format", "junit")
            #expect(result.output.contains("VERSION_EDITED"))
            #expect(result.output.contains("SUBJECT_DELETED"))
            #expect(result.status == 2)
            let none = try await busbar.run("schema", "check", "--base", "none", "--format", "sarif")
            #expect(
                none.output.hasPrefix(#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","#)
            )
            #expect(none.status == 0)
        }
    }

    @Test(arguments: [
        (["--base", "main"], Int32(64), "busbar: 'main' names no base: write git:REF"),
        (["nowhere"], 64, "busbar: nowhere: there is no such file or folder"),
        (["--connectors", "nowhere"], 64, "busbar: nowhere: there is no such file or folder"),
        (["--level", "loose"], 64, "Error: The value 'loose' is invalid for '--level <level>'"),
        ([], 78, "busbar: schemas: git does not take it for a folder of a repository"),
        (["--base", "registry:http://127.0.0.1:1"], 78, "busbar: "),
    ])
    func whatCannotBeCheckedIsSaid(_ arguments: [String], _ status: Int32, _ errors: String) async throws {
        try await Command.inFolder(Self.files) { busbar in
            let result = try await busbar.start(["schema", "check"] + arguments).result()
            #expect(result.errors.hasPrefix(errors), "\(result.errors)")
            #expect(result.output == "")
            #expect(result.status == status)
        }
    }
}
