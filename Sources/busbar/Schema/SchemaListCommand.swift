internal import ArgumentParser
internal import Contracts
internal import JSON

/// `busbar schema list`: the contracts of a folder.
struct SchemaListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the subjects of the folder of contracts.",
        discussion: """
            Example: busbar schema list

            With --json, each is a line: {"v":1, "subject", "latest", "compatibility", "owner", "topics", "description"}.

            Exit codes: 0 done, 64 usage, 78 the folder cannot be used.
            """
    )

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Print as JSON.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let subjects: [ContractStore.Subject]
            do throws(ContractError) {
                subjects = try ContractStore(folder: schemas).subjects
            } catch {
                throw CommandFailure(.configuration, "\(error)")
            }
            let width = subjects.map(\.name.name.count).max() ?? 0
            for subject in subjects { Output.line(json ? Self.json(subject) : Self.text(subject, width)) }
            if !json { Output.note(counted(subjects.count, "subject")) }
        }
    }

    private static func text(_ subject: ContractStore.Subject, _ width: Int) -> String {
        let name = subject.name.name
        let padding = String(repeating: " ", count: width - name.count)
        return "\(name)\(padding)  v\(subject.latest)  \(subject.description.compatibility.rawValue)  "
            + subject.description.owner
    }

    private static func json(_ subject: ContractStore.Subject) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("v", 1)
            writer.member("subject", subject.name.name)
            writer.member("latest", subject.latest)
            writer.member("compatibility", subject.description.compatibility.rawValue)
            writer.member("owner", subject.description.owner)
            writer.array("topics") { writer in
                for topic in subject.description.topics { writer.value(topic) }
            }
            writer.member("description", subject.description.description.map(JSON.string) ?? .null)
        }
        return writer.text
    }
}
