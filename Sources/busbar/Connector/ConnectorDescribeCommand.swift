internal import ArgumentParser
internal import ConnectorKit

/// `busbar connector describe`: a connector with everything its file leaves unsaid.
struct ConnectorDescribeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Prints a connector's settings as they take effect, with defaults.",
        discussion: """
            Example: busbar connector describe connectors/github-events.yaml

            References stand as they are written; secrets show as ***. With --json, one object: {"v":1, "file", \
            "connector":{…}}.

            Exit codes: 0 done, 64 usage, 78 the file has errors.
            """
    )

    @Flag(help: "Print as JSON.")
    var json = false

    @Option(help: "Folder of the contracts.")
    var schemas = "schemas"

    @Argument(help: "A connector file.")
    var file: String

    func run() async throws {
        try await reportingFailures {
            for definition in try ConnectorFiles(paths: [file], schemas: schemas).definitions() {
                let settings = EffectiveSettings(definition)
                Output.line(json ? settings.json : settings.yaml)
            }
        }
    }
}
