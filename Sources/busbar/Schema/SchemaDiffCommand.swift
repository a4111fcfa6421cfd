internal import ArgumentParser
internal import Contracts

/// `busbar schema diff`: what has changed between two schemas, and what that breaks.
struct SchemaDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares two schemas and says whether the change is compatible.",
        discussion: """
            Example: busbar schema diff orders@v1 orders.schema.json --level full

            Each side is a file, or SUBJECT[@vN] of the folder of contracts. Level backward: what the old schema accepts, \
            the new one accepts; forward: the other way round; full: both. Policy sound asks just that and shows a \
            document that proves a refusal; confluent finds the differences that Confluent's registry finds, under its \
            names, with its verdict; lenient is confluent with compatibilityPolicy LENIENT.

            With --json one object is printed: {"verdict":"compatible"|"incompatible"|"unknown", "differences":[{"rule", \
            "path", "old", "new", "counterexample", "advice":["…"], "effect", "direction", "old_pointer", "new_pointer", \
            "reason", "error"}]}. Harmless differences are listed too; their effect is "compatible".

            Exit codes: 0 compatible, 2 incompatible or unknown, 64 usage, 78 a schema cannot be used.
            """
    )

    /// The levels that speak of two schemas.
    enum Level: String, CaseIterable, ExpressibleByArgument {
        case backward, forward, full

        var compatibility: CompatibilityLevel {
            switch self {
            case .backward: .backward
            case .forward: .forward
            case .full: .full
            }
        }
    }

    @Option(help: "What is to be kept.")
    var level = Level.backward

    @Option(help: "By which rules.")
    var policy = CompatibilityPolicy.sound

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Flag(help: "Print one JSON object.")
    var json = false

    @Argument(help: ArgumentHelp("The schema that is in use: a file or SUBJECT[@vN].", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The schema that is to follow: a file or SUBJECT[@vN].", valueName: "new"))
    var new: String

    func run() async throws {
        try await reportingFailures {
            let (old, new) = (try ComparedSource(old, schemas: schemas), try ComparedSource(new, schemas: schemas))
            let level = level.compatibility
            let check = CompatibilityCheck(of: new.schema, after: [old.schema], level: level, policy: policy)
            let view = try DifferenceView(check, old: old, new: new, style: Style())
            if json {
                Output.line(view.json)
            } else {
                Output.bytes(Array(view.text(level: level, policy: policy).utf8))
                Output.note(view.summary)
            }
            if check.verdict != .compatible { throw ExitCode.found }
        }
    }
}

extension CompatibilityPolicy: ExpressibleByArgument {}
