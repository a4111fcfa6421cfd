internal import ArgumentParser
internal import Contracts
internal import JSON

/// `busbar schema lint`: what will a contract regret?
struct SchemaLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Says what the first version of a contract should settle.",
        discussion: """
            Example: busbar schema lint orders

            What stands here cannot be changed by a later version without being refused at the subject's level: open and \
            closed objects, numbers without bounds, a missing $id or draft, keywords of another draft. Of a subject the \
            newest version is looked at, unless one is named.

            With --json, each finding is a line: {"v":1, "rule", "severity", "file", "line", "column", "pointer", "message", \
            "fix"}.

            Exit codes: 0 nothing found, 2 findings, 64 usage, 78 a contract cannot be used.
            """
    )

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Option(help: "Level that is to be kept, in place of the subject's; of a file, backward.")
    var level: CompatibilityLevel?

    @Flag(help: "Print findings as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("SUBJECT[@vN] or files; every subject when left out.", valueName: "subject-or-file"))
    var sources: [String] = []

    func run() async throws {
        try await reportingFailures {
            var found = 0
            let sources = try sources.isEmpty ? allSubjects() : sources
            for name in sources {
                let source = try ComparedSource(name, schemas: schemas)
                let findings = SchemaLint.findings(in: source.schema, level: try level ?? self.level(of: name))
                let view = try LintView(findings, in: source.schema, file: source.file)
                for line in json ? view.json : view.lines(Style()) { Output.line(line) }
                found += findings.count
            }
            Output.note("\(counted(sources.count, "contract")): \(counted(found, "finding"))")
            if found > 0 { throw ExitCode.found }
        }
    }

    private func allSubjects() throws -> [String] {
        do throws(ContractError) {
            return try ContractStore(folder: schemas).subjects.map(\.name.name)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    /// Of a subject what its `subject.yaml` says.
    private func level(of name: String) throws -> CompatibilityLevel {
        if ComparedSource.isFile(name) { return .backward }
        do throws(ContractError) {
            let subject = try SchemaReference(name).subject
            return try ContractStore(folder: schemas).subject(subject).description.compatibility
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }
}
