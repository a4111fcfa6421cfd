internal import ArgumentParser
internal import Contracts
internal import Foundation
internal import RegistryClient

/// `busbar schema register`: contracts into a registry.
struct SchemaRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Registers contracts of the folder, or a file, at a schema registry.",
        discussion: """
            Example: busbar schema register orders --registry http://localhost:8081 --dry-run

            Of each subject all versions in order, or the one that is named; before a version what it refers to. What the \
            registry has already stays as it is, so that the command can be repeated. A file needs --subject. Any registry \
            with Confluent's API will do. When it refuses a version, its reasons are shown with a document that busbar finds \
            against it, and versions that would follow are not tried. The first version of a subject is linted.

            A user's password is BUSBAR_REGISTRY_PASSWORD, a bearer token BUSBAR_REGISTRY_TOKEN, or both are in the settings \
            file.

            With --json, each version is a line: {"v":1, "source", "subject", "state", "id", "version", "note"}, where state \
            is registered, unchanged, planned or refused; refused with "level", "messages", "differences" and \
            "counterexample".

            Exit codes: 0 done, 1 failed, 2 a version is refused as incompatible, 64 usage, 78 configuration.
            """
    )

    @OptionGroup var registry: RegistryOptions

    @Option(help: ArgumentHelp("Name in the registry, where it is not the folder's.", valueName: "name"))
    var subject: String?

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Have the registry take schemas that differ in the order of members only for the same.")
    var normalize = false

    @Flag(help: "Ask and compare, register nothing.")
    var dryRun = false

    @Flag(help: "Print the result as JSON.")
    var json = false

    @Argument(
        help: ArgumentHelp("SUBJECT[@vN], or one file; every subject when left out.", valueName: "subject-or-file")
    )
    var sources: [String] = []

    func validate() throws {
        let files = sources.filter { ComparedSource.isFile($0) }
        if !files.isEmpty, sources.count > 1 || subject == nil {
            throw ValidationError("register one file at a time, and say as what: --subject NAME")
        }
        let subjects = Set(sources.map { $0.prefix { $0 != "@" } })
        if subject != nil, subjects.count != 1 { throw ValidationError("--subject is for one subject or file") }
    }

    func run() async throws {
        try await reportingFailures {
            let plan = try plan()
            let registration = Registration(try registry.client(), isNormalized: normalize, isDryRun: dryRun)
            let view = RegistrationView(style: Style())
            var outcomes: [RegistrationOutcome] = []
            for step in plan.steps {
                let outcome = try await registration.perform(step)
                outcomes.append(outcome)
                if json {
                    Output.line(view.json(outcome))
                } else {
                    Output.bytes(Array(try view.text(outcome).utf8))
                }
                for note in try LintView(outcome.findings, in: step.schema, file: step.file).lines(Style()) {
                    Output.note(note)
                }
                if outcome.state == .refused { break }
            }
            Output.note(RegistrationView.summary(outcomes))
            if outcomes.contains(where: { $0.state == .refused }) { throw ExitCode.found }
        }
    }

    private func plan() throws -> RegistrationPlan {
        if let source = sources.first, let subject, ComparedSource.isFile(source) {
            return try RegistrationPlan(file: source, subject: subject, schemas: schemas)
        }
        return try RegistrationPlan(sources, schemas: schemas, subject: subject)
    }
}
