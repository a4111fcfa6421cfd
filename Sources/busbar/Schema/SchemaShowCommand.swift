internal import ArgumentParser
internal import Contracts
internal import JSON

/// `busbar schema show`: one version of a contract.
struct SchemaShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a contract: the newest version, or the one that is named.",
        discussion: """
            Example: busbar schema show github.issues@v2

            Prints the schema as it is in the file. With --json it is one object: {"v":1, "subject", "version", "latest", \
            "draft", "compatibility", "owner", "schema"}.

            Exit codes: 0 done, 64 usage, 78 the contract cannot be used.
            """
    )

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(help: ArgumentHelp("SUBJECT[@vN].", valueName: "subject"))
    var subject: String

    func run() async throws {
        try await reportingFailures {
            do throws(ContractError) {
                let reference = try SchemaReference(subject)
                let store = try ContractStore(folder: schemas)
                let found = try store.subject(reference.subject)
                let schema = try store.compared(found.name, version: reference.version ?? found.latest)
                if json { return Output.line(Self.json(found, schema)) }
                let endsLine = schema.bytes.last == UInt8(ascii: "\n")
                Output.bytes(schema.bytes + (endsLine ? [] : [UInt8(ascii: "\n")]))
            } catch {
                throw CommandFailure(error.code == .invalidReference ? .usage : .configuration, "\(error)")
            }
        }
    }

    private static func json(_ subject: ContractStore.Subject, _ schema: ComparedSchema) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("subject", subject.name.name)
            writer.member("version", schema.version ?? subject.latest)
            writer.member("latest", subject.latest)
            writer.member("draft", schema.draft.rawValue)
            writer.member("compatibility", subject.description.compatibility.rawValue)
            writer.member("owner", subject.description.owner)
            writer.member("schema", schema.json)
        }
        return writer.text
    }
}
